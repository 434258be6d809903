"""What West has and East must not learn: one row of every kind, each with the same word in it.

`FOREIGN` names, for every URL with an argument, the rows of West that somebody of East may try there.
"""

from datetime import timedelta
from decimal import Decimal

from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.http import urlencode

from customers import books, checkout, consents, desk, purchases, receipts, search
from customers.actions import ContactEntry, FormEntry, register
from customers.models import (
    Campaign,
    CampaignEntry,
    Contact,
    CustomerFile,
    CustomerNote,
    Draft,
    Product,
    PurchaseAdjustment,
    SavedView,
    Source,
    Tip,
)
from customers.proposals import propose
from customers.values import phones
from journal.exports import actions as exporting
from journal.models import CustomerMessage, Delivery, ExportJob, GroupRobot, Notice, NoticeAttachment, Notification
from policy import clocks
from policy.models import CalendarDay
from staff.models import Absence, Area, Department, Position, SignedInSession
from staff.verbs import PositionCode
from tests.world import hire

WORD = "西溪机密"
PHONE, EMAIL = "13977770099", "xixijimi@example.com"
CREDIT_CODE = "91330106MA27XJ1T1P"
TELLING = (WORD, PHONE, "139 7777 0099", "139****0099", EMAIL, CREDIT_CODE)
BLOCKS = ("identity", "own")


class West:
    """West's rows, by name."""

    def __init__(self, world):
        self.world, self.now = world, timezone.now()
        self.unit, self.accountant, self.manager = world.west, world.stranger, world.west_manager
        self.clerk = hire("W003", "西湖文员", PositionCode.CLERK, branch=world.west)
        self._customer()
        self._papers()
        self._purchases()
        self._campaigns()
        self._desk()
        self._people()
        self._news()
        self._own()

    def _customer(self):
        contact = ContactEntry(
            name=f"{WORD}人", role=Contact.Role.PURCHASING, title=WORD, phones=(phones.read(PHONE),), emails=(EMAIL,)
        )
        fields = {
            "name": f"{WORD}图文有限公司", "kind": "company", "branch": self.unit, "source": Source.WALK_IN,
            "credit_code": CREDIT_CODE, "address": f"{WORD}路 1 号", "preferences": WORD, "remarks": WORD,
            "district": self.unit.district,
        }  # fmt: skip
        form = FormEntry(received_at=self.now - timedelta(minutes=5), received_by=self.clerk, serial="W-0000001")
        self.customer = register(
            fields=fields, contacts=[contact], form=form, needs=[WORD], owner=self.manager, by=self.accountant,
            at=self.now,
        )  # fmt: skip
        self.contact = self.customer.contacts.get()
        self.entered = self.customer.registration
        self.consent = consents.give(
            self.customer, purpose="marketing", channel="phone", note=WORD, given_at=self.now, by=self.clerk
        )
        checkout.check(self.customer, version=self.customer.version, by=self.accountant, at=self.now)
        self.customer.refresh_from_db()
        self.check = self.customer.checkout_checks.get()
        self.proposal = propose(self.customer, fields={"address": f"{WORD}街"}, why=WORD, by=self.clerk, at=self.now)

    def _papers(self):
        self.note = CustomerNote.objects.create(
            customer=self.customer, text=WORD, written_at=self.now, author=self.accountant
        )
        self.file = CustomerFile(
            customer=self.customer, name=f"{WORD}.pdf", content_type="application/pdf", size=5, added_at=self.now,
            added_by=self.accountant,
        )  # fmt: skip
        self.file.file.save("x", ContentFile(f"%PDF-{WORD}".encode()))
        self.tip = Tip.objects.create(text=WORD, customer=self.customer, sent_at=self.now, sent_by=self.clerk)

    def _purchases(self):
        Product.objects.create(code="x", name="打样")
        [self.purchase] = purchases.enter(
            customer=self.customer, branch=self.unit, bought_on=timezone.localdate(self.now), document_number=WORD,
            lines=[purchases.Line(WORD, Decimal(100))], remarks=WORD, by=self.accountant, at=self.now,
        )  # fmt: skip
        self.correction = PurchaseAdjustment.objects.create(
            purchase=self.purchase, amount=-1, reason=WORD, asked_at=self.now, asked_by=self.accountant
        )

    def _campaigns(self):
        self.campaign = Campaign.objects.create(
            name="西湖展", starts_on=timezone.localdate(self.now), created_at=self.now, created_by=self.manager
        )
        entry = {"entered_at": self.now, "card_text": WORD, "remark": WORD, "was_new": False}
        CampaignEntry.objects.create(campaign=self.campaign, customer=self.customer, **entry)

    def _desk(self):
        written = {
            "name": f"{WORD}来客", "kind": "company", "credit_code": "", "contact": WORD, "title": WORD,
            "phone": "139 7777 0099", "email": EMAIL, "address": WORD, "needs": WORD, "consents": ["service"],
        }  # fmt: skip
        submission = self.entered.submission
        self.sent, _new = desk.receive(branch=self.unit, submission=submission, written=written, at=self.now)
        self.receipt = receipts.note(
            branch=self.unit, serial=f"{WORD}-7", received_at=self.now, by=self.clerk, at=self.now
        )
        self.book = books.bind(
            branch=self.unit, first=f"{WORD}0000001", last=f"{WORD}0000003", by=self.accountant, at=self.now
        )

    def _people(self):
        today = timezone.localdate(self.now)
        self.position = Position.objects.get(person=self.accountant)
        self.area = Area.objects.create(name=WORD, branch=self.unit)
        self.absence = Absence.objects.create(
            person=self.accountant, deputy=self.manager, starts_on=today, ends_on=today + timedelta(days=1), note=WORD
        )
        self.session = SignedInSession.objects.create(
            session_key="west", person=self.accountant, started_at=self.now, last_seen_at=self.now,
            idle_limit=timedelta(hours=1), ends_at=self.now + timedelta(days=1), browser=WORD,
        )  # fmt: skip
        self.clock = clocks.start(
            self.customer, "CMP-03", at=self.now, term="24h", title=WORD, branch=self.unit,
            responsible=self.accountant, key=WORD,
        )  # fmt: skip

    def _news(self):
        times = {"created_at": self.now, "visible_at": self.now, "push_at": self.now}
        self.notification = Notification.objects.create(
            person=self.accountant, kind="journal.notice", params={"title": WORD}, pushed=True, dedupe_key=WORD, **times
        )
        self.delivery = Delivery.objects.create(
            notification=self.notification, channel="email", state="dead", created_at=self.now, next_try_at=self.now,
            once=WORD,
        )  # fmt: skip
        values = {"kind": "price", "audience": "units", "body": WORD, "author": self.manager, "created_at": self.now}
        self.notice = Notice.objects.create(title=f"{WORD}通知", published_at=self.now, **values)
        self.draft_notice = Notice.objects.create(title=f"{WORD}草稿", **values)
        for notice in (self.notice, self.draft_notice):
            notice.units.add(self.unit)
        self.attachment = NoticeAttachment(
            notice=self.notice, name=f"{WORD}.pdf", content_type="application/pdf", size=5
        )
        self.attachment.file.save("x", ContentFile(f"%PDF-{WORD}".encode()))
        self.robot = GroupRobot.objects.create(kind="wecom", name=WORD, branch=self.unit, webhook="https://localhost/")
        self.message = CustomerMessage.objects.create(
            purpose="marketing", channel="email", address=EMAIL, created_at=self.now, next_try_at=self.now,
            dedupe_key=WORD, subject_type="customers.customer", subject_id=self.customer.pk, branch=self.unit,
        )  # fmt: skip

    def _own(self):
        """What is one person's own: drafts, views, files taken out, search texts."""
        person = self.accountant
        self.view = SavedView.objects.create(person=person, name=WORD, sort="newest", columns=["name"])
        self.draft = Draft.objects.create(
            person=person, form="customers.register", key=self.entered.submission,
            data=urlencode({"name": WORD, "submission": self.entered.submission}), saved_at=self.now,
        )  # fmt: skip
        self.export = ExportJob.objects.create(
            person=person, list="customers", columns=["name"], format="csv", state="done", attempt=1,
            name=f"{WORD}.csv", purpose=WORD, asked_at=self.now, finished_at=self.now,
            expires_at=self.now + timedelta(days=1),
        )  # fmt: skip
        self.own_day, _made = CalendarDay.objects.get_or_create(
            date=timezone.localdate() + timedelta(days=40), origin="own", defaults={"works": False, "name": WORD}
        )

    @property
    def people(self):
        return [self.accountant, self.manager, self.clerk]

    def write_export(self):
        """The file of the export: what a probe deletes from the disk does not come back by itself."""
        path = exporting.path_of(self.export)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(WORD)
        return [(self.export.pk,)]

    @property
    def search_key(self):
        """Asked for anew: tests empty the cache."""
        return search.keep(self.accountant, WORD)

    def owns(self, model, pk):
        """Whether a foreign key leads to West."""
        west = {
            "staff.branch": {self.unit.pk},
            "staff.person": {self.accountant.pk, self.manager.pk, self.clerk.pk},
            "staff.area": {self.area.pk},
            "customers.customer": {self.customer.pk, self.world.theirs.pk},
            "customers.contact": {self.contact.pk},
            "customers.formreceipt": {self.receipt.pk},
            "customers.registrationform": {self.entered.pk},
            "customers.proposedchange": {self.proposal.pk},
            "customers.formbook": {self.book.pk},
            "customers.purchase": {self.purchase.pk},
            "customers.purchaseadjustment": {self.correction.pk},
            "journal.notice": {self.notice.pk, self.draft_notice.pk},
        }
        return pk in west.get(model._meta.label_lower, ())

    def row_of(self, model):
        """A row of West for a column that leads to this model; any row for what belongs to nobody."""
        rows = {
            "staff.branch": self.unit, "staff.person": self.accountant, "staff.area": self.area,
            "customers.customer": self.customer, "customers.contact": self.contact,
            "customers.formreceipt": self.receipt, "customers.registrationform": self.entered,
            "customers.proposedchange": self.proposal, "customers.formbook": self.book,
            "customers.purchase": self.purchase, "customers.purchaseadjustment": self.correction,
            "policy.clock": self.clock,
            "journal.notice": self.notice, "staff.department": Department.objects.last(),
            "customers.campaign": self.campaign,
        }  # fmt: skip
        return rows.get(model._meta.label_lower) or model._base_manager.order_by("-pk").first()


def of(*names):
    """Arguments: the keys of these rows of West."""
    return lambda west: [tuple(getattr(west, name).pk for name in names)]


def blocks(west):
    return [(west.customer.pk, block) for block in BLOCKS]


CUSTOMER, BOOK, NOTICE, DRAFT = of("customer"), of("book"), of("notice"), of("draft_notice")
ACCOUNT, POSITION, AREA, UNIT = of("accountant"), of("position"), of("area"), of("unit")

# The argument lists that somebody of East may try at each URL.
FOREIGN = {
    "second_factor_reset": ACCOUNT,
    "account_session_end": of("session"),
    "customers:view_delete": of("view"),
    "customers:desk_confirm": of("sent"),
    "customers:desk_dismiss": of("sent"),
    "customers:desk_stand": UNIT,
    "customers:desk_code": UNIT,
    "customers:desk_blank": UNIT,
    "customers:receipt": of("receipt"),
    "customers:strike": of("receipt"),
    "customers:checkout_check": CUSTOMER,
    "customers:book": BOOK,
    "customers:book_print": BOOK,
    "customers:book_issue": BOOK,
    "customers:book_return": BOOK,
    "customers:book_spoil": BOOK,
    "customers:book_unspoil": lambda west: [(west.book.pk, 1)],
    "customers:proposal": of("proposal"),
    "customers:tip": of("tip"),
    "customers:purchase": of("purchase"),
    "customers:purchase_edit": of("purchase"),
    "customers:purchase_remove": of("purchase"),
    "customers:purchase_correct": of("purchase"),
    "customers:correction": of("correction"),
    "customers:purchases_of": CUSTOMER,
    "customers:note_edit": of("note"),
    "customers:file": of("file"),
    "customers:file_remove": of("file"),
    "customers:papers": CUSTOMER,
    "customers:note_new": CUSTOMER,
    "customers:file_new": CUSTOMER,
    "customers:cards": CUSTOMER,
    "customers:parent": CUSTOMER,
    "customers:parent_find": CUSTOMER,
    "customers:record": CUSTOMER,
    "customers:reveal": CUSTOMER,
    "customers:owner": CUSTOMER,
    "customers:consent_new": CUSTOMER,
    "customers:consent_withdraw": lambda west: [
        (west.customer.pk, west.consent.pk), (west.world.ours.pk, west.consent.pk)
    ],
    "customers:contact_back": lambda west: [
        (west.customer.pk, west.contact.pk), (west.world.ours.pk, west.contact.pk)
    ],
    "customers:archive": CUSTOMER,
    "customers:restore": CUSTOMER,
    "customers:block": blocks,
    "customers:edit_block": blocks,
    "customers:propose_block": blocks,
    "policy:own_day_remove": of("own_day"),
    "policy:clock": of("clock"),
    "policy:clock_waive": of("clock"),
    "journal:timeline": lambda west: [("customers.customer", west.customer.pk)],
    "journal:notification_open": of("notification"),
    "journal:notice": lambda west: [(west.notice.pk,), (west.draft_notice.pk,)],
    "journal:notice_read": NOTICE,
    "journal:notice_readers": NOTICE,
    "journal:notice_edit": DRAFT,
    "journal:notice_publish": DRAFT,
    "journal:notice_withdraw": NOTICE,
    "journal:attachment": of("attachment"),
    "journal:outbox_again": lambda west: [("notification", west.delivery.pk)],
    "journal:outbox_close": lambda west: [("notification", west.delivery.pk)],
    "journal:robot_edit": of("robot"),
    "journal:robot_test": of("robot"),
    "journal:export_file": West.write_export,
    "journal:export_end": of("export"),
    "staff:person": ACCOUNT,
    "staff:person_edit": ACCOUNT,
    "staff:person_disable": ACCOUNT,
    "staff:person_enable": ACCOUNT,
    "staff:person_new_link": ACCOUNT,
    "staff:person_link": ACCOUNT,
    "staff:position_new": ACCOUNT,
    "staff:position_end": POSITION,
    "staff:absence_edit": of("absence"),
    "staff:absence_end": of("absence"),
    "staff:branch": UNIT,
    "staff:branch_edit": UNIT,
    "staff:area_new": UNIT,
    "staff:area_edit": AREA,
}  # fmt: skip

# Arguments that name no row of anybody's, or a secret that is probed by itself.
NO_ROW = {
    "welcome", "desk_form", "desk_sent", "journal:unsubscribe",  # the address is the permission
    "policy:clause", "policy:rule", "journal:export_new", "staff:department_edit",
    # Imports are the whole company's, and only administrators have any.
    "customers:import", "customers:import_progress", "customers:import_look", "customers:import_columns",
    "customers:import_words", "customers:import_rows", "customers:import_decide", "customers:import_errors",
    "customers:import_back", "customers:import_commit", "customers:import_undo", "customers:import_cancel",
    "customers:import_corrected",
    "customers:campaign", "customers:campaign_edit", "customers:campaign_close", "customers:campaign_reopen",
    "customers:fair_cards", "customers:fair_check", "customers:fair_draft", "customers:fair_discard",
    "customers:fair_result",  # a campaign is the company's, its members are probed by themselves
    "customers:code_list", "customers:code_new", "customers:code_edit", "customers:code_retire",
    "customers:code_restore",
}  # fmt: skip

# Lists whose next page is asked for by a row: a row of West is unknown there, or its place would tell its value.
LISTS = {
    "customers:list": "customer",
    "customers:received": "receipt",
    "customers:checks": "check",
    "customers:desk": "sent",
    "customers:books": "book",
    "customers:proposals": "proposal",
    "customers:tips": "tip",
    "customers:purchases": "purchase",
    "journal:notifications": "notification",
    "journal:notices": "notice",
    "journal:exports": "export",
    "policy:clocks": "clock",
}


def queries(west):
    """What may stand behind a "?", each naming a row of West."""
    return {
        "view": west.view.pk, "receipt": west.receipt.pk, "customer": west.customer.pk, "branch": west.unit.pk,
        "unit": west.unit.pk, "owner": west.manager.pk, "person": west.accountant.pk, "draft": west.draft.key,
        "q": west.search_key, "parent": west.customer.pk, "contact": west.contact.pk, "whose": "unit",
    }  # fmt: skip
