"""Numbered books of blanks: bound, issued, returned, and every serial accounted for."""

import uuid
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers import books
from customers.actions import FormEntry, register
from customers.models import BookIssue, Customer, FormBook, SpoiledSerial
from tests.customers.test_register_page import REGISTER, typed

pytestmark = pytest.mark.clause("REC-04")
BOOKS = "/customers/desk/books/"


def bound(world, first="0000751", last="0000760", branch=None, by=None):
    branch = branch or world.east
    return books.bind(branch=branch, first=first, last=last, by=by or world.accountant, at=timezone.now())


def issued(world, **serials):
    book = bound(world, **serials)
    books.issue(book, to=world.clerk, by=world.accountant, at=timezone.now())
    return book


def entered(world, serial, branch=None):
    at = timezone.now()
    return register(
        fields={"name": f"第{serial}号公司", "kind": "company", "branch": branch or world.east, "source": "walk_in"},
        contacts=[],
        form=FormEntry(at - timedelta(minutes=5), world.clerk, serial),
        by=world.clerk,
        at=at,
        different_because="另一家",
    )


def account(book):
    return books.accounts([book])[book.pk]


def test_a_book_has_the_serials_from_first_to_last(world):
    book = bound(world, "甲-0098", "甲-0102")
    assert list(book.serials()) == ["甲-0098", "甲-0099", "甲-0100", "甲-0101", "甲-0102"]
    assert str(book) == "甲-0098 – 甲-0102"


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        ("A", "0000760", "first"),
        ("0000751", "B", "last"),
        ("0000751", "760", "last"),
        ("A0000751", "B0000760", "last"),
        ("0000760", "0000751", "last"),
        ("0000001", "0000101", "last"),
    ],
)
def test_serials_that_make_no_book_are_refused_in_words(world, sign_in, first, last, field):
    answer = sign_in(world.accountant).post(f"{BOOKS}new/", {"branch": world.east.pk, "first": first, "last": last})
    assert answer.context["form"].errors[field]
    assert f'value="{first}"' in answer.text
    assert not FormBook.objects.exists()


def test_no_two_books_of_a_unit_share_a_serial(world):
    bound(world)
    for first, last in (("0000760", "0000770"), ("0000740", "0000751"), ("751", "755")):
        with pytest.raises(ValidationError) as refused:
            bound(world, first, last)
        assert refused.value.message_dict.keys() == {"first"}
    bound(world, "0000761", "0000770")
    bound(world, branch=world.west, by=world.stranger)
    assert FormBook.objects.count() == 3


def test_issue_and_return_are_recorded_and_a_book_is_with_one_at_a_time(world, sign_in):
    client, book = sign_in(world.accountant), bound(world)
    assert client.post(f"{BOOKS}{book.pk}/issue/", {"to": ""}).context["issue_form"].errors
    client.post(f"{BOOKS}{book.pk}/issue/", {"to": world.clerk.pk})
    out = book.issues.get()
    assert (out.issued_to, out.issued_by, out.returned_at) == (world.clerk, world.accountant, None)
    answer = client.post(f"{BOOKS}{book.pk}/issue/", {"to": world.owner.pk})
    assert answer.context["issue_form"].errors
    client.post(f"{BOOKS}{book.pk}/return/")
    client.post(f"{BOOKS}{book.pk}/return/")
    out.refresh_from_db()
    assert out.returned_by == world.accountant
    client.post(f"{BOOKS}{book.pk}/issue/", {"to": world.owner.pk})
    assert book.issues.count() == 2
    assert str(world.clerk) in client.get(f"{BOOKS}{book.pk}/").text


def test_a_book_goes_to_people_of_the_unit_only(world, sign_in):
    book = bound(world)
    for stranger in (world.stranger, world.nobody, world.disabled):
        sign_in(world.accountant).post(f"{BOOKS}{book.pk}/issue/", {"to": stranger.pk})
    assert not BookIssue.objects.exists()


def test_blanks_passed_over_are_missing_and_those_after_the_last_one_are_left(world, sign_in):
    book = issued(world)
    for serial in ("0000751", "0000753", "0000756"):
        entered(world, serial)
    entered(world, "0000752", world.west)  # another unit's paper
    books.spoil(book, number=755, reason="印坏", by=world.accountant, at=timezone.now())
    found = account(book)
    assert (found.entered, found.spoiled) == ([751, 753, 756], [755])
    assert (found.missing, found.left) == ([752, 754], [757, 758, 759, 760])
    page = sign_in(world.accountant).get(f"{BOOKS}{book.pk}/").text
    assert "0000752 · 0000754" in page
    assert "印坏" in page


def test_a_missing_serial_is_marked_as_spoiled_with_a_reason_and_the_mark_can_go(world, sign_in):
    client, book = sign_in(world.accountant), issued(world)
    entered(world, "0000753")
    spoil = f"{BOOKS}{book.pk}/spoil/"
    for wrong in ({"serial": "0000752", "reason": ""}, {"serial": "0000761", "reason": "x"},
                  {"serial": "0000753", "reason": "x"}, {"serial": "x", "reason": "x"}):  # fmt: skip
        assert client.post(spoil, wrong).context["spoil_form"].errors, wrong
    for _press in range(2):
        assert client.post(spoil, {"serial": "752", "reason": "撕坏"}).status_code == 302
    assert (account(book).spoiled, account(book).missing) == ([752], [751])
    client.post(f"{spoil}752/undo/")
    assert account(book).missing == [751, 752]


def test_a_spoiled_blank_that_is_entered_after_all_counts_as_entered(world):
    book = issued(world)
    books.spoil(book, number=752, reason="撕坏", by=world.accountant, at=timezone.now())
    entered(world, "0000752")
    found = account(book)
    assert (found.entered, found.spoiled, found.missing) == ([752], [], [751])


@pytest.mark.clause("SEC-01")
def test_another_units_book_does_not_exist(world, sign_in):
    book = bound(world)
    client = sign_in(world.stranger)
    assert str(book) not in client.get(BOOKS).text
    for part in ("", "print/"):
        assert client.get(f"{BOOKS}{book.pk}/{part}").status_code == 404
    for part in ("issue/", "return/", "spoil/", "spoil/752/undo/"):
        data = {"to": world.stranger.pk, "serial": "0000752", "reason": "x"}
        assert client.post(f"{BOOKS}{book.pk}/{part}", data).status_code == 404
    answer = client.post(f"{BOOKS}new/", {"branch": world.east.pk, "first": "1", "last": "2"})
    assert answer.context["form"].errors["branch"]
    assert not BookIssue.objects.exists() and not SpoiledSerial.objects.exists()  # noqa: PT018


def test_the_list_asks_as_often_for_three_books_as_for_one(world, sign_in):
    client = sign_in(world.accountant)

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(BOOKS).status_code == 200
        return len(found)

    issued(world)
    queries()  # what is kept for later is read once
    one = queries()
    for number in (1, 2):
        issued(world, first=f"B{number}01", last=f"B{number}50")
    assert queries() == one <= 15


def save(client, world, serial):
    client.cookies["language"] = "en"
    answer = client.post(REGISTER, typed(world, serial=serial, submission=str(uuid.uuid4())), follow=True)
    return [str(message) for message in answer.context["messages"] if message.level_tag == "warning"]


def test_a_serial_outside_any_issued_book_warns_and_is_saved(world, sign_in):
    bound(world, "0000777", "0000778")  # not issued
    [warning] = save(sign_in(world.accountant), world, "0000777")
    assert "0000777" in warning
    assert Customer.objects.get(name="海天纸业有限公司").registration.serial == "0000777"


def test_a_serial_of_an_issued_book_is_kept_as_printed_and_does_not_warn(world, sign_in):
    book = issued(world)
    books.take_back(book, by=world.accountant, at=timezone.now())
    assert save(sign_in(world.accountant), world, "753") == []
    assert Customer.objects.get(name="海天纸业有限公司").registration.serial == "0000753"
    assert account(book).entered == [753]


def test_a_spoiled_serial_warns_with_the_reason(world, sign_in):
    book = issued(world)
    books.spoil(book, number=753, reason="撕坏", by=world.accountant, at=timezone.now())
    [warning] = save(sign_in(world.accountant), world, "0000753")
    assert "撕坏" in warning


def test_no_serial_no_warning(world, sign_in):
    assert save(sign_in(world.accountant), world, "") == []


def test_the_warning_comes_while_typing_too(world, sign_in):
    client = sign_in(world.accountant)
    data = typed(world, name="", **{"contacts-0-phones": ""})
    assert "0000777" in client.post("/customers/new/check/", data, headers={"HX-Request": "true"}).text
    issued(world, first="0000770", last="0000779")
    assert "0000777" not in client.post("/customers/new/check/", data, headers={"HX-Request": "true"}).text


@pytest.mark.clause("SEC-05")
def test_the_history_of_a_book_says_who_had_it(world):
    book = issued(world)
    books.take_back(book, by=world.manager, at=timezone.now())
    events = apps.get_model("customers.BookIssueEvent").objects.filter(book_id=book.pk)
    people = [event.pgh_context["person"] for event in events.order_by("pgh_id")]
    assert people == [world.accountant.pk, world.manager.pk]
