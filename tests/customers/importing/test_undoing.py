"""Imports that are taken back: by a person, cancelled, failed or killed on the way. Source: REC-15."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers import dossier
from customers.actions import edit
from customers.importing import committing, counts, jobs
from customers.models import (
    Customer,
    CustomerNote,
    ImportRow,
    SuspectPair,
)
from customers.papers import write_note

from . import steps
from .steps import everything, row

pytestmark = [pytest.mark.django_db, pytest.mark.clause("REC-15")]


def test_undone_nothing_is_left(world, by, tmp_path):
    path = steps.file_of(
        tmp_path,
        row(
            "东方红印务有限公司",
            "13910020001",
            联系人="新人",
            地址="人民路 9 号",
            备注="老客户",
            邮箱="a@b.cn",
            需求="伞",
        ),
        row("东方红印务公司", "13910020009", 联系人="又一人"),
        row("远山广告有限公司", 需求="名片"),
        row("蓝天文化传播中心", "13910020001"),
    )
    before = everything()
    job = steps.checked(path, by)
    jobs.decide(job, rows=None, columns=["address"], take=True)
    job = steps.commit(job, by)
    assert everything() != before
    job = steps.undo(job, by)
    assert everything() == before
    assert not SuspectPair.objects.exists()
    assert job.counts["undone"] == {"deleted": 2, "restored": 2, "kept": 0}
    version = Customer.objects.get(pk=world.ours.pk).version
    assert version == world.ours.version
    again = steps.commit(steps.checked(path, by), by)
    assert (again.counts["new"], again.counts["update"], again.counts["duplicate"]) == (2, 1, 1)


def test_what_was_touched_since_is_kept_and_says_why(world, by, tmp_path):
    names = ["远山广告有限公司", "长河商贸有限公司", "青松图文设计工作室", "白云标识有限责任公司"]
    path = steps.file_of(
        tmp_path, *(row(name, f"1391024560{at}") for at, name in enumerate(names)),
        row("东方红印务有限公司", "13910020001", 备注="老客户"),
    )  # fmt: skip
    job = steps.commit(steps.checked(path, by), by)
    edited, noted, updated, _untouched = (Customer.objects.get(name=name) for name in names)
    edit(edited, version=edited.version, fields={"remarks": "看过"}, by=world.accountant, at=timezone.now())
    write_note(noted, text="电话已核实", by=world.accountant, at=timezone.now())
    second = steps.file_of(tmp_path, row(names[2], "13910245602", 备注="第二次"), name="b.xlsx")
    later = steps.commit(steps.checked(second, by), by)
    edit(world.ours, version=world.ours.version + 1, fields={"remarks": "改过"}, by=world.accountant, at=timezone.now())
    job = steps.undo(job, by)
    assert set(Customer.objects.filter(name__in=names).values_list("name", flat=True)) == set(names[:3])
    assert CustomerNote.objects.get().customer == noted
    assert Customer.objects.get(pk=world.ours.pk).remarks == "改过"
    kept = ImportRow.objects.filter(job=job, made__has_key="kept")
    assert {found.name: bool(found.made["kept"]) for found in kept} == dict.fromkeys(
        [*names[:3], "东方红印务有限公司"], True
    )
    assert job.counts["undone"] == {"deleted": 1, "restored": 0, "kept": 4}
    kept_ids = {edited.pk, noted.pk, updated.pk, world.ours.pk}
    assert set(kept.values_list("customer", flat=True)) == kept_ids, "kept rows lead to their records still"
    assert [origin["number"] for origin in dossier.read(noted)["origins"]] == [3]
    steps.undo(later, by)
    assert Customer.objects.get(pk=updated.pk).remarks == ""


def test_rows_of_a_later_import_that_changed_nothing_hold_nothing(by, tmp_path):
    path = steps.file_of(tmp_path, row("远山广告有限公司"))
    first = steps.commit(steps.checked(path, by), by)
    steps.commit(steps.checked(path, by), by)
    assert steps.undo(first, by).counts["undone"] == {"deleted": 1, "restored": 0, "kept": 0}


def test_a_record_to_which_the_import_wrote_nothing_is_not_kept(world, by, tmp_path):
    path = steps.file_of(tmp_path, row(world.ours.name, "13910020001"), row("远山广告有限公司"))
    job = steps.commit(steps.checked(path, by), by)
    edit(world.ours, version=world.ours.version, fields={"remarks": "改过"}, by=world.accountant, at=timezone.now())
    assert steps.undo(job, by).counts["undone"] == {"deleted": 1, "restored": 0, "kept": 0}


def killed_in_the_middle(path, by, monkeypatch, chunk=2):
    """An import whose worker died after the first chunk of its commit."""
    monkeypatch.setattr(committing, "CHUNK", chunk)
    jobs.commit(steps.checked(path, by), by=by, at=timezone.now())
    job = jobs.next_job(at=timezone.now())

    def alive(done, total, reached):
        if reached > chunk:
            raise SystemExit
        jobs.live(job, at=timezone.now(), done=done, total=total, reached=reached)

    with pytest.raises(SystemExit):
        committing.commit(job, alive)
    assert Customer.objects.filter(name__startswith="远山").count() == 2
    return job


def test_cancelled_in_the_middle_of_the_commit_it_is_taken_back(by, tmp_path, monkeypatch):
    path = steps.file_of(tmp_path, *(row(f"远山{at}号广告有限公司", f"1391024680{at}") for at in range(6)))
    before = everything()
    job = killed_in_the_middle(path, by, monkeypatch)
    jobs.cancel(job, by=by, at=timezone.now())
    assert job.counts["stopped_at"] == 2
    job = steps.work(job)
    assert job.state == job.State.UNDONE
    assert job.counts["stopped_at"] == 2
    assert everything() == before


def rows_of_two_chunks(customer):
    """Rows of which two mean the same record, one in each chunk of three."""
    return [
        row("远山0号广告有限公司", "13910246800"),
        row("远山1号广告有限公司", "13910246801"),
        row(customer.name, "", 地址="中山路 1 号", 备注="老客户"),
        row("新东方红印务有限公司", "13910020001", 邮箱="li@example.com"),
    ]


def test_records_that_a_cancelled_commit_did_not_come_to_are_not_kept(world, by, tmp_path, monkeypatch):
    others = row(world.unowned.name, "13910246802", 备注="老客户")
    path = steps.file_of(tmp_path, *rows_of_two_chunks(world.ours), others)
    before = everything()
    job = killed_in_the_middle(path, by, monkeypatch, chunk=3)
    assert steps.rows(job)[5].customer == steps.rows(job)[4].customer == world.ours
    jobs.cancel(job, by=by, at=timezone.now())
    job = steps.work(job)
    assert job.counts["undone"] == {"deleted": 2, "restored": 1, "kept": 0}
    assert everything() == before


def test_an_edit_between_two_chunks_of_the_commit_is_not_undone(world, by, tmp_path, monkeypatch):
    path = steps.file_of(tmp_path, *rows_of_two_chunks(world.ours))
    job = killed_in_the_middle(path, by, monkeypatch, chunk=3)
    now = Customer.objects.get(pk=world.ours.pk)
    edit(now, version=now.version, fields={"remarks": "改过"}, by=world.accountant, at=timezone.now())
    job = steps.undo(steps.work(job), by)
    assert job.counts["undone"] == {"deleted": 2, "restored": 0, "kept": 2}
    assert Customer.objects.get(pk=world.ours.pk).remarks == "改过"


def test_what_a_killed_worker_left_goes_on(by, tmp_path, monkeypatch):
    path = steps.file_of(tmp_path, *(row(f"远山{at}号广告有限公司", f"1391024680{at}") for at in range(6)))
    job = steps.work(killed_in_the_middle(path, by, monkeypatch))
    assert (job.state, job.counts["new"]) == (job.State.DONE, 6)
    assert Customer.objects.filter(name__startswith="远山").count() == 6
    assert counts.adds_up(job.counts, 6)


def test_three_attempts_that_end_the_worker_are_enough(by, tmp_path):
    job = steps.checked(steps.file_of(tmp_path, row("远山广告有限公司")), by)
    jobs.commit(job, by=by, at=timezone.now())
    for _attempt in range(jobs.ATTEMPTS):
        assert jobs.next_job(at=timezone.now())
        jobs.take_up_orphans(at=timezone.now() + timedelta(minutes=5))
    job.refresh_from_db()
    assert (job.state, bool(job.problem)) == (job.State.UNDOING, True)
    job = steps.work(job, until=job.State.UNDONE)
    assert (job.state, bool(job.problem), jobs.next_job(at=timezone.now())) == (job.State.UNDONE, True, None)


def test_a_commit_that_fails_in_the_middle_leaves_nothing(by, tmp_path, monkeypatch):
    path = steps.file_of(tmp_path, *(row(f"远山{at}号广告有限公司", f"1391024680{at}") for at in range(6)))
    before = everything()
    job = steps.checked(path, by)
    monkeypatch.setattr(committing, "CHUNK", 2)
    enter = committing._Chunk._enter

    def fails(chunk, rows):
        if chunk.low >= 4:
            raise ValueError
        enter(chunk, rows)

    monkeypatch.setattr(committing._Chunk, "_enter", fails)
    jobs.commit(job, by=by, at=timezone.now())
    job = steps.work(job, until=job.State.UNDONE)
    assert (job.state, bool(job.problem), job.counts["stopped_at"]) == (job.State.UNDONE, True, 4)
    assert everything() == before
