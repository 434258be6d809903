"""An import step by step, without a worker beside."""

from pathlib import Path
from time import monotonic, sleep

from django.utils import timezone

from customers.importing import jobs, working
from customers.models import Contact, ContactWay, Customer, Import, ImportRow, MatchKey, Need

from . import workbooks

HEADINGS = [
    "客户名称",
    "联系人",
    "联系电话",
    "邮箱",
    "分店",
    "地址",
    "等级",
    "建档日期",
    "录入人",
    "需求",
    "备注",
    "信用代码",
]


def file_of(tmp_path, *rows, headings=HEADINGS, name="老客户.xlsx"):
    """A workbook of dictionaries {heading: cell}."""
    lines = [headings, *([row.get(heading, "") for heading in headings] for row in rows)]
    return workbooks.xlsx(tmp_path / name, lines)


def begin(path, by, **options):
    with path.open("rb") as upload:
        job = jobs.begin(upload, name=path.name, by=by, at=timezone.now(), **options)
    return work(job)


def work(job, until=None):
    """Have a worker take what waits."""
    working.work()
    job.refresh_from_db()
    if until is None:
        assert not job.problem
    return job


def check(job, by, **options):
    jobs.check(job, fields=[table["fields"] for table in job.tables], by=by, at=timezone.now(), **options)
    return work(job)


def checked(path, by, **options):
    """The import of a file after its dry run."""
    return check(begin(path, by, **options), by)


def commit(job, by):
    jobs.commit(job, by=by, at=timezone.now())
    job = work(job)
    assert job.state == Import.State.DONE
    return job


def undo(job, by):
    jobs.undo(job, by=by, at=timezone.now())
    job = work(job)
    assert job.state == Import.State.UNDONE
    return job


def rows(job):
    """{row number: ImportRow}."""
    return {row.number: row for row in ImportRow.objects.filter(job=job).order_by("place")}


def row(name, phone="13910246835", **more):
    return {"客户名称": name, "联系电话": phone, "分店": "东城分店"} | more


def everything():
    """The register as it stands, without when and by whom records were last updated."""
    passing = {"updated_at", "updated_by_id", "version"}
    customers = [
        {name: value for name, value in one.items() if name not in passing}
        for one in Customer.objects.order_by("pk").values()
    ]
    others = [list(model.objects.order_by("pk").values()) for model in (Contact, ContactWay, Need, MatchKey)]
    return [customers, *others]


def ended(pid):
    """Whether this process ends soon; whoever should look after it may be slower."""
    until = monotonic() + 10
    while monotonic() < until:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return True
        if stat.rsplit(")", 1)[1].split()[0] == "Z":
            return True
        sleep(0.02)
    return False
