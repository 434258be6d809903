"""Several rows of a file that mean one record of the register, without being duplicates of each other."""

import pytest
from django.urls import reverse

from customers.importing import checking, committing, jobs
from customers.models import Customer, SuspectPair

from . import steps
from .steps import row

CODES = "91110105MA01ABCD13", "91110108MA02EFGH3X"


@pytest.mark.clause("REC-15", "REC-18")
@pytest.mark.parametrize("size", [1, 2_000])
def test_two_credit_codes_are_never_one_customer(world, by, tmp_path, monkeypatch, size):
    monkeypatch.setattr(checking, "CHUNK", size)
    monkeypatch.setattr(committing, "CHUNK", size)
    there = world.customer("远山广告有限公司", phone="13910246801")
    lines = [row("远山广告有限公司", "13910246801", 信用代码=code) for code in (*CODES, CODES[0])]
    job = steps.checked(steps.file_of(tmp_path, *lines), by)
    expected = ["update", "new", "duplicate"]
    assert [one.outcome for one in steps.rows(job).values()] == expected
    assert steps.rows(job)[3].suspect
    job = steps.commit(job, by)
    assert [one.outcome for one in steps.rows(job).values()] == expected
    there.refresh_from_db()
    assert there.credit_code == CODES[0]
    other = Customer.objects.get(credit_code=CODES[1])
    assert SuspectPair.objects.filter(first=there, second=other).exists()


@pytest.mark.clause("REC-15")
@pytest.mark.parametrize("size", [1, 2_000])
def test_what_a_later_row_says_differently_is_a_conflict(world, by, tmp_path, monkeypatch, size):
    """Also where the dry run has not seen the two together: a record to which an import adds is looked at again."""
    monkeypatch.setattr(checking, "CHUNK", size)
    monkeypatch.setattr(committing, "CHUNK", size)
    there = world.customer("远山广告有限公司", phone="13910246801")
    steps.commit(steps.checked(steps.file_of(tmp_path, row("远山广告有限公司", "13910246801/13910246802")), by), by)
    lines = (
        row("远山广告有限公司", "13910246801", 备注="月结"),
        row("远山广告传媒有限公司", "13910246802", 备注="现结"),
    )
    job = steps.checked(steps.file_of(tmp_path, *lines), by)
    assert [one.outcome for one in steps.rows(job).values()] == ["update", "update"]
    job = steps.commit(job, by)
    conflicts = [one.conflicts for one in steps.rows(job).values()]
    assert conflicts == [{}, {"name": ["远山广告有限公司", "远山广告传媒有限公司"], "remarks": ["月结", "现结"]}]
    there.refresh_from_db()
    assert (there.name, there.remarks) == ("远山广告有限公司", "月结")


@pytest.mark.clause("REC-15")
def test_what_an_earlier_row_adds_the_dry_run_does_not_count_once_more(world, by, tmp_path):
    world.customer("远山广告有限公司", phone="13910246801")
    steps.commit(steps.checked(steps.file_of(tmp_path, row("远山广告有限公司", "13910246801/13910246802")), by), by)
    lines = (
        row("远山广告有限公司", "13910246801", 联系人="李娜", 邮箱="li@example.com", 需求="名片"),
        row("远山广告传媒有限公司", "13910246802", 联系人="李娜", 邮箱="li@example.com", 需求="名片"),
    )
    job = steps.checked(steps.file_of(tmp_path, *lines), by)
    found = (job.counts["update"], job.counts["unchanged"])
    job = steps.commit(job, by)
    assert found == (job.counts["update"], job.counts["unchanged"]) == (2, 1)


@pytest.mark.clause("REC-15")
@pytest.mark.parametrize("size", [1, 2_000])
def test_a_duplicate_brings_the_code_of_its_first(world, by, tmp_path, monkeypatch, size):
    monkeypatch.setattr(checking, "CHUNK", size)
    monkeypatch.setattr(committing, "CHUNK", size)
    there = world.customer("远山广告有限公司", phone="13910246801")
    lines = [row("远山广告有限公司", "13910246801", 信用代码=code) for code in ("", *CODES)]
    job = steps.commit(steps.checked(steps.file_of(tmp_path, *lines), by), by)
    assert [one.outcome for one in steps.rows(job).values()] == ["update", "duplicate", "new"]
    there.refresh_from_db()
    assert there.credit_code == CODES[0]
    assert Customer.objects.filter(credit_code=CODES[1]).exists()


@pytest.mark.clause("REC-15")
def test_job_title_and_source_are_decided_like_columns(world, by, sign_in, tmp_path):
    headings = [*steps.HEADINGS, "职务", "来源"]
    there = world.customer("远山广告有限公司", phone="13910246801")

    def update(**said):
        line = row("远山广告有限公司", "13910246801", 联系人="李娜", **said)
        return steps.checked(steps.file_of(tmp_path, line, headings=headings), by)

    steps.commit(update(职务="经理"), by)
    job = update(职务="采购", 来源="转介绍")
    assert steps.rows(job)[2].conflicts == {"title": ["经理", "采购"], "source": ["walk_in", "customer_referral"]}
    assert update(职务="经理").counts["unchanged"] == 1
    steps.commit(job, by)
    assert there.contacts.get().title == "经理"
    job = update(职务="采购", 来源="转介绍")
    page = sign_in(by).get(reverse("customers:import_rows", args=[job.pk]), {"outcome": "update"}, follow=True).text
    assert all(word in page for word in ("职务", "经理", "采购", "来源", "上门", "客户推荐"))
    before = steps.everything()
    jobs.decide(job, rows=None, columns=["title", "source"], take=True)
    job = steps.commit(job, by)
    there.refresh_from_db()
    assert (there.contacts.get().title, there.source) == ("采购", "customer_referral")
    back = update(职务="采购", 来源="上门", 等级="普通")
    assert steps.rows(back)[2].conflicts == {"source": ["customer_referral", "walk_in"]}
    assert steps.rows(update(职务="采购"))[2].conflicts == {}, "it says nothing of the source"
    steps.undo(job, by)
    assert steps.everything() == before
