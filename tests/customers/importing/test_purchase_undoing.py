"""Sales that go out again, and commits that are killed or cancelled. Source: REC-15, REC-16."""

from decimal import Decimal
from random import Random

import pytest
from django.utils import timezone

from customers import purchases
from customers.importing import counts, jobs
from customers.importing.purchases import committing
from customers.models import Customer, Import, ImportRow, Product, Purchase

from . import steps
from .purchase_steps import OURS, checked, everything, go_live, imported, row, sales

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_month_end"), pytest.mark.clause("REC-16", "REC-15")]


def test_undone_nothing_is_left(world, by, tmp_path):
    imported(sales(tmp_path, row()), by)
    before = everything()
    rows = [row(数量="3", 金额="120", 业务员="老王"), row(备注="又"), row("XS-2"), row(""), row("")]
    job = checked(sales(tmp_path, *rows), by)
    jobs.decide(job, rows=None, columns=["amount"], take=True)
    job = steps.commit(job, by)
    assert (Purchase.objects.count(), Purchase.objects.get(document_number="XS-1").amount) == (4, 120)
    job = steps.undo(job, by)
    assert everything() == before
    assert job.counts["undone"] == {"deleted": 3, "restored": 2, "kept": 0}
    again = imported(sales(tmp_path, *rows), by)
    assert (again.counts["new"], again.counts["update"], again.counts["duplicate"]) == (3, 1, 1)


def test_what_was_touched_since_is_kept_and_says_why(world, by, tmp_path):
    rows = [row("1", 销售日期="2026-10-20"), row("2", 销售日期="2026-10-20"), row("3"), row("4"), row("5")]
    job = imported(sales(tmp_path, *rows), by)
    first, _second, third, *_others = Purchase.objects.order_by("pk")
    purchases.change(third, mark=third.mark, fields={"remarks": "看过"}, by=world.accountant, at=timezone.now())
    imported(sales(tmp_path, row("4", 备注="第二次"), name="b.xlsx"), by)
    go_live(world)
    purchases.ask(first, mark=first.mark, amount=Decimal(80), reason="多记", by=world.accountant, at=timezone.now())
    job = steps.undo(job, by)
    assert list(Purchase.objects.order_by("pk").values_list("document_number", flat=True)) == ["1", "2", "3", "4"]
    kept = ImportRow.objects.filter(job=job, made__has_key="kept")
    assert [bool(found.made["kept"]) for found in kept] == [True] * 4
    assert job.counts["undone"] == {"deleted": 1, "restored": 0, "kept": 4}


def test_a_customer_who_has_purchases_is_kept(world, by, tmp_path):
    people = steps.file_of(tmp_path, {"客户名称": "远山广告有限公司", "联系电话": "13910246835", "分店": "东城分店"})
    job = steps.commit(steps.checked(people, by), by)
    sold = imported(sales(tmp_path, row(name="远山广告有限公司")), by)
    job = steps.undo(job, by)
    assert job.counts["undone"]["kept"] == 1
    steps.undo(sold, by)
    assert Customer.objects.filter(name="远山广告有限公司").exists()
    assert not Purchase.objects.exists()


@pytest.mark.parametrize("seed", range(4))
def test_whatever_comes_in_adds_up_is_known_again_and_goes_out(world, by, tmp_path, seed):
    random = Random(seed)
    Product.objects.create(code="card", name="名片")
    imported(sales(tmp_path, row("D-1"), row("", 金额="10")), by)
    before = everything()
    pools = {
        "客户名称": [OURS, "东方红印务", "天光广告有限公司", "西泠图文", "无此人", ""],
        "门店": ["东城分店", "西湖分店", "", "南城店"],
        "销售日期": ["2026-11-20", "2012.5.3", "20260820", "", "五月"],
        "销售单号": ["D-1", "D-2", "", ""],
        "品名": ["名片", "CARD", "画册", ""],
        "数量": ["2", "", "若干"],
        "金额": ["10", "100", "10.0", ""],
        "业务员": [world.owner.name, "老王", ""],
        "单价": ["5", ""],
    }
    weights = {name: [6, *[2] * (len(pool) - 2), 1] for name, pool in pools.items()}
    rows = [
        {name: random.choices(pool, weights[name])[0] for name, pool in pools.items()} for _row in range(40)
    ]  # fmt: skip
    path = sales(tmp_path, *rows)
    job = imported(path, by)
    assert counts.adds_up(job.counts, sum(any(one.values()) for one in rows))
    assert Purchase.objects.count() == len(before) + job.counts["new"]
    stands = everything()
    again = imported(path, by)
    assert again.counts["new"] == 0
    assert again.counts["unchanged"] == again.counts["update"]
    assert again.counts["rejected"] == job.counts["rejected"]
    assert everything() == stands
    steps.undo(again, by)
    assert steps.undo(job, by).counts["undone"]["kept"] == 0
    assert everything() == before


def killed_in_the_middle(path, by, monkeypatch):
    monkeypatch.setattr(committing, "CHUNK", 2)
    jobs.commit(checked(path, by), by=by, at=timezone.now())
    job = jobs.next_job(at=timezone.now())

    def alive(done, total, reached):
        if reached > 2:
            raise SystemExit
        jobs.live(job, at=timezone.now(), done=done, total=total, reached=reached)

    with pytest.raises(SystemExit):
        committing.commit(job, alive)
    assert Purchase.objects.count() == 2
    return job


def test_what_a_killed_worker_left_goes_on(by, tmp_path, monkeypatch):
    path = sales(tmp_path, *(row(f"XS-{at}") for at in range(4)), row("XS-0", 数量="7"), row(""))
    job = steps.work(killed_in_the_middle(path, by, monkeypatch))
    assert (job.state, job.counts["new"], job.counts["duplicate"]) == (Import.State.DONE, 5, 1)
    assert counts.adds_up(job.counts, 6)
    assert Purchase.objects.count() == 5
    assert Purchase.objects.get(document_number="XS-0").quantity == 7
    steps.undo(job, by)
    assert not Purchase.objects.exists()


def test_cancelled_in_the_middle_it_is_taken_back(by, tmp_path, monkeypatch):
    path = sales(tmp_path, *(row(f"XS-{at}") for at in range(5)))
    job = killed_in_the_middle(path, by, monkeypatch)
    jobs.cancel(job, by=by, at=timezone.now())
    job = steps.work(job)
    assert job.state == Import.State.UNDONE
    assert not Purchase.objects.exists()
