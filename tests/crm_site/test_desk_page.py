"""The page behind the QR code at the counter: who reaches it, what it takes, that it gives nothing back."""

import uuid
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from crm_site import rules
from customers import desk
from customers.models import Customer, DeskForm

pytestmark = pytest.mark.clause("REC-04")
KIB = 1024


def link(unit, day=None):
    return f"/desk/{unit.pk}/{desk.key(unit.pk, day or timezone.localdate())}/"


def written(**changes):
    data = {
        "name": "海天纸业有限公司", "kind": "company", "contact": "王芳", "title": "采购", "phone": "138 1111 2222",
        "email": "", "address": "南京市中山路 1 号", "needs": "名片\n画册", "service": "on", "survey": "on",
        "submission": str(uuid.uuid4()),
    }  # fmt: skip
    return data | changes


@pytest.fixture
def phone(world):
    """Nobody's browser; without a CSRF cookie, as a phone that takes none."""
    client = Client(enforce_csrf_checks=True)
    client.cookies["language"] = "en"
    return client


def test_what_a_customer_sends_waits_in_the_units_inbox(world, phone):
    answer = phone.post(link(world.east), written(), follow=True)
    assert answer.redirect_chain == [(f"{link(world.east)}sent/", 302)]
    sent = DeskForm.objects.get()
    assert (sent.branch, sent.name, sent.phone) == (world.east, "海天纸业有限公司", "138 1111 2222")
    assert sent.needs == "名片\n画册"
    assert sent.consents == ["service", "survey"]
    assert sent.settled_at is None
    assert Customer.objects.count() == 3, "nobody has checked it yet"


@pytest.mark.clause("SEC-06")
def test_nothing_of_what_was_sent_can_be_read_back(world, phone):
    answer = phone.post(link(world.east), written(), follow=True)
    for page in (answer, phone.get(link(world.east)), phone.get(f"{link(world.east)}sent/")):
        for secret in ("海天", "王芳", "1111", str(DeskForm.objects.get().submission)):
            assert secret not in page.text
        assert "no-store" in page.headers["Cache-Control"]
    assert "海天" not in answer.redirect_chain[0][0]


def test_a_form_sent_twice_is_one(world, phone):
    data = written()
    for _press in range(2):
        assert phone.post(link(world.east), data).status_code == 302
    assert DeskForm.objects.count() == 1


def test_a_corrected_form_and_the_next_customers_are_forms_of_their_own(world, phone):
    """Back and again, or the same open page handed on: neither is lost, neither writes over the other."""
    data = written()
    phone.post(link(world.east), data)
    phone.post(link(world.east), data | {"phone": "13811113333"})
    phone.post(link(world.east), data | {"name": "另一家公司"})
    assert DeskForm.objects.count() == 3


@time_machine.travel(datetime(2026, 3, 5, 12, tzinfo=timezone.get_default_timezone()))
def test_the_link_is_that_of_the_unit_and_of_the_day(world, phone):
    today = timezone.localdate()
    assert phone.get(link(world.east)).status_code == 200
    assert link(world.east).split("/")[3] != link(world.west).split("/")[3]
    for wrong in (link(world.east, today - timedelta(days=1)), link(world.east, today + timedelta(days=1)),
                  f"/desk/{world.west.pk}/{desk.key(world.east.pk, today)}/", f"/desk/{world.east.pk}/x/",
                  f"/desk/{world.east.pk}/资料/", "/desk/999999999999999999999/x/"):  # fmt: skip
        for answer in (phone.get(wrong), phone.post(wrong, written())):
            assert answer.status_code == 404, wrong
    assert not DeskForm.objects.exists()


def test_the_link_changes_with_the_secret_of_the_installation(world, settings):
    before = link(world.east)
    settings.SECRET_KEY = "another " * 8
    assert link(world.east) != before


def test_a_unit_that_has_closed_takes_nothing(world, phone):
    world.east.closed_on = timezone.localdate()
    world.east.save()
    assert phone.get(link(world.east)).status_code == 404


def test_what_was_begun_before_midnight_can_still_be_sent(world, phone):
    zone = timezone.get_default_timezone()
    address = link(world.east, datetime(2026, 3, 5, tzinfo=zone).date())
    with time_machine.travel(datetime(2026, 3, 6, 0, 20, tzinfo=zone), tick=False):
        assert phone.get(address).status_code == 404
        assert phone.post(address, written(), follow=True).status_code == 200
    with time_machine.travel(datetime(2026, 3, 6, 1, 20, tzinfo=zone), tick=False):
        assert phone.post(address, written()).status_code == 404
    assert DeskForm.objects.count() == 1


@pytest.mark.clause("REC-07", "REC-17")
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "your own name"),
        ({"name": "测试"}, "does not look like a name"),
        ({"kind": ""}, "one of the two"),
        ({"contact": ""}, "whom to ask for"),
        ({"phone": ""}, "so that we can reach you"),
        ({"phone": "1381111222"}, "1 digit short"),
        ({"email": "wang.haitian.cn"}, "not an e-mail"),
        ({"credit_code": "91110000123"}, "18"),
        ({"service": ""}, "Without your consent"),
    ],
)
def test_an_error_is_said_in_words_and_nothing_written_is_lost(world, phone, changes, sentence):
    answer = phone.post(link(world.east), written(**changes))
    assert answer.status_code == 200
    assert answer.text.count(sentence) >= 2, "in the summary and beside the field"
    assert "南京市中山路 1 号" in answer.text
    assert "画册" in answer.text
    assert not DeskForm.objects.exists()


def test_somebody_without_a_company_needs_one_name_and_an_address_to_write_to(world, phone):
    phone.post(link(world.east), written(kind="individual", name="王芳", contact="", phone="", email="W@Example.com"))
    assert DeskForm.objects.get().email == "w@example.com"


@pytest.mark.clause("REC-17")
def test_the_page_says_what_the_data_are_used_for_and_in_which_words(world, phone):
    page = phone.get(link(world.east)).text
    assert "to reach you about your orders" in page
    assert "LC 16.06.302.01/1" in page
    assert page.count("checked") == 1, "company is offered; no consent is ticked beforehand"


def test_the_page_is_tiny_and_needs_no_script(world, phone):
    answer = phone.get(link(world.east))
    assert "<script" not in answer.text
    assert "style=" not in answer.text
    assert len(answer.content) < 12 * KIB
    sheets = [part.split('"')[0] for part in answer.text.split('rel="stylesheet" href="')[1:]]
    assert sheets == ["/static/css/desk.css"]


@pytest.mark.clause("SEC-02")
def test_a_flood_is_slowed_and_what_was_written_stays(world, phone):
    few = rules.DESK_FROM_ADDRESS.default
    for _form in range(few):
        assert phone.post(link(world.east), written()).status_code == 302
    answer = phone.post(link(world.east), written())
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) <= 60
    assert "南京市中山路 1 号" in answer.text
    assert DeskForm.objects.count() == few
    assert phone.post(link(world.east), written(), REMOTE_ADDR="198.51.100.7").status_code == 302


def test_a_unit_takes_so_many_from_everywhere(world, phone):
    for number in range(rules.DESK_TO_UNIT.default):
        phone.post(link(world.east), written(), REMOTE_ADDR=f"198.51.100.{number}")
    assert phone.post(link(world.east), written(), REMOTE_ADDR="198.51.101.1").status_code == 429
    assert phone.post(link(world.west), written(), REMOTE_ADDR="198.51.101.1").status_code == 302


@pytest.mark.parametrize("field", ["name", "contact", "title", "phone", "email", "address", "needs", "credit_code",
                                   "kind", "submission", "service"])  # fmt: skip
def test_strange_characters_are_no_fault(field, world, phone):
    for text in ("\x00", "海天\x00纸业", "‮纸业海天", "9" * 400, "<script>", "长" * 30_000):
        assert phone.post(link(world.east), written(**{field: text})).status_code in (200, 302)


def test_forged_columns_and_consents_change_nothing(world, phone):
    forged = {"branch": world.west.pk, "settled_at": "2026-01-01", "consents": "marketing", "customer": world.ours.pk}
    phone.post(link(world.east), written(**forged))
    sent = DeskForm.objects.get()
    assert (sent.branch, sent.settled_at, sent.customer) == (world.east, None, None)
    assert sent.consents == ["service", "survey"]
