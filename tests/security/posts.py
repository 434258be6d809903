"""One well-formed POST of every form that writes, what a forger adds to it, and what it then changes.

The data of a post holds every field that the form offers: whatever else the database changes by is a hole.
"""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, cached_property

import time_machine
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections, models, reset_queries
from django.db.models import FileField
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from customers.models import DeskForm
from customers.proposals import propose
from journal.kinds import Group
from tests import access_matrix as rows
from tests.test_access import undone, writes
from tests.world import PASSWORD

UUID = "11111111-2222-4333-8444-555555555555"
DAY = "2026-01-05"


@dataclass(frozen=True)
class Post:
    name: str
    who: str
    data: Callable
    args: Callable = lambda world: ()

    def __str__(self):
        return f"{self.name} by {self.who}"


def lines(contact, **more):
    """The contact lines of a form with one contact, as its browser sends them."""
    values = {"pk": "", "name": "王芳", "role": "purchasing", "title": "采购", "phones": "138 1111 2222",
              "emails": "wang@example.com"}  # fmt: skip
    values |= {"pk": contact.pk, "name": "李娜", "phones": "139 1002 0001"} if contact else {}
    count = {"contacts-TOTAL_FORMS": "1", "contacts-INITIAL_FORMS": "1" if contact else "0"}
    return count | {f"contacts-0-{name}": value for name, value in (values | more).items()}


def codes(world):
    return {
        name: apps.get_model("customers", model).objects.first().pk
        for name, model in (("industry", "Industry"), ("size", "CompanySize"), ("business_type", "BusinessType"))
    }


def identity(**more):
    return {"name": "海天纸业有限公司", "kind": "company", "credit_code": "", "credit_code_confirmed": "",
            "country": "CN", "province": "", "city": "", "district": "", "address": "新街 2 号",
            "different_because": ""} | more  # fmt: skip


def registration(world):
    fields = identity() | codes(world) | lines(None)
    return fields | {
        "serial": "0000777", "received_at": f"{DAY}T10:20", "received_by": world.clerk.pk, "branch": world.east.pk,
        "source": "walk_in", "needs": "名片", "preferences": "快", "remarks": "客户很急", "consents": "service",
        "submission": UUID, "pins": "", "typed_by": world.clerk.pk, "typed_on": "",
    }  # fmt: skip


def desk_confirmation(world):
    left_out = ("serial", "received_at", "received_by", "branch", "consents", "submission")
    return {name: value for name, value in registration(world).items() if name not in left_out}


def block(**values):
    """A block of `ours`: what stood there, version and reason with it."""

    def data(world):
        said = values | {"version": world.ours.version, "reason": "核对"}
        return said | {f"initial-{name}": "" for name in values}

    return data


def fair(world):
    """One without members."""
    values = {"starts_on": DAY, "created_at": timezone.now(), "created_by": world.people["marketing"]}
    return (apps.get_model("customers.Campaign").objects.create(name="空展会", **values).pk,)


def cards(world):
    """One row of a fair's grid, of somebody who is new."""
    row = {"name": "海天纸业有限公司", "contact": "王芳", "title": "采购", "phones": "138 1111 2222",
           "emails": "wang@example.com", "unit": "", "need": "画册", "remark": "展位", "same": "",
           "different_because": ""}  # fmt: skip
    head = {"submission": UUID, "unit": world.east.pk, "rows": "", "typed_by": "", "typed_on": "", "sheet": "",
            "cards-TOTAL_FORMS": "1", "cards-INITIAL_FORMS": "0"}  # fmt: skip
    return head | {f"cards-0-{name}": value for name, value in row.items()}


def identity_block(world):
    data = block(**identity(name=world.ours.name))(world)
    return data | lines(world.ours.contacts.get(), title="主管")


def proposal_of_owner(world):
    """Of the sales representative about a customer in nobody's charge, so that the accountant decides."""
    by = world.people["clerk"]
    return (propose(world.ours, fields={"address": "提议街 3 号"}, why="搬了", by=by, at=timezone.now()).pk,)


def answer(**how):
    return lambda world: {"version": world.ours.version, "word": "好", "different_because": "", "from": ""} | how


def absence_days(world):
    today = timezone.localdate()
    return {"starts_on": today, "ends_on": today + timedelta(days=3), "deputy": world.clerk.pk, "note": "休假"}


def absence_of_accountant(world):
    today = timezone.localdate()
    row = apps.get_model("staff.Absence").objects.create(
        person=world.accountant, deputy=world.owner, starts_on=today, ends_on=today + timedelta(days=1)
    )
    return (row.pk,)


def upload(world):
    return {"files": SimpleUploadedFile("合同.pdf", b"%PDF-1.7 x", content_type="text/html")}


def notice(world):
    return {"title": "新价目", "kind": "price", "body": "见附件", "audience": "units", "units": world.east.pk,
            "expires_on": "2027-01-05", "version": ""}  # fmt: skip


def notice_of_manager(world):
    values = {"kind": "price", "audience": "units", "body": "x", "author": world.manager, "created_at": timezone.now()}
    row = apps.get_model("journal.Notice").objects.create(title="店内", **values)
    row.units.add(world.east)
    return (row.pk,)


def published_notice(world):
    (pk,) = notice_of_manager(world)
    apps.get_model("journal.Notice").objects.filter(pk=pk).update(published_at=timezone.now())
    return (pk,)


def form_on_the_phone(world):
    return {
        "name": "海天纸业有限公司", "kind": "company", "credit_code": "", "contact": "王芳", "title": "采购",
        "phone": "138 1111 2222", "email": "", "address": "中山路 1 号", "needs": "名片", "service": "on",
        "submission": UUID, "marketing": "", "survey": "",
    }  # fmt: skip


def sent(world):
    values = {"branch": world.east, "name": "扫码客户", "contact": "王芳", "phone": "13811112222",
              "consents": ["service"], "sent_at": timezone.now(), "submission": UUID}  # fmt: skip
    return (DeskForm.objects.create(**values).pk,)


def push(world):
    groups = {f"email_{group.value}": "important" for group in Group}
    return {"language": "en", "quiet_from": "22:00", "quiet_until": "07:00", "hold_important": "on"} | groups


def purchase_of_locked_month(world):
    """Its month locks from a day of going live on that was long ago."""
    (pk,) = rows.purchase(world)
    apps.get_model("customers.Purchase").objects.filter(pk=pk).update(bought_on=DAY)
    apps.get_model("policy.RuleValue").objects.get_or_create(
        rule="customers.go_live",
        starts_on=timezone.localdate(),
        defaults={"value": DAY, "reason": "上线", "set_by": world.administrator, "set_at": timezone.now()},
    )
    return (pk,)


ours = rows.of("ours")
POSTS = [
    Post("customers:register", "clerk", registration),
    Post("customers:register", "owner", registration),
    Post("customers:edit_block", "owner", identity_block, rows.of("ours", "identity")),
    Post("customers:edit_block", "accountant", lambda world: block(
        **codes(world), source="online", needs="画册")(world), rows.of("ours", "business")),
    Post("customers:edit_block", "owner", block(preferences="快", remarks="急"), rows.of("ours", "interaction")),
    Post("customers:edit_block", "owner", block(**{"own-grade": "甲"}), rows.of("ours", "own")),
    Post("customers:propose_block", "clerk", identity_block, rows.of("ours", "identity")),
    Post("customers:propose_block", "clerk", block(preferences="快", remarks="急"), rows.of("ours", "interaction")),
    Post("customers:propose_block", "clerk", block(**{"own-grade": "甲"}), rows.of("ours", "own")),
    Post("customers:proposal", "accountant", answer(), proposal_of_owner),
    Post("customers:proposal", "owner", answer(decline="1"), proposal_of_owner),
    Post("customers:consent_new", "clerk", lambda world: {
        "answer": "no", "purpose": "survey", "channel": "phone", "given_on": DAY, "note": "来电"}, ours),
    Post("customers:consent_withdraw", "clerk", lambda world: {"note": "来电"}, rows.consent),
    Post("customers:note_new", "owner", lambda world: {"text": "周五回电"}, ours),
    Post("customers:note_edit", "accountant", lambda world: {"text": "改了"}, rows.note_of_accountant),
    Post("customers:file_new", "clerk", upload, ours),
    Post("customers:file_remove", "accountant", lambda world: {"because": "传错"}, rows.file_of_accountant),
    Post("desk_form", "signed_out", form_on_the_phone, rows.desk_link),
    Post("customers:desk_confirm", "clerk", desk_confirmation, sent),
    Post("customers:desk_dismiss", "clerk", lambda world: {"reason": "试填"}, sent),
    Post("customers:receive", "clerk", lambda world: {
        "receipt-serial": "0000778", "receipt-received_at": f"{DAY}T10:20", "receipt-branch": world.east.pk}),
    Post("customers:strike", "accountant", lambda world: {"reason": "记错"}, rows.noted),
    Post("customers:checkout_check", "accountant", lambda world: codes(world) | {
        "version": world.ours.version, "emails": "wang@example.com", "needs": "画册", "preferences": "快",
        "credit_code": "", "credit_code_confirmed": "", "different_because": "", "address": "新街 2 号",
        "contact_name": "", "phones": "", "purchasing_contact": "", "province": "", "city": "", "district": ""}, ours),
    Post("customers:book_new", "accountant", lambda world: {
        "branch": world.east.pk, "first": "0000901", "last": "0000905"}),
    Post("customers:book_issue", "accountant", lambda world: {"to": world.clerk.pk}, rows.form_book),
    Post("customers:book_spoil", "accountant", lambda world: {"serial": "2", "reason": "印坏"}, rows.form_book),
    Post("customers:contact_back", "accountant", lambda world: {"different_because": ""}, rows.former_of("ours")),
    Post("customers:archive", "accountant", lambda world: {"version": world.ours.version, "reason": "歇业"}, ours),
    Post("customers:parent", "accountant", lambda world: {
        "version": world.ours.version, "parent": world.unowned.pk}, ours),
    Post("customers:owner", "manager", lambda world: {
        "version": world.ours.version, "owner": world.colleague.pk, "reason": "调整"}, ours),
    Post("customers:assign", "manager", lambda world: {
        "customer": f"{world.ours.pk}:{world.ours.version}", "owner": world.colleague.pk, "reason": "调整",
        "step": "confirm", "list": "sort=newest"}),
    Post("customers:tip_new", "clerk", lambda world: {
        "text": "听说要搬", "about": world.ours.name, "customer": world.ours.pk, "department": ""}),
    Post("customers:tip", "finance", lambda world: {"answer": "知道了"}, rows.tip_for_finance),
    Post("customers:purchase_new", "accountant", lambda world: rows.a_purchase(world) | {
        "seller": world.owner.pk, "remarks": "急", "lines-0-quantity": "2"}),
    Post("customers:purchase_edit", "accountant", lambda world: rows.purchase_as_it_is(
        world, bought_on=DAY, document_number="BUY-19", product="海报", quantity="3", amount="90", remarks="改",
        seller=world.owner.pk), rows.purchase),
    Post("customers:purchase_remove", "accountant", rows.purchase_as_it_is, rows.purchase),
    Post("customers:purchase_correct", "accountant", lambda world: rows.purchase_as_it_is(world, amount="80"),
         purchase_of_locked_month),
    Post("customers:correction", "manager", lambda world: {"word": "好", "approve": "1"}, rows.correction),
    Post("customers:correction", "manager", lambda world: {"word": "不", "decline": "1"}, rows.correction),
    Post("customers:campaign_new", "marketing", lambda world: {
        "name": "春季展", "kind": "fair", "starts_on": DAY, "ends_on": DAY, "place": "北京"}),
    Post("customers:campaign_edit", "marketing", lambda world: {
        "name": "春季展", "kind": "other", "starts_on": DAY, "ends_on": DAY, "place": "北京"}, fair),
    Post("customers:fair_cards", "inspector", cards, fair),
    Post("customers:columns", "clerk", lambda world: {
        "columns": "name", "view": "", "choices": "sort=name", "q": ""}),
    Post("customers:view_save", "clerk", lambda world: {
        "name": "我的", "view": "", "choices": "sort=name&tier=normal"}),
    Post("account_profile", "clerk", lambda world: {"email": "me@example.com", "phone": "13800138000"}),
    Post("account_password", "clerk", lambda world: {
        "old_password": PASSWORD, "new_password1": "quite another word", "new_password2": "quite another word"}),
    Post("journal:push_settings", "owner", push),
    Post("journal:notice_new", "manager", notice),
    Post("journal:notice_edit", "manager", lambda world: notice(world) | {"version": 1}, notice_of_manager),
    Post("journal:notice_publish", "manager", lambda world: {"version": 1}, notice_of_manager),
    Post("journal:notice_withdraw", "manager", lambda world: {"because": "写错"}, published_notice),
    Post("journal:notice_read", "clerk", lambda world: {}, published_notice),
    Post("journal:export_new", "accountant", lambda world: {"purpose": "盘点", "format": "csv", "columns": "name"},
         lambda world: ("customers",)),
    Post("staff:absence_new", "accountant", absence_days),
    Post("staff:absence_new", "manager", lambda world: absence_days(world) | {"person": world.accountant.pk}),
    Post("staff:absence_edit", "manager", absence_days, absence_of_accountant),
    Post("staff:device_check", "clerk", lambda world: dict.fromkeys(
        ("antivirus", "updates", "locked", "no_copies"), "on")),
    Post("policy:clock_waive", "manager", lambda world: {"reason": "天气"}, rows.running_clock),
    Post("staff:person_new", "administrator", lambda world: {
        "staff_number": "E777", "name": "新人", "email": "", "phone": "", "code": "clerk",
        "place": f"unit-{world.east.pk}", "area": "", "starts_on": DAY, "ends_on": ""}),
    Post("staff:person_edit", "administrator", lambda world: {
        "staff_number": "N001", "name": "无岗", "email": "n@example.com", "phone": ""}, rows.account),
    Post("staff:position_new", "administrator", lambda world: {
        "code": "clerk", "place": f"unit-{world.east.pk}", "area": "", "starts_on": DAY, "ends_on": ""}, rows.account),
]  # fmt: skip

# POST addresses that take nothing but the press of a button, or that change no row at all.
NO_FORM = {
    "customers:search", "customers:check", "customers:recognise", "customers:parent_find", "customers:tip_find",
    "customers:purchase_find", "customers:purchases",
    "customers:checkout", "customers:reveal", "customers:cards", "customers:fair_check",  # answer only
    "customers:fair_draft",
    "customers:draft_save",  # keeps what was typed, whatever it is, for its writer: probed by itself
    "customers:view_delete", "customers:draft_discard", "customers:book_return", "customers:book_unspoil",
    "customers:campaign_close", "customers:campaign_reopen", "customers:fair_discard",
    "customers:restore", "journal:notifications_read", "journal:notification_open", "journal:export_end",
    "journal:unsubscribe", "staff:absence_end", "policy:handbook_confirm",  # buttons
    "account_sessions_end", "account_session_end", "sign_out", "language", "theme",
    "sign_in", "second_step", "welcome", "account_two_step_on", "account_two_step_off", "account_recovery_codes",
}  # fmt: skip

CERTAIN = {
    "is_staff": "on", "is_superuser": "on", "is_active": "on", "position": "administrator", "code": "administrator",
    "permissions": "all", "groups": "1", "verb": "people_manage", "pk": "1", "id": "1", "custom": '{"grade": "FORGED"}',
    "custom[grade]": "FORGED", "custom.grade": "FORGED", "own-no-such-field": "FORGED", "missing": "[]",
}  # fmt: skip


@dataclass
class Outcome:
    """What one request did: its answer, and all rows that are not as they were."""

    answer: object
    changed: dict
    body: str

    @cached_property
    def pointers(self):
        """(model, key) of every foreign key in a changed row."""
        return {
            (column.remote_field.model, row[column.attname])
            for model, found in self.changed.items()
            for row in found.values()
            for column in model._meta.concrete_fields
            if column.is_relation and row and row[column.attname] is not None
        }


class Forge:
    """Sends posts in a world that is always the same, and says what they change."""

    def __init__(self, world, west, clients):
        self.world, self.west, self.clients = world, west, clients
        self.at = timezone.now()
        self.sequences, self.sent = sequences(), {}
        self.before = {model: stored(model) for model in business_tables().values()}

    def plain(self, post):
        """What the post changes as its form sends it; sent once."""
        if post not in self.sent:
            self.sent[post] = self.send(post)
        return self.sent[post]

    def send(self, post, follow=False, **changes):
        """Nothing that the request writes stays; the clock and the keys of new rows are the same each time."""
        self.rewind()
        client = self.clients[post.who]
        cookies = client.cookies.copy()
        with undone(), time_machine.travel(self.at, tick=False):
            path = reverse(post.name, args=post.args(self.world))
            data = {name: value for name, value in (post.data(self.world) | changes).items() if value is not None}
            with written() as statements:
                answer = client.post(path, data)
            body = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
            if follow and answer.status_code == 302:  # the page where one lands holds the word about what was done
                body += client.get(answer.url).content.decode()
            text = "\n".join(statements)
            models_written = [model for table, model in business_tables().items() if f'"{table}"' in text]
            changed = {model: self._changed(model) for model in models_written}
        client.cookies = cookies
        return Outcome(answer, {model: found for model, found in changed.items() if found}, body)

    def rewind(self):
        """New rows get the same keys in each run: a sequence does not roll back, and only its owner moves it."""
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT setval(s, v) FROM unnest(%s::regclass[], %s::bigint[]) AS stood (s, v)", self.sequences
            )

    def _changed(self, model):
        was, now = self.before[model], stored(model)
        return {pk: now.get(pk) for pk in was.keys() | now.keys() if now.get(pk) != was.get(pk)}

    def additions(self, models, data):
        """Every column of these models that the form does not offer, with a value that would do; where two have a
        column of one name, the last one's."""
        prefixes = {"", *(name.rpartition("-")[0] + "-" for name in data if "-0-" in name or "receipt-" in name)}
        columns = [column for model in models for column in model._meta.concrete_fields]
        return {
            prefix + name: self._value(column)
            for column in columns if not isinstance(column, FileField)
            for name in (column.name, column.attname)
            for prefix in prefixes if prefix + name not in data
        }  # fmt: skip

    def _value(self, column):
        if column.is_relation:
            return self.west.row_of(column.remote_field.model).pk
        if column.choices:
            return list(column.flatchoices)[-1][0]
        kinds = {
            models.BooleanField: "on", models.DateTimeField: "2020-01-01T00:00", models.DateField: "2020-01-01",
            models.IntegerField: "7", models.JSONField: '{"grade": "FORGED"}', models.UUIDField: UUID[::-1],
            models.EmailField: "forged@example.com",
        }  # fmt: skip
        return next((value for kind, value in kinds.items() if isinstance(column, kind)), "FORGED")


@contextmanager
def written():
    """A list that holds, afterwards, the statements that changed rows of anything but sessions and the access log."""
    found = []
    reset_queries()  # the log takes so many queries and no more
    with CaptureQueriesContext(connection) as seen:
        yield found
    assert seen.captured_queries, "nothing was asked, so nothing was watched"
    found += [sql for sql in writes(seen.captured_queries) if "journal_accesslog" not in sql]


RANDOM = ("password", "dedupe_key", "request_id")


def stored(model):
    """{key: row} of a table without what is random by design, names on the disk among it."""
    names = [
        column.attname for column in model._meta.concrete_fields
        if not isinstance(column, FileField) and column.name not in RANDOM
    ]  # fmt: skip
    return {row[model._meta.pk.attname]: row for row in model._base_manager.values(*names)}


@cache
def business_tables():
    """{table: model} of what people write; history follows by triggers, the access log and sessions are no records."""
    ours = ("staff", "journal", "policy", "customers")
    beside = ("staff.district", "policy.clause", "journal.accesslog", "staff.signedinsession")
    return {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ours
        and model._meta.label_lower not in beside
        and not model.__name__.endswith("Event")
    }


def sequences():
    """([sequence], [where it stands])."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT format('%I.%I', schemaname, sequencename), coalesce(last_value, 1) FROM pg_sequences")
        return tuple(map(list, zip(*cursor.fetchall(), strict=True)))
