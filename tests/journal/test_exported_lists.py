"""What stands in the files of the lists: the rows and words of their pages, as their reader may see them."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from customers import completeness
from customers.models import CheckoutCheck, Customer, Industry, Tip
from journal import exports, notices
from policy.actions import change_rule
from policy.models import CalendarDay
from policy.rules import OPENS
from staff.models import Absence, Branch, Department
from tests.customers.imports import jobs as imports
from tests.journal.test_exports import lines, written

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
