"""The inbox of the front desk: who sees what was sent, and what becomes of it."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from customers import actions, desk
from customers.models import CONSENT_TEXT, FORM_NUMBER, Consent, Customer, DeskForm, RegistrationForm
from customers.models.desk import WRITTEN
from customers.rules import DESK_FORM_KEPT
from customers.tasks import erase_desk_forms
from policy.actions import change_rule
from staff import paging
from staff.verbs import PositionCode
from tests.world import hire

pytestmark = pytest.mark.clause("REC-04")
INBOX = "/customers/desk/"


def sent(world, branch=None, *, ago=timedelta(minutes=10), **changes):
    values = {
        "name": "海天纸业有限公司", "kind": "company", "credit_code": "", "contact": "王芳", "title": "采购",
        "phone": "138 1111 2222", "email": "", "address": "中山路 1 号", "needs": "名片",
        "consents": ["service", "survey"],
    }  # fmt: skip
    form, _new = desk.receive(
        branch=branch or world.east, submission=uuid.uuid4(), written=values | changes, at=timezone.now() - ago
    )
    return form


def typed(form, **changes):
    """What the clerk's browser sends when the form is left as the customer wrote it."""
    data = {
        "name": form.name, "kind": form.kind, "source": "walk_in", "country": "CN", "address": form.address,
        "needs": form.needs, "contacts-TOTAL_FORMS": "1", "contacts-INITIAL_FORMS": "1",
        "contacts-0-name": form.contact, "contacts-0-role": "purchasing", "contacts-0-phones": form.phone,
    }  # fmt: skip
    return data | changes


def confirm(client, form, **changes):
    return client.post(f"{INBOX}{form.pk}/", typed(form, **changes))


@pytest.mark.clause("REC-05", "REC-17")
def test_a_confirmed_form_becomes_a_customer_received_when_it_was_sent(world, sign_in):
    form = sent(world)
    answer = confirm(sign_in(world.clerk), form, name="海天纸业（南京）有限公司")
    customer = Customer.objects.get(name="海天纸业（南京）有限公司")
    assert answer.url == reverse("customers:record", args=[customer.pk])
    entered = customer.registration
    assert (entered.door, entered.serial, entered.branch) == (RegistrationForm.Door.DESK, "", world.east)
    assert (entered.received_at, entered.received_by, entered.entered_by) == (form.sent_at, world.clerk, world.clerk)
    consents = customer.consents.values_list("purpose", "channel", "text_version", "given_at")
    version = "LC 16.06.302.01/1"
    assert list(consents) == [(purpose, "desk", version, form.sent_at) for purpose in ("service", "survey")]
    form.refresh_from_db()
    assert (form.customer, form.settled_by) == (customer, world.clerk)
    assert form.name == "海天纸业有限公司", "what the customer wrote stays beside what was made of it"


def test_the_form_opens_with_what_the_customer_wrote(world, sign_in):
    page = sign_in(world.clerk).get(f"{INBOX}{sent(world).pk}/")
    for text in ("海天纸业有限公司", "王芳", "采购", "138 1111 2222", "中山路 1 号", "名片"):
        assert text in page.text
    assert page.context["form"]["source"].value() == "walk_in"
    assert 'name="consents"' not in page.text
    assert 'name="serial"' not in page.text


@pytest.mark.clause("REC-17")
def test_the_clerk_can_neither_add_consents_nor_move_the_form(world, sign_in):
    form = sent(world, consents=["service"])
    confirm(sign_in(world.clerk), form, consents="marketing", branch=world.west.pk, received_by=world.owner.pk,
            received_at="2020-01-01T00:00", serial="0000001")  # fmt: skip
    entered = RegistrationForm.objects.get(door="desk")
    assert list(entered.customer.consents.values_list("purpose", flat=True)) == ["service"]
    assert (entered.branch, entered.received_by, entered.serial) == (world.east, world.clerk, "")
    assert entered.received_at == form.sent_at


@pytest.mark.clause("REC-18")
def test_a_look_alike_asks_for_a_reason_as_with_paper(world, sign_in):
    client, form = sign_in(world.clerk), sent(world, phone="139 1002 0001")
    answer = confirm(client, form)
    assert world.ours.name in answer.text
    assert answer.context["form"].errors["different_because"]
    form.refresh_from_db()
    assert form.settled_at is None
    confirm(client, form, different_because="总机相同")
    assert Customer.objects.filter(name=form.name).count() == 1


@pytest.mark.clause("REC-07")
def test_an_error_keeps_the_form_waiting_and_the_typing(world, sign_in):
    form = sent(world)
    answer = confirm(sign_in(world.clerk), form, name="", remarks="客户很急")
    assert "data-error-summary" in answer.text
    assert "客户很急" in answer.text
    assert DeskForm.objects.waiting().count() == 1


def test_pressing_save_twice_or_two_clerks_at_once_enter_one_customer(world, sign_in):
    form = sent(world)
    confirm(sign_in(world.clerk), form)
    answer = sign_in(world.accountant).post(f"{INBOX}{form.pk}/", typed(form), follow=True)
    assert answer.redirect_chain[-1][0] == INBOX
    assert str(world.clerk) in answer.text
    assert Customer.objects.filter(name=form.name).count() == 1
    with pytest.raises(desk.AlreadySettled):
        desk.dismiss(form, reason="重复", by=world.accountant, at=timezone.now())


def test_if_entering_fails_the_form_still_waits(world, monkeypatch):
    form = sent(world)
    monkeypatch.setattr(desk, "_settle", lambda *args, **kwargs: 1 / 0)
    fields = {"name": form.name, "kind": "company", "branch": world.east, "source": "walk_in"}
    with pytest.raises(ZeroDivisionError):
        desk.confirm(form, fields=fields, contacts=[], by=world.clerk, at=timezone.now())
    assert not Customer.objects.filter(name=form.name).exists()
    assert DeskForm.objects.waiting().count() == 1


def test_a_dismissed_form_makes_no_customer_and_says_why(world, sign_in):
    client, form = sign_in(world.clerk), sent(world)
    assert client.post(f"{INBOX}{form.pk}/dismiss/", {"reason": ""}).context["form"].errors
    assert client.post(f"{INBOX}{form.pk}/dismiss/", {"reason": "顾客试填"}).url == INBOX
    form.refresh_from_db()
    assert (form.dismissed_because, form.settled_by, form.customer) == ("顾客试填", world.clerk, None)
    assert client.get(INBOX).context["rows"] == []
    assert "顾客试填" in client.get(f"{INBOX}?show=settled").text
    assert Customer.objects.count() == 3


@pytest.mark.clause("SEC-01", "SEC-06")
def test_the_inbox_is_that_of_the_unit_and_hides_phones(world, sign_in):
    ours, theirs = sent(world), sent(world, world.west, name="西湖来客", phone="13811113333")
    page = sign_in(world.clerk).get(INBOX).text
    assert ours.name in page
    assert "138****2222" in page
    assert "1111" not in page
    assert theirs.name not in page
    for path in (f"{INBOX}{theirs.pk}/", f"{INBOX}{theirs.pk}/dismiss/"):
        assert sign_in(world.clerk).get(path).status_code == 404
        assert sign_in(world.clerk).post(path, typed(theirs) | {"reason": "x"}).status_code == 404
    assert DeskForm.objects.waiting().count() == 2


@pytest.mark.clause("SEC-05")
def test_who_serves_one_desk_and_manages_another_unit_settles_in_the_right_position(world, sign_in):
    both = hire("E900", "两岗", PositionCode.BRANCH_MANAGER, branch=world.west)
    both.positions.create(code=PositionCode.CLERK, branch=world.east, starts_on=timezone.localdate())
    form = sent(world)
    sign_in(both).post(f"{INBOX}{form.pk}/dismiss/", {"reason": "试填"})
    event = apps.get_model("customers.DeskFormEvent").objects.filter(pgh_obj_id=form.pk).latest("pgh_id")
    assert event.pgh_context["position"] == "clerk"


@pytest.mark.clause("GEN-01")
def test_menu_and_home_say_how_many_wait(world, sign_in):
    sent(world), sent(world), sent(world, world.west)
    home = sign_in(world.clerk).get("/")
    assert {item.icon: item.count for item in home.context["navigation"] if item.count}["building-store"] == "2"
    [figure] = [figure for figure in home.context["figures"] if figure.url == INBOX]
    assert figure.number == 2
    assert sign_in(world.people["inspector"]).get(INBOX).status_code == 403


def test_the_inbox_asks_as_often_for_three_as_for_one(world, sign_in):
    client = sign_in(world.accountant)

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(INBOX).status_code == 200
        return len(found)

    sent(world)
    queries()  # what is kept for later is read once
    one = queries()
    sent(world), sent(world)
    assert queries() == one <= 15


def test_the_longest_waiting_stands_first_and_pages_follow(world, sign_in, monkeypatch):
    monkeypatch.setitem(paging.page.__kwdefaults__, "size", 2)
    for number in range(3):
        sent(world, name=f"来客{number}号公司")
    first = sign_in(world.clerk).get(INBOX)
    assert [row.name for row in first.context["rows"]] == ["来客0号公司", "来客1号公司"]
    second = sign_in(world.clerk).get(INBOX + first.context["next_url"])
    assert [row.name for row in second.context["rows"]] == ["来客2号公司"]


def test_the_database_takes_no_half_settled_form(world):
    form = sent(world)
    for half in ({"settled_at": timezone.now()}, {"dismissed_because": "x"}, {"customer": world.ours},
                 {"settled_at": timezone.now(), "settled_by": world.clerk},
                 {"settled_at": timezone.now(), "settled_by": world.clerk, "customer": world.ours,
                  "dismissed_because": "x"}):  # fmt: skip
        with pytest.raises(IntegrityError, match="desk_form_settled_one_way"), transaction.atomic():
            DeskForm.objects.filter(pk=form.pk).update(**half)


@pytest.mark.clause("SEC-05")
def test_history_keeps_who_settled_it_and_no_copy_of_what_was_written(world, sign_in):
    form = sent(world)
    confirm(sign_in(world.clerk), form)
    events = apps.get_model("customers.DeskFormEvent")
    assert not {"name", "phone", "email", "address"} & {column.name for column in events._meta.fields}
    assert events.objects.filter(pgh_obj_id=form.pk).latest("pgh_id").pgh_context["person"] == world.clerk.pk


def test_the_stand_shows_the_link_of_today_as_a_picture_of_our_own(world, sign_in):
    client = sign_in(world.clerk)
    page = client.get(f"{INBOX}stand/{world.east.pk}/", headers={"Host": "localhost"})
    link = f"http://localhost/desk/{world.east.pk}/{desk.key(world.east.pk, timezone.localdate())}/"
    assert link in page.text
    assert page.context["only_here"]
    assert "data:" not in page.text
    picture = client.get(f"{INBOX}stand/{world.east.pk}/code.svg")
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert picture.content.startswith(b"<svg xmlns=")
    assert client.get(link.removeprefix("http://localhost")).status_code == 200


def test_typed_registration_still_says_typed_and_paper(world):
    customer = world.customer("纸上公司", consents=[Consent.Purpose.SERVICE])
    assert customer.registration.door == RegistrationForm.Door.TYPED
    assert customer.consents.get().channel == Consent.Channel.PAPER
    assert customer.consents.get().text_version == actions.CONSENT_TEXT


# What becomes of forms that became no customers


def written_in(form):
    form.refresh_from_db()
    return [getattr(form, name) for name in WRITTEN if name != "kind" and getattr(form, name)]


@pytest.mark.clause("SEC-06")
def test_what_became_no_customer_is_erased_after_its_days_and_still_counted(world, sign_in):
    month, day = timedelta(days=30), timedelta(days=1)
    now = timezone.now()
    dismissed, waiting, young = sent(world, ago=3 * month), sent(world, ago=month + day), sent(world, ago=month - day)
    entered = sent(world, phone="138 2222 3333", name="留下纸业有限公司", ago=3 * month)
    desk.dismiss(dismissed, reason="试填", by=world.clerk, at=now - month - day)
    confirm(sign_in(world.clerk), entered)
    with CaptureQueriesContext(connection) as queries:
        desk.erase(at=now)
    assert len([query for query in queries if query["sql"].startswith("UPDATE")]) == 1
    assert (written_in(dismissed), written_in(waiting)) == ([], [])
    assert written_in(young)
    assert written_in(entered)
    dismissed.refresh_from_db()
    assert (dismissed.dismissed_because, dismissed.settled_by) == ("试填", world.clerk)
    assert DeskForm.objects.count() == 4
    desk.erase(at=now)


@pytest.mark.clause("SEC-06")
def test_a_form_dismissed_lately_is_kept_however_old_it_is(world):
    form = sent(world, ago=timedelta(days=90))
    desk.dismiss(form, reason="试填", by=world.clerk, at=timezone.now() - timedelta(days=2))
    erase_desk_forms()
    assert written_in(form)


@pytest.mark.clause("SEC-06", "AUD-16")
def test_a_unit_may_have_days_of_its_own(world):
    now = timezone.now()
    change_rule(DESK_FORM_KEPT, branch=world.west, value=5, starts_on=timezone.localdate(now), reason="试行",
                by=world.administrator, at=now)  # fmt: skip
    here, there = (sent(world, branch, ago=timedelta(days=6)) for branch in (world.east, world.west))
    desk.erase(at=now)
    assert written_in(here)
    assert not written_in(there)


@pytest.mark.clause("SEC-06")
def test_an_erased_form_leaves_the_inbox_and_can_not_be_opened(world, sign_in):
    form, put_aside = sent(world, ago=timedelta(days=40)), sent(world, ago=timedelta(days=40))
    desk.dismiss(put_aside, reason="试填", by=world.clerk, at=timezone.now() - timedelta(days=35))
    desk.erase(at=timezone.now())
    client = sign_in(world.clerk)
    client.cookies["language"] = "en"
    assert client.get(INBOX).context["count"] == 0
    assert client.get(f"{INBOX}{form.pk}/").status_code == 404
    assert client.post(f"{INBOX}{form.pk}/dismiss/", {"reason": "试填"}).status_code == 404
    assert "erased form" in client.get(f"{INBOX}?show=settled").text


def test_the_number_of_the_form_is_written_in_one_place():
    """Templates ask for it; what a form says of its consent text is made of it."""
    templates = Path(settings.BASE_DIR, "templates").rglob("*.html")
    assert [path.name for path in templates if FORM_NUMBER in path.read_text(encoding="utf-8")] == []
    assert CONSENT_TEXT.startswith(FORM_NUMBER)
