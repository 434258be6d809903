"""What stands in the files of the lists: the rows and words of their pages, as their reader may see them."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from customers import books, completeness
from customers.actions import entries_of
from customers.models import CheckoutCheck, Customer, DeskForm, Industry, ProposedChange, Tip
from customers.proposals import decline, propose
from customers.values import phones
from journal import exports, notices
from policy.actions import change_rule
from policy.models import CalendarDay
from policy.rules import OPENS
from staff.models import Absence, Branch, Department
from tests.customers.imports import jobs as imports
from tests.journal.exporting import lines, written

pytestmark = pytest.mark.clause("GEN-03")


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    assert not default_storage.exists("exports")


def rows(person, code, **choices):
    """The file without header and mark."""
    job = written(person, code, **choices)
    assert (job.state, job.problem) == ("done", "")
    return lines(job)[1:-1]


def publish(world, title, *, by=None, **more):
    values = {"kind": "price", "body": "x", "audience": "all", "positions": [], "units": [], "uploads": [],
              "expires_on": None}  # fmt: skip
    notice = notices.write(**values | {"title": title} | more, by=by or world.people["marketing"], at=timezone.now())
    notices.publish(notice, by=notice.author, version=notice.version, at=timezone.now())
    return notice


def test_notices_are_those_of_their_reader(world):
    publish(world, "新价")
    publish(world, "西湖", audience="units", units=[world.west])
    assert [line[1] for line in rows(world.clerk, "notices")] == ["新价"]
    assert {line[1] for line in rows(world.stranger, "notices")} == {"新价", "西湖"}
    assert rows(world.clerk, "notices", kind="market") == []
    assert len(rows(world.people["marketing"], "notices", state="mine")) == 2
    assert len(rows(world.clerk, "notices", state="mine")) == 1, "who writes none gets the current ones"


def test_absences_are_those_one_may_set(world):
    today = timezone.localdate()
    for person, deputy in ((world.colleague, world.owner), (world.stranger, world.manager)):
        Absence.objects.create(person=person, deputy=deputy, starts_on=today, ends_on=today + timedelta(days=1))
    line = [world.colleague.name, world.colleague.staff_number, f"{today}", f"{today + timedelta(days=1)}",
            world.owner.name, ""]  # fmt: skip
    assert rows(world.manager, "absences") == [line]
    assert rows(world.nobody, "absences") == []


def test_units_stand_there_with_their_managers(world):
    found = {line[1]: line for line in rows(world.administrator, "units")}
    assert len(found) == Branch.objects.count()
    assert found[world.east.code][3] == world.manager.name
    with CaptureQueriesContext(connection) as few:
        rows(world.administrator, "units")
    for number in range(5):
        Branch.objects.create(code=f"n{number}", name=f"新店{number}")
    with CaptureQueriesContext(connection) as more:
        rows(world.administrator, "units")
    assert len(few) == len(more)


def test_departments_stand_there_with_their_heads(world):
    head = world.people["finance"]
    Department.objects.filter(code="finance").update(head=head)
    found = {line[1]: line[2:] for line in rows(world.administrator, "departments")}
    assert found["finance"] == [head.name, head.staff_number]


@pytest.mark.clause("REC-08")
def test_one_code_table_or_all_of_them(world):
    Industry.objects.filter(pk=Industry.objects.first().pk).update(retired=True)
    exporter = exports.get("codes")
    assert exporter.keep(world.administrator, QueryDict("table=industries")) == {"table": "industries"}
    assert exporter.keep(world.administrator, QueryDict("table=people")) == {}
    one = rows(world.administrator, "codes", table="industries")
    assert len(one) == Industry.objects.count()
    assert len({line[5] for line in one}) == 2, "offered and not"
    assert len({line[0] for line in rows(world.administrator, "codes")}) > 1


@pytest.mark.clause("REC-05")
def test_received_forms_are_those_of_ones_units(world):
    found = rows(world.accountant, "received-forms")
    assert world.ours.name in {line[-1] for line in found}
    assert {line[3] for line in found} == {world.east.name}
    assert rows(world.accountant, "received-forms", state="waiting") == []
    assert {line[3] for line in rows(world.stranger, "received-forms")} == {world.west.name}


@pytest.mark.clause("REC-05", "SEC-06")
def test_who_may_see_a_form_and_not_its_customer_gets_no_name(world):
    Customer.objects.filter(pk=world.ours.pk).update(branch=world.west, owner=None)
    found = rows(world.accountant, "received-forms")
    assert world.ours.name not in {line[-1] for line in found}


@pytest.mark.clause("REC-06")
def test_checks_say_what_was_filled_and_what_is_missing(world):
    values = {"branch": world.east, "checked_at": timezone.now(), "checked_by": world.clerk}
    values |= {"missing_before": ["phone", "email"], "missing_after": ["email"]}
    CheckoutCheck.objects.create(customer=world.ours, **values)
    [line] = rows(world.accountant, "checks")
    assert (line[0], line[2], line[3]) == (world.ours.name, world.clerk.name, world.east.name)
    assert line[4:] == [str(completeness.ITEMS[code].label) for code in ("phone", "email")]
    assert rows(world.stranger, "checks") == []


@pytest.mark.clause("REC-19", "SEC-06")
def test_proposed_changes_are_those_of_the_tab_with_phones_masked(world):
    for customer in (world.ours, world.theirs):
        by = world.clerk if customer == world.ours else world.west_manager
        [contact] = entries_of(customer)
        contact = replace(contact, phones=(phones.read("13788880001"),))
        fields = {"address": "新地址 8 号"}
        propose(customer, fields=fields, contacts=[contact], why="搬了", by=by, at=timezone.now())
    [line] = rows(world.owner, "proposed-changes")
    assert (line[0], line[1], line[3], line[4]) == (world.ours.name, world.east.name, "搬了", world.clerk.name)
    assert f"{world.ours.address} → 新地址 8 号" in line[2]
    assert "139****0001" in line[2]
    assert "137****0001" in line[2]
    assert "13788880001" not in line[2].replace(" ", "")
    assert rows(world.owner, "proposed-changes", show="decided") == []
    assert len(rows(world.clerk, "proposed-changes")) == 1, "who decides nothing gets the own ones"
    decline(ProposedChange.objects.get(customer=world.ours), word="没有搬", by=world.owner, at=timezone.now())
    [line] = rows(world.owner, "proposed-changes", show="decided")
    assert (line[7], line[9]) == (world.owner.name, "没有搬")
    assert [line[0] for line in rows(world.west_manager, "proposed-changes", show="mine")] == [world.theirs.name]


def sent(world, name, branch=None, **more):
    values = {"contact": "王芳", "phone": "13788880001", "address": "中山路 1 号", "sent_at": timezone.now()} | more
    return DeskForm.objects.create(branch=branch or world.east, name=name, **values)


@pytest.mark.clause("REC-04", "SEC-06")
def test_forms_from_phones_are_those_of_ones_desk(world):
    sent(world, "海天纸业有限公司")
    sent(world, "西山纸业有限公司", world.west)
    settled = {"settled_at": timezone.now(), "settled_by": world.clerk}
    sent(world, "试填", dismissed_because="试一试", **settled)
    sent(world, "东方红", customer=world.ours, **settled)
    sent(world, "西泠", customer=world.theirs, **settled)
    [line] = rows(world.clerk, "desk-forms")
    assert line[:4] == ["海天纸业有限公司", "王芳", "137****0001", world.east.name]
    assert line[5:] == [""] * 5
    found = {line[0]: line[7:] for line in rows(world.clerk, "desk-forms", show="settled")}
    who = world.clerk.name
    assert found == {"试填": [who, "试一试", ""], "东方红": [who, "", world.ours.name], "西泠": [who, "", ""]}
    assert [line[0] for line in rows(world.stranger, "desk-forms")] == ["西山纸业有限公司"]


@pytest.mark.clause("REC-04")
def test_form_books_stand_there_with_their_account(world):
    def bind(first, last, branch, by):
        return books.bind(branch=branch, first=first, last=last, by=by, at=timezone.now())

    book = bind("0000001", "0000005", world.east, world.accountant)
    bind("0000001", "0000005", world.west, world.stranger)
    books.issue(book, to=world.clerk, by=world.accountant, at=timezone.now())
    books.spoil(book, number=1, reason="印坏", by=world.accountant, at=timezone.now())
    world.ours.registration.__class__.objects.filter(pk=world.ours.registration.pk).update(serial="0000004")
    [line] = rows(world.accountant, "form-books")
    assert line[:4] == ["0000001", "0000005", world.east.name, world.clerk.name]
    assert line[5:9] == ["", "1", "1", "1"]
    assert {"0000002", "0000003"} == set(re.findall("[0-9]+", line[9]))
    with CaptureQueriesContext(connection) as few:
        rows(world.accountant, "form-books")
    for number in range(1, 6):
        bind(f"00001{number}0", f"00001{number}4", world.east, world.accountant)
    with CaptureQueriesContext(connection) as more:
        assert len(rows(world.accountant, "form-books")) == 6
    assert len(few) == len(more)


@pytest.mark.clause("REC-20")
def test_tips_are_those_of_the_tab(world):
    Tip.objects.create(text="要搬家", customer=world.ours, sent_at=timezone.now(), sent_by=world.clerk)
    assert [line[:2] for line in rows(world.owner, "tips")] == [["要搬家", world.ours.name]]
    assert rows(world.clerk, "tips") == []
    assert len(rows(world.clerk, "tips", state="sent")) == 1
    assert len(rows(world.manager, "tips", state="unit")) == 1
    assert rows(world.stranger, "tips", state="unit") == []


@pytest.mark.clause("REC-15")
def test_imports_stand_there_with_their_counts(world):
    imports.at("done", by=world.administrator, record=world.ours)
    imports.make("mapping", by=world.administrator)
    waiting, done = rows(world.administrator, "imports")
    assert waiting[7:] == [""] * 6
    assert (done[0], done[3], done[7:]) == ("老客户.xlsx", world.administrator.name, ["6", "2", "1", "1", "1", "1"])
    assert rows(world.administrator, "imports", state="done") == [done]
    imports.at("undone", by=world.administrator, record=world.ours)
    assert rows(world.administrator, "imports", state="undone")[0][7:] == ["6", *[""] * 5]  # nothing of it is there


@pytest.mark.clause("AUD-16")
def test_parameters_stand_there_with_those_of_units(world):
    change = {"starts_on": timezone.localdate(), "reason": "早市", "by": world.administrator, "at": timezone.now()}
    change_rule(OPENS, branch=world.east, value="09:10", **change)
    found = [line for line in rows(world.administrator, "parameters") if line[2] == str(OPENS.label)]
    assert [line[3] for line in found] == ["08:30", "09:10"]
    assert found[0][5:] == ["", "", ""]
    assert found[1][4:] == [world.east.name, f"{timezone.localdate()}", world.administrator.name, "早市"]


def test_calendar_days_are_those_that_count_for_their_reader(world):
    CalendarDay.objects.create(date="2026-11-24", works=False, name="西湖停电", origin="own", branch=world.west)
    everything = rows(world.administrator, "calendar", year=2026)
    assert "西湖停电" in {line[2] for line in everything}
    assert "西湖停电" not in {line[2] for line in rows(world.accountant, "calendar", year=2026)}
    assert len(everything) == CalendarDay.objects.filter(date__year=2026).count() > 30
    CalendarDay.objects.create(date="2027-01-01", works=False, name="元旦", origin="official")
    assert rows(world.accountant, "calendar", year=2027) == [], "not confirmed, so it does not count"
    assert exports.get("calendar").keep(world.accountant, QueryDict("year=2027")) == {"year": 2027}


@pytest.mark.parametrize(
    ("code", "page"),
    [
        ("proposed-changes", "customers:proposals"),
        ("desk-forms", "customers:desk"),
        ("form-books", "customers:books"),
    ],
)
def test_the_button_stands_on_the_pages_of_a_unit(world, sign_in, code, page):
    client = sign_in(world.accountant)
    address = reverse("journal:export_new", args=[code])
    assert f'href="{address}?show=x"' in client.get(reverse(page), {"show": "x"}).text
    assert client.get(address, {"show": "x"}).status_code == 200


@pytest.mark.parametrize(
    ("code", "page", "args"),
    [
        ("tips", "customers:tips", ()),
        ("imports", "customers:imports", ()),
        ("notices", "journal:notices", ()),
        ("absences", "staff:absences", ()),
        ("units", "staff:branches", ()),
        ("departments", "staff:departments", ()),
        ("codes", "customers:codes", ()),
        ("codes", "customers:code_list", ("industries",)),
        ("parameters", "policy:rules", ()),
        ("calendar", "policy:calendar", ()),
    ],
)
def test_the_button_stands_on_the_page(world, sign_in, code, page, args):
    shown = sign_in(world.administrator).get(reverse(page, args=args)).content.decode()
    address = reverse("journal:export_new", args=[code])
    assert f'href="{address}{"?table=industries" if args else ""}"' in shown
