"""Whatever happens on the way - workers that die at any statement, edits in between - the rows add up and nothing is
left that belongs to nobody."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from random import Random
from typing import NamedTuple

import pytest
from django.conf import settings
from django.db import OperationalError, connection, connections
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from customers.actions import edit
from customers.importing import checking, committing, counts, jobs, undoing, working
from customers.importing.purchases import committing as committing_purchases
from customers.importing.purchases import undoing as undoing_purchases
from customers.models import (
    Campaign,
    CampaignEntry,
    Contact,
    ContactWay,
    Customer,
    CustomerGrant,
    Import,
    ImportRow,
    MatchKey,
    Need,
    Purchase,
)

from . import steps

pytestmark = [pytest.mark.clause("REC-15")]
DATABASE_KILLS = 6
NAMES = ["远山广告", "长河商贸", "大地印务", "蓝天文化", "青松图文", "白云标识", "东方红印务", "测试"]


class Killed(BaseException):
    """The worker is no more: nothing catches this."""


def register():
    """What stands in the register, without keys and moments."""
    said = {}
    for pk, name, *columns in Customer.objects.values_list(
        "pk", "name", "address", "remarks", "tier", "stage", "branch", "missing"
    ):
        ways = ContactWay.objects.filter(customer=pk).values_list("contact__name", "kind", "value", "extension")
        keys = MatchKey.objects.filter(customer=pk).values_list("kind", "value")
        needs = Need.objects.filter(customer=pk).values_list("text", flat=True)
        people = Contact.objects.filter(customer=pk).values_list("name", "title")
        parts = (sorted(map(tuple, ways)), sorted(map(tuple, keys)), sorted(needs), sorted(map(tuple, people)))
        said.setdefault(name, []).append((*columns, *parts))
    return {name: sorted(map(repr, rows)) for name, rows in said.items()}


def forty_rows(tmp_path):
    rows = []
    for at in range(40):
        name = f"{NAMES[at % len(NAMES)]}{at // 2}号有限公司"
        rows.append(
            {
                "客户名称": name,
                "联系电话": f"139102468{at:02d}",
                "分店": "东城分店",
                "需求": "名片",
                "备注": "旧" * (at % 3),
            }
        )
    rows[3]["联系电话"], rows[5]["分店"], rows[7]["建档日期"] = "", "火星", "没有日期"
    rows += [{"客户名称": "东方红印务有限公司", "联系电话": "13910020001", "分店": "东城分店", "备注": "老客户"}]
    return steps.file_of(tmp_path, *rows)


def sales_rows(tmp_path):
    """Sales of customers who are there, of one who is not, and such as say less than they must."""
    headings = ["客户名称", "门店", "销售日期", "销售单号", "品名", "数量", "金额", "备注"]
    names = ["东方红印务有限公司", "西泠图文有限公司", "天光广告有限公司"]
    rows = [
        {
            "客户名称": names[at % 3],
            "门店": "东城分店",
            "销售日期": f"2012-05-{at % 5 + 1:02d}",
            "销售单号": f"XS-{at // 2}" if at % 4 < 2 else "",
            "品名": ("名片", "画册")[at % 2],
            "数量": str(at % 3 or ""),
            "金额": f"{at}.50",
            "备注": "加急" * (at % 3),
        }
        for at in range(24)
    ]
    rows[3]["金额"], rows[5]["客户名称"], rows[7]["销售日期"] = "", "查无此人有限公司", "没有日期"
    rows += [rows[0] | {"备注": "第二次"}, rows[10], rows[10]]
    return steps.file_of(tmp_path, *rows, headings=headings, name="销售.xlsx")


def sale_that_is_there(world):
    """What the first row of the sales finds, without remarks of its own."""
    Purchase.objects.create(
        customer=world.ours, branch=world.east, bought_on=date(2012, 5, 1), document_number="XS-0",
        product_text="名片", amount=Decimal("0.50"), created_at=timezone.now(),
    )  # fmt: skip


def sales_said():
    return sorted(
        map(
            repr,
            Purchase.objects.values_list(
                "customer__name", "branch", "bought_on", "document_number", "product_text", "quantity", "amount",
                "seller_text", "remarks", "fingerprint", "created_by",
            ),
        )
    )  # fmt: skip


def leads_said():
    members = CampaignEntry.objects.values_list("campaign__name", "customer__name", "customer__stage", "was_new")
    grants = CustomerGrant.objects.values_list("customer__name", "person")
    return (
        sorted(Campaign.objects.values_list("name", flat=True)),
        sorted(map(repr, members)),
        sorted(map(repr, grants)),
    )


class Sort(NamedTuple):
    """One kind of import: a file of it, what has to be there before, what it writes beside customers."""

    kind: str
    file: Callable
    seeds: range
    found: dict  # some of its counts
    beside: Callable = list
    before: Callable = lambda _world: None
    options: dict = {}


OF_CUSTOMERS = {"update": 1, "rejected": {"no_contact": 1, "branch": 1, "date": 1}}
OF_SALES = {"update": 1, "duplicate": 1, "rejected": {"customer": 1, "amount": 1, "date": 1}}
SORTS = [
    Sort(Import.Kind.CUSTOMERS, forty_rows, range(10), OF_CUSTOMERS),
    Sort(
        Import.Kind.PURCHASES, sales_rows, range(10, 18), OF_SALES,
        beside=sales_said, before=sale_that_is_there,
    ),
    Sort(
        Import.Kind.LEADS, forty_rows, range(18, 26), OF_CUSTOMERS, beside=leads_said,
        options={"campaign": "春季广告"},
    ),
]  # fmt: skip


class Fate:
    """Ends workers at these statements of the database, counted over all that an import takes."""

    def __init__(self, *statements):
        self.statements, self.seen = statements, 0
        self.ended = []  # the steps that the workers had in hand

    def __call__(self, execute, sql, params, many, context):
        self.seen += 1
        if self.seen in self.statements:
            self.end()
        return execute(sql, params, many, context)

    def end(self):
        raise NotImplementedError


class WorkerKilled(Fate):
    """Says nothing more. What it had not committed is rolled back, as it would be with the end of its connection."""

    dead = False

    def __call__(self, execute, sql, params, many, context):
        if not self.dead:
            return super().__call__(execute, sql, params, many, context)
        if not sql.startswith(("ROLLBACK TO", "RELEASE")):
            raise Killed
        return execute(sql, params, many, context)

    def end(self):
        self.dead = True
        raise Killed


class DatabaseKilled(Fate):
    """PostgreSQL is killed under the statement: the connection ends, and what was not committed with it."""

    def end(self):
        killer = connections.create_connection("default")
        with killer.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
        killer.close()


def work(fate):
    with connection.execute_wrapper(fate):
        working.work()


def whole_way(path, by, fate, sort=SORTS[0]):
    """The import of a file from the upload to the end, and its undoing, with workers that meet this fate. Returns what
    stood there in between, and the counts."""

    def worked(job):
        for _worker in range(10):
            try:
                work(fate)
                if not connection.is_usable():  # as Celery does between tasks
                    connection.close()
            except Killed:
                fate.dead = False
                fate.ended.append(job.state)
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock_all()")  # as its connection would end with it
                continue
            except OperationalError:
                fate.ended.append(job.state)
                connection.close()
                continue
            job.refresh_from_db()
            if not job.is_working:
                return job
        raise AssertionError(f"still {job.state}")

    with path.open("rb") as upload:
        job = jobs.begin(upload, name=path.name, by=by, at=timezone.now(), kind=sort.kind, **sort.options)
    worked(job)
    jobs.check(job, fields=[table["fields"] for table in job.tables], by=by, at=timezone.now())
    worked(job)
    jobs.commit(job, by=by, at=timezone.now())
    worked(job)
    said = {name: value for name, value in job.counts.items() if name != "by_table"}
    found = register(), sort.beside(), said
    assert counts.adds_up(job.counts, ImportRow.objects.filter(job=job).count())
    jobs.undo(job, by=by, at=timezone.now())
    worked(job)
    assert job.counts["undone"]["kept"] == 0
    return found


def kill_points(seed, among):
    """One statement or two of so many: a step that ends its worker three times is given up."""
    random = Random(seed)
    return [random.randrange(1, among + 1) for _kill in range(random.randrange(1, 3))]


@pytest.fixture
def in_small_pieces(monkeypatch):
    for module in (checking, committing, committing_purchases):
        monkeypatch.setattr(module, "CHUNK", 7)
    for module in (undoing, undoing_purchases):
        monkeypatch.setattr(module, "AT_ONCE", 7)


@pytest.mark.django_db
@pytest.mark.parametrize("sort", SORTS, ids=[str(sort.kind) for sort in SORTS])
def test_a_worker_killed_at_any_statement_ends_with_the_same_counts(world, tmp_path, in_small_pieces, sort):
    sort.before(world)
    path, by, before = sort.file(tmp_path), world.administrator, (register(), sort.beside())
    whole, ended = WorkerKilled(), set()
    told = whole_way(path, by, whole, sort)
    assert (register(), sort.beside()) == before
    assert told[:2] != before
    assert {name: told[2][name] for name in sort.found} == sort.found
    for seed in sort.seeds:
        fate = WorkerKilled(*kill_points(seed, whole.seen))
        assert whole_way(path, by, fate, sort) == told, (seed, fate.ended)
        assert (register(), sort.beside()) == before, (seed, fate.ended)
        assert fate.ended, "somebody was killed"
        ended.update(fate.ended)
    assert {"checking", "committing", "undoing"} <= ended


@pytest.mark.clause("REC-15")
def test_postgresql_killed_under_any_statement_while_valkey_is_away(live_world, tmp_path, in_small_pieces, settings):
    """The next sweep goes on where the last commit was; a cache that does not answer changes nothing."""
    nobody = settings.CACHES["default"] | {"LOCATION": f"unix://{tmp_path}/nobody.sock?db=1"}
    settings.CACHES = {"default": nobody}
    path, by, before = forty_rows(tmp_path), live_world.administrator, register()
    whole, ended = DatabaseKilled(), set()
    told = whole_way(path, by, whole)
    for seed in range(DATABASE_KILLS):
        fate = DatabaseKilled(*kill_points(seed, whole.seen))
        assert whole_way(path, by, fate) == told, (seed, fate.ended)
        assert register() == before, (seed, fate.ended)
        ended.update(fate.ended)
    assert {"checking", "committing", "undoing"} <= ended


WORKER = """
import django
django.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = {name!r}
from customers.importing import committing, working
committing.CHUNK = 1
working.work()
"""


def test_kill_minus_nine_in_the_middle_of_a_commit(live_world, tmp_path, monkeypatch):
    """A process of its own, killed as the kernel kills; PostgreSQL ends what it had begun."""
    by = live_world.administrator
    job = steps.checked(forty_rows(tmp_path), by)
    jobs.commit(job, by=by, at=timezone.now())
    script = WORKER.format(name=connection.settings_dict["NAME"])
    environment = {"DJANGO_SETTINGS_MODULE": "crm_site.settings"}
    worker = subprocess.Popen([sys.executable, "-c", script], cwd=settings.BASE_DIR, env=os.environ | environment)
    try:
        deadline = time.monotonic() + 240
        while Import.objects.get(pk=job.pk).reached < 5 and time.monotonic() < deadline:
            time.sleep(0.002)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    job.refresh_from_db()
    assert (job.state, job.running) == ("committing", True)
    assert 5 <= job.reached < 41
    there = Customer.objects.filter(registration=None).count()
    assert 0 < there < job.counts["new"]
    deadline = time.monotonic() + 60
    while working.work() is None and time.monotonic() < deadline:  # until PostgreSQL has noticed
        time.sleep(0.05)
    job.refresh_from_db()
    assert job.state == "done"
    assert Customer.objects.filter(registration=None).count() == job.counts["new"]
    assert counts.adds_up(job.counts, 41)


OUTCOMES = ("rows", "new", "update", "duplicate", "ignored", "rejected")
LINES = st.fixed_dictionaries(
    {
        "客户名称": st.sampled_from(
            [*(f"{name}有限公司" for name in NAMES), *(f"{name}公司" for name in NAMES[:3]), ""]
        ),
        "联系人": st.sampled_from(["", "张三", "李四"]),
        "联系电话": st.sampled_from(["", "13910020001", *(f"1391024680{at}" for at in range(6)), "139"]),
        "邮箱": st.sampled_from(["", "", "a@example.com", "b@example.com"]),
        "分店": st.sampled_from(["东城分店", "东城分店", "西湖分店", "火星"]),
        "地址": st.sampled_from(["", "和平路 3 号", "人民路 9 号"]),
        "备注": st.sampled_from(["", "老客户"]),
        "需求": st.sampled_from(["", "名片", "横幅"]),
    }
)


def assert_whole():
    """Every record and piece has its history to this day or its end, and every piece its record."""
    for model in (Customer, Contact, ContactWay, Need):
        events = model._meta.get_field("events").related_model
        told = [field.attname for field in events._meta.concrete_fields if not field.attname.startswith("pgh_")]
        last = {event["pgh_obj_id"]: event for event in events.objects.order_by("pgh_id").values()}
        rows = {row["id"]: row for row in model.objects.values()}
        assert rows.keys() <= last.keys()
        for pk, event in last.items():
            if pk in rows:
                assert {name: event[name] for name in told} == {name: rows[pk][name] for name in told}
            else:
                assert event["pgh_label"] == "delete"
    there = set(Customer.objects.values_list("pk", flat=True))
    for model in (Contact, ContactWay, Need, MatchKey):
        assert set(model.objects.values_list("customer", flat=True)) <= there
    pairs = MatchKey.objects.values_list("customer", "kind", "value")
    assert len(set(pairs)) == len(pairs)


@pytest.mark.django_db
@hypothesis_settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.lists(LINES, min_size=1, max_size=8), second=st.lists(LINES, max_size=4), edited=st.booleans())
def test_imports_edits_and_undoing_leave_a_whole_register(world, tmp_path, first, second, edited):
    by = world.administrator
    before = register()
    number = ImportRow.objects.count()
    one = steps.commit(steps.checked(steps.file_of(tmp_path, *first, name="1.xlsx"), by), by)
    assert counts.adds_up(one.counts, ImportRow.objects.count() - number)
    assert_whole()
    new = Customer.objects.filter(pk__in=ImportRow.objects.filter(job=one, outcome="new").values("customer"))
    touched = new.first() if edited else None
    if touched:
        edit(touched, version=touched.version, fields={"remarks": "看过"}, by=world.accountant, at=timezone.now())
    other = steps.commit(steps.checked(steps.file_of(tmp_path, *first, *second, name="2.xlsx"), by), by)
    lines = sum(counts.rejected(job.counts) + job.counts["new"] + job.counts["update"] for job in (one, other))
    assert lines + sum(job.counts["duplicate"] + job.counts["ignored"] for job in (one, other)) == (
        ImportRow.objects.count() - number
    )
    assert_whole()
    steps.undo(other, by)
    steps.undo(one, by)
    assert_whole()
    if touched:
        assert Customer.objects.get(pk=touched.pk).remarks == "看过"
        Customer.objects.filter(pk=touched.pk).delete()
    assert register() == before
    again = steps.commit(steps.checked(steps.file_of(tmp_path, *first, name="3.xlsx"), by), by)
    assert {name: again.counts[name] for name in OUTCOMES} == {name: one.counts[name] for name in OUTCOMES}
    assert_whole()
    steps.undo(again, by)
    assert register() == before
