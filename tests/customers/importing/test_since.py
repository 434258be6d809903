"""Taking rows over compares anew only what others may have changed since the dry run. Source: REC-15."""

import threading

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.actions import ContactEntry, edit
from customers.archiving import archive
from customers.importing import committing, since
from customers.models import Customer, Import
from customers.values import phones

from . import steps
from .steps import row

pytestmark = [pytest.mark.django_db, pytest.mark.clause("REC-15")]
ROWS = (
    row("远山广告有限公司", "13910246801"),
    row("长河商贸有限公司", "13910246802"),
    row("大地印务有限公司", "13910246803"),
)


@pytest.fixture
def job(world, by, tmp_path):
    job = steps.checked(steps.file_of(tmp_path, *ROWS), by)
    assert _outcomes(job) == ["new", "new", "new"]
    return job


def _outcomes(job):
    return [one.outcome for one in steps.rows(job).values()]


def _compared(job, by):
    """Commit; returns how many times rows were compared with the register."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        steps.commit(job, by)
    return sum("FROM unnest(" in one["sql"] and "customers_matchkey" in one["sql"] for one in asked)


def test_where_nobody_wrote_nothing_is_compared(job, by):
    assert not _compared(job, by)
    assert _outcomes(job) == ["new", "new", "new"]


def test_a_customer_that_somebody_has_registered_meanwhile_is_not_entered_again(world, job, by):
    registered = world.customer("远山广告公司", phone="13910246801")
    assert _compared(job, by)
    assert _outcomes(job) == ["update", "new", "new"]
    assert steps.rows(job)[2].customer_id == registered.pk


def test_a_phone_that_a_record_has_got_meanwhile_is_seen(world, job, by):
    other = world.customer("长河商贸有限公司", branch=world.west, phone="13910249999", at=timezone.now())
    again = steps.check(job, by)
    assert _outcomes(again) == ["new", "new", "new"]
    assert steps.rows(again)[3].suspect, "the same name in another unit"
    entry = ContactEntry(name="李娜", phones=(phones.read("13910249999"), phones.read("13910246802")))
    edit(other, version=other.version, by=world.west_manager, at=timezone.now(), contacts=[entry], reason="新号码")
    assert _compared(again, by)
    assert _outcomes(again) == ["new", "update", "new"]


def test_a_record_that_went_into_the_archive_meanwhile_stays_as_it_is(world, by, tmp_path):
    there = world.customer("远山广告有限公司", phone="13910246801")
    job = steps.checked(steps.file_of(tmp_path, row("远山广告有限公司", "13910246801", 备注="老客户")), by)
    archive(there, version=there.version, reason="停业", by=world.manager, at=timezone.now())
    steps.commit(job, by)
    assert [problem[1] for problem in steps.rows(job)[2].problems] == ["archived"]
    there.refresh_from_db()
    assert there.remarks == ""


def test_a_record_that_is_gone_meanwhile_is_entered_anew(world, by, tmp_path):
    first = steps.commit(steps.checked(steps.file_of(tmp_path, ROWS[0], name="先.xlsx"), by), by)
    job = steps.checked(steps.file_of(tmp_path, *ROWS), by)
    assert _outcomes(job) == ["update", "new", "new"]
    steps.undo(first, by)
    steps.commit(job, by)
    assert _outcomes(job) == ["new", "new", "new"]
    assert Customer.objects.filter(name="远山广告有限公司").count() == 1


def test_what_the_import_itself_writes_is_no_change_of_others(job, by, monkeypatch):
    monkeypatch.setattr(committing, "CHUNK", 1)
    assert not _compared(job, by)


def test_a_row_without_a_key_is_known_by_an_earlier_import_that_came_between(world, by, tmp_path):
    line = row("测试", "", 地址="人民路 9 号")
    first = steps.checked(steps.file_of(tmp_path, line, name="一.xlsx"), by)
    second = steps.checked(steps.file_of(tmp_path, line, name="二.xlsx"), by)
    assert _outcomes(second) == ["new"]
    steps.commit(first, by)
    steps.commit(second, by)
    assert _outcomes(second) == ["update"]
    assert Customer.objects.filter(name="测试").count() == 1


def test_of_very_many_changes_every_row_is_compared(world, job, by, monkeypatch):
    monkeypatch.setattr(since, "MOST", 1)
    monkeypatch.setattr(committing, "CHUNK", 1)
    world.customer("青山印务有限公司", phone="13910020071")
    world.customer("绿水图文设计工作室", phone="13910020072")
    assert _compared(job, by) == 2 * len(ROWS)


def test_an_import_looked_through_before_there_were_marks_is_compared(job, by):
    Import.objects.filter(pk=job.pk).update(seen=None)
    assert _compared(job, by) == 2


@pytest.mark.django_db(transaction=True)
def test_who_writes_for_long_is_not_overlooked(live_world, tmp_path, monkeypatch):
    """His event has a lower number than later ones, and is seen when he has ended."""
    monkeypatch.setattr(since, "PATIENCE", 0.1)
    by = live_world.administrator
    job = steps.checked(steps.file_of(tmp_path, *ROWS), by)
    looking = since.Since(job)
    begun, end = threading.Event(), threading.Event()

    def write():
        with transaction.atomic():
            live_world.customer("远山广告公司", phone="13910246801")
            begun.set()
            end.wait(30)
        connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    assert begun.wait(30)
    try:
        assert since.mark() is None
        Customer.objects.filter(pk=live_world.ours.pk).update(remarks="老客户")  # a later number, seen first
        rows = committing.staged.rows(job, 0, 10)
        assert looking.concerned(rows) == []
    finally:
        end.set()
        writer.join()
    assert [one.name for one in looking.concerned(rows)] == ["远山广告有限公司"]
    assert since.mark() is not None
