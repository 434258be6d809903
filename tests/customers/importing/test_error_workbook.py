"""The rows to be corrected as a workbook, and what becomes of them when they come back. Source: REC-15."""

import zipfile
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from customers import archiving
from customers.importing import error_workbook, files, jobs, reading, working
from customers.importing.layout import tables
from customers.models import (
    Customer,
    Import,
    ImportRow,
    Need,
)

from . import steps, workbooks
from .steps import row

pytestmark = [pytest.mark.django_db, pytest.mark.clause("REC-15")]


def test_corrected_rows_alone_are_taken(by, tmp_path):
    path = steps.file_of(
        tmp_path,
        row("远山广告有限公司"),
        row("长河商贸有限公司", "1391234"),
        row("测试", "13910245671", 地址="和平路 3 号"),
        row("大地印务有限公司", "13910245672", 建档日期="没有日期"),
    )
    job = steps.commit(steps.checked(path, by), by)
    assert (job.counts["new"], job.counts["rejected"]) == (2, {"no_contact": 1, "date": 1})
    table = next(tables(reading.read(files.examine(error_workbook.of(job)))))
    lines = [found.cells for found in table]
    assert [line[0] for line in lines] == ["长河商贸有限公司", "测试", "大地印务有限公司"]
    assert all(line[-1] for line in lines)
    lines[0][2], lines[1][0], lines[2][7] = "13910245673", "青松图文设计工作室", "2012.5.3"
    corrected = workbooks.xlsx(tmp_path / "corrected.xlsx", [table.headings, *lines])
    again = steps.checked(corrected, by, corrects=job)
    assert again.tables[0]["fields"][-2:] == ["reference", "reason"]
    again = steps.commit(again, by)
    assert (again.counts["rows"], again.counts["new"], again.counts["update"]) == (3, 2, 1)
    names = set(Customer.objects.filter(registration=None).values_list("name", flat=True))
    assert names == {"远山广告有限公司", "长河商贸有限公司", "青松图文设计工作室", "大地印务有限公司"}


def lines_of(job):
    """(headings, rows by heading) of each sheet of an error workbook, by its name."""
    found = tables(reading.read(files.examine(error_workbook.of(job))))
    return {
        table.sheet.name: (table.headings, [dict(zip(table.headings, line.cells, strict=True)) for line in table])
        for table in found
    }


def written(tmp_path, sheets):
    """The workbook that a person saves."""
    return workbooks.xlsx(
        tmp_path / "corrected.xlsx",
        *((name, [headings, *([line[heading] for heading in headings] for line in lines)])
          for name, (headings, lines) in sheets.items()),
    )  # fmt: skip


def test_corrected_rows_mean_what_the_rows_of_the_first_file_meant(world, by, tmp_path):
    rows = [
        row("远山广告有限公司", 分店="老店", 建档日期="31/12/2012"),
        row("", "13910245674", 分店="老店", 建档日期="5/3/2012", 等级="金卡", 备注="红色"),
    ]
    job = steps.begin(steps.file_of(tmp_path, *rows), by)
    fields = [table["fields"] for table in job.tables]
    fields[0][steps.HEADINGS.index("备注")] = "needs"
    words = {"branch": {"老店": str(world.east.pk)}, "tier": {"金卡": "strategic"}}
    job = steps.commit(steps.check(job, by, words=words), by)
    assert (job.counts["new"], job.counts["rejected"]) == (1, {"no_name": 1})
    sheets = lines_of(job)
    sheets["Sheet1"][1][0]["客户名称"] = "长河商贸有限公司"
    again = steps.commit(steps.checked(written(tmp_path, sheets), by, corrects=job), by)
    assert (again.counts["new"], again.counts["rejected"]) == (1, {})
    customer = Customer.objects.get(name="长河商贸有限公司")
    assert (customer.branch, customer.tier) == (world.east, "strategic")
    assert Need.objects.get(customer=customer).text == "红色"
    assert ImportRow.objects.get(job=again, customer=customer).data["created_on"] == "2012-03-05"


def test_a_sheet_of_the_error_workbook_bears_the_name_of_its_sheet(world, by, tmp_path):
    lines = [["客户名称", "联系电话"], ["", "13910245674"]]
    path = workbooks.xlsx(tmp_path / "单位.xlsx", ("东城分店", lines), ("其他", lines))
    job = steps.commit(steps.checked(path, by), by)
    sheets = lines_of(job)
    assert list(sheets) == ["东城分店", "其他"]
    sheets.pop("其他")
    sheets["东城分店"][1][0]["客户名称"] = "长河商贸有限公司"
    again = steps.checked(written(tmp_path, sheets), by, corrects=job)
    assert steps.rows(again)[2].branch == world.east


def test_rows_corrected_twice_carry_one_reference_and_one_reason(by, tmp_path):
    path = steps.file_of(tmp_path, row("测试", "13910245671", 地址="和平路 3 号"), row("远山广告有限公司", "1391234"))
    job = steps.commit(steps.checked(path, by), by)
    sheets = lines_of(job)
    headings, (invented, without_phone) = sheets["Sheet1"]
    invented["客户名称"], invented["建档日期"], without_phone["备注"] = "青松图文设计工作室", "昨天", "打不通"
    second = steps.commit(steps.checked(written(tmp_path, sheets), by, corrects=job), by)
    assert second.counts["rejected"] == {"no_contact": 1, "date": 1}
    sheets = lines_of(second)
    assert sheets["Sheet1"][0] == headings
    invented, without_phone = sheets["Sheet1"][1]
    assert invented[headings[-2]] == f"{job.pk}-1"
    invented["建档日期"], without_phone["联系电话"] = "2012-05-03", "13910245673"
    third = steps.commit(steps.checked(written(tmp_path, sheets), by, corrects=second), by)
    assert (third.counts["update"], third.counts["new"]) == (1, 1)
    names = set(Customer.objects.filter(registration=None).values_list("name", flat=True))
    assert names == {"青松图文设计工作室", "远山广告有限公司"}


def in_folder(job):
    return sorted(path.name for path in jobs.path_of(job).parent.iterdir())


def test_the_dry_run_writes_the_error_workbook_and_the_commit_keeps_it(by, tmp_path, monkeypatch):
    faulty = row("长河商贸有限公司", "1391234", 等级="金卡")
    job = steps.checked(steps.file_of(tmp_path, row("远山广告有限公司"), faulty), by)
    first = error_workbook.of(job)
    assert in_folder(job) == [first.name, "file"]
    job = steps.check(job, by, words={"tier": {"金卡": "vip"}})
    second = error_workbook.of(job)
    assert in_folder(job) == [second.name, "file"]
    assert second.name != first.name
    monkeypatch.setattr(error_workbook, "write", None)
    job = steps.commit(job, by)
    assert in_folder(job) == [second.name, "file"]


def test_a_row_whose_record_is_in_the_archive_has_nothing_to_correct(world, by, tmp_path):
    archived = row("东方红印务有限公司", "13910020001", 备注="新的")
    faulty = row("长河商贸有限公司", "1391234")
    job = steps.checked(steps.file_of(tmp_path, archived), by)
    archiving.archive(world.ours, version=world.ours.version, reason="closed", at=timezone.now(), by=by)
    job = steps.commit(job, by)
    assert [problem[1] for problem in steps.rows(job)[2].problems] == ["archived"]
    assert (job.counts["marks"]["warning"], in_folder(job)) == (1, ["file"])
    job = steps.checked(steps.file_of(tmp_path, archived, faulty), by)
    (line,) = next(tables(reading.read(files.examine(error_workbook.of(job)))))
    assert line.cells[0] == "长河商贸有限公司"


def test_an_import_without_faulty_rows_has_no_error_workbook(by, tmp_path):
    job = steps.checked(steps.file_of(tmp_path, row("远山广告有限公司", 等级="金卡")), by)
    assert error_workbook.of(job)
    job = steps.check(job, by, words={"tier": {"金卡": "vip"}})
    assert in_folder(job) == ["file"]


@pytest.mark.parametrize("step", ["checking", "committing"])
def test_a_worker_killed_at_the_error_workbook_leaves_none_and_the_next_one_writes_it(by, tmp_path, monkeypatch, step):
    job = steps.begin(steps.file_of(tmp_path, row("长河商贸有限公司", "1391234"), row("远山广告有限公司")), by)
    if step == "checking":
        jobs.check(job, fields=[table["fields"] for table in job.tables], by=by, at=timezone.now())
    else:
        job = steps.check(job, by)
        error_workbook.drop(job)
        jobs.commit(job, by=by, at=timezone.now())
    monkeypatch.setattr(error_workbook.shutil, "rmtree", lambda path, **options: None)  # nothing is tidied up
    with monkeypatch.context() as patched:
        patched.setattr(error_workbook, "_write_cell", _killed)
        with pytest.raises(SystemExit):
            working.work()
    monkeypatch.undo()
    job.refresh_from_db()
    assert (job.state, error_workbook.of(job), in_folder(job)) == (step, None, ["errors", "file"])
    job = steps.work(job)
    assert (job.counts["rows"], in_folder(job)) == (2, [error_workbook.of(job).name, "file"])


def _killed(*_):
    raise SystemExit


def test_cancelled_while_the_error_workbook_is_written(by, tmp_path, monkeypatch):
    job = steps.begin(steps.file_of(tmp_path, row("长河商贸有限公司", "1391234")), by)
    jobs.check(job, fields=[table["fields"] for table in job.tables], by=by, at=timezone.now())
    told = error_workbook._told

    def cancelled(rows, alive):
        jobs.cancel(job, by=by, at=timezone.now())
        return told(rows, alive)

    monkeypatch.setattr(error_workbook, "_told", cancelled)
    job = steps.work(job)
    assert (job.state, in_folder(job)) == ("cancelled", ["file"])


def test_what_is_done_when_all_rows_are_through_is_told(by, tmp_path, monkeypatch):
    told, live = [], jobs.live

    def listened(job, **counters):
        live(job, **counters)
        told.append((job.state, job.phase))

    monkeypatch.setattr(jobs, "live", listened)
    steps.commit(steps.checked(steps.file_of(tmp_path, row("远山广告有限公司"), row("测试")), by), by)
    assert list(dict.fromkeys(told)) == [
        ("checking", ""), ("checking", "names"), ("checking", "workbook"), ("committing", ""),
        ("committing", "workbook"),
    ]  # fmt: skip
    assert Import.objects.get().phase == ""


def test_what_only_warns_is_coloured_as_a_warning_where_the_row_is_rejected_for_something_else(by, tmp_path):
    job = steps.checked(steps.file_of(tmp_path, row("远山广告有限公司", 建档日期="没有日期", 等级="钻石")), by)
    with zipfile.ZipFile(error_workbook.of(job)) as package:
        styles = ElementTree.fromstring(package.read("xl/styles.xml"))  # noqa: S314 - written by us
        sheet = ElementTree.fromstring(package.read("xl/worksheets/sheet1.xml"))  # noqa: S314
    fills = [fill.find(".//{*}fgColor") for fill in styles.find("{*}fills")]
    looks = [fills[int(look.get("fillId"))] for look in styles.find("{*}cellXfs")]
    cells = {cell.get("r"): looks[int(cell.get("s") or 0)] for cell in sheet.iterfind(".//{*}c")}
    coloured = {place: colour.get("rgb")[2:].lower() for place, colour in cells.items() if colour is not None}
    assert coloured == {"G2": "fff3cd", "H2": "f8d7da"}
    headings, [line] = lines_of(job)["Sheet1"]
    assert ["钻石" in reason for reason in line[headings[-1]].splitlines()] == [False, True]
