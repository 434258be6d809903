"""Rows of a file against a register that is not empty: filled, in conflict, suspected, corrected, taken back."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext

from customers import blanks, dossier
from customers.importing import counts, error_workbook, jobs, judged
from customers.importing.refusals import Refused
from customers.models import (
    Contact,
    ContactWay,
    Customer,
    DuplicateVerdict,
    Import,
    MatchKey,
    Need,
    SuspectPair,
)
from staff.models import Person

from . import steps, workbooks
from .steps import everything, row

pytestmark = [pytest.mark.django_db, pytest.mark.clause("REC-15")]


@pytest.mark.parametrize(
    ("dates", "days"),
    [
        (["5/3/2012", "31/12/2012"], ["2012-03-05", "2012-12-31"]),
        (["5/3/2012", "12/31/2012"], ["2012-05-03", "2012-12-31"]),
        (["5/3/2012", "31/12/2012", "12/31/2012"], [None, "2012-12-31", "2012-12-31"]),
        (["5/3/2012", "2012-12-31", "6/6/2012"], [None, "2012-12-31", "2012-06-06"]),
    ],
)
def test_the_order_of_day_and_month_is_that_of_the_column(world, by, tmp_path, dates, days):
    names = ["远山广告有限公司", "长河商贸有限公司", "大地印务有限公司"]
    phones = ["13910246835", "13910245679", "13910248642"]
    lines = [row(*who, 建档日期=date) for *who, date in zip(names, phones, dates, strict=False)]
    job = steps.checked(steps.file_of(tmp_path, *lines), by)
    found = [(one.reason, one.data.get("created_on")) for one in steps.rows(job).values()]
    assert found == [("", day) if day else ("date", None) for day in days]


def test_dates_of_a_column_that_only_a_person_knows_have_an_order_as_well(world, by, tmp_path):
    headings = ["客户名称", "联系电话", "分店", "何时"]
    rows = (row("远山广告有限公司", 何时="05/03/12"), row("长河商贸有限公司", "13910245679", 何时="31/12/2012"))
    job = steps.begin(steps.file_of(tmp_path, *rows, headings=headings), by)
    jobs.check(job, fields=[["name", "phone", "branch", "created_on"]], by=by, at=timezone.now())
    found = steps.rows(steps.work(job))
    assert [one.data.get("created_on") for one in found.values()] == ["2012-03-05", "2012-12-31"]


def test_the_first_author_and_day_stay(world, by, tmp_path):
    path = steps.file_of(
        tmp_path,
        row("远山广告有限公司", 录入人=world.owner.name, 建档日期="2012.5.3", 需求="名片"),
        row("长河商贸有限公司", "13910245679", 录入人="早已离职", 建档日期="2013年6月4日"),
    )
    job = steps.commit(steps.checked(path, by), by)
    known, gone = Customer.objects.filter(name__in=["远山广告有限公司", "长河商贸有限公司"]).order_by("pk")
    assert (known.created_by, timezone.localdate(known.created_at).isoformat()) == (world.owner, "2012-05-03")
    assert (gone.created_by, timezone.localdate(gone.created_at).isoformat()) == (None, "2013-06-04")
    assert steps.rows(job)[3].data["author_text"] == "早已离职"
    assert known.needs.get().noted_by == world.owner
    assert "phone" not in gone.missing
    assert "contact_name" in gone.missing
    event = known.events.order_by("-pgh_id").first()
    assert event.pgh_context["person"] == by.pk
    assert event.pgh_context["job"] == f"import:{job.pk}"


def test_blanks_are_filled_and_what_differs_stays_unless_decided(world, by, tmp_path):
    before = world.ours
    path = steps.file_of(
        tmp_path,
        row("东方红印务有限公司", "13910020001", 地址="人民路 9 号", 备注="老客户", 邮箱="a@example.com", 等级="战略"),
    )
    job = steps.checked(path, by)
    found = steps.rows(job)[2]
    assert (found.outcome, found.customer) == ("update", before)
    assert found.conflicts == {"address": ["中山路 1 号", "人民路 9 号"], "tier": ["normal", "strategic"]}
    jobs.decide(job, rows=None, columns=["tier"], take=True)
    steps.commit(job, by)
    now = Customer.objects.get(pk=before.pk)
    assert (now.address, now.tier, now.remarks, now.owner) == ("中山路 1 号", "strategic", "老客户", before.owner)
    assert now.version == before.version + 1
    assert [way.value for way in now.ways.filter(kind="email")] == ["a@example.com"]
    assert now.contacts.count() == 1
    assert MatchKey.objects.filter(customer=now, kind="email", value="a@example.com").exists()


def test_a_duplicate_within_the_file_is_merged_into_the_first(by, tmp_path):
    path = steps.file_of(
        tmp_path,
        row("远山广告有限公司", 联系人="张三"),
        row("远山广告公司", "13987654321", 联系人="李四", 备注="第二行", 需求="横幅"),
    )
    job = steps.commit(steps.checked(path, by), by)
    assert (job.counts["new"], job.counts["duplicate"]) == (1, 1)
    one = Customer.objects.get(name="远山广告有限公司")
    assert sorted(one.contacts.values_list("name", flat=True)) == ["张三", "李四"]
    assert (one.remarks, one.needs.get().text) == ("第二行", "横幅")
    assert steps.rows(job)[3].customer == one


TWO = [*steps.HEADINGS, "联系人2", "职务2", "电话2", "邮箱2", "第三联系人", "联系人3手机"]
SECOND = {"联系人2": "王五", "职务2": "采购", "电话2": "13910246711", "邮箱2": "w@example.com"}


def people(customer):
    return [
        (contact.name, contact.title, [way.value for way in contact.ways.all()]) for contact in customer.contacts.all()
    ]


def test_a_second_and_a_third_contact_are_people_of_their_own(world, by, tmp_path):
    third = {"第三联系人": "赵六", "联系人3手机": "13910246722"}
    path = steps.file_of(tmp_path, row("远山广告有限公司", 联系人="张三", **SECOND, **third), headings=TWO)
    job = steps.commit(steps.checked(path, by), by)
    new = Customer.objects.get(name="远山广告有限公司")
    assert people(new) == [
        ("张三", "", ["+8613910246835"]),
        ("王五", "采购", ["+8613910246711", "w@example.com"]),
        ("赵六", "", ["+8613910246722"]),
    ]
    assert steps.rows(job)[2].extras == {}
    kinds = set(MatchKey.objects.filter(customer=new).values_list("value", flat=True))
    assert kinds >= {"+8613910246835", "+8613910246711", "+8613910246722", "w@example.com"}
    again = steps.commit(steps.checked(path, by), by)
    assert (again.counts["new"], len(people(new))) == (0, 3)


def test_a_second_contact_is_added_to_a_record_and_taken_back(world, by, tmp_path):
    before = everything()
    twice = {**SECOND, "第三联系人": "王五", "联系人3手机": SECOND["电话2"]}
    path = steps.file_of(tmp_path, row(world.ours.name, "13910020001", **twice), headings=TWO)
    job = steps.commit(steps.checked(path, by), by)
    assert people(world.ours) == [
        ("李娜", "", ["+8613910020001"]),
        ("王五", "采购", ["+8613910246711", "w@example.com"]),
    ]
    steps.undo(job, by)
    assert everything() == before


def test_the_name_of_a_contact_whose_phone_somebody_else_has_is_told_by_the_record(world, by, sign_in, tmp_path):
    steps.commit(
        steps.checked(steps.file_of(tmp_path, row(world.ours.name, "13910020001", 联系人="段小萍")), by), by
    )  # fmt: skip
    assert people(world.ours) == [("李娜", "", ["+8613910020001"])]
    assert [origin["others"] for origin in dossier.read(world.ours)["origins"]] == [["段小萍"]]
    assert "段小萍" in sign_in(world.manager).get(f"/customers/{world.ours.pk}/").text


def test_a_second_contact_alone_reaches_the_customer_and_its_faults_are_told(by, tmp_path):
    rows = (row("远山广告有限公司", "", **SECOND), row("长河商贸有限公司", **{"联系人2": "王五", "电话2": "139"}))
    job = steps.checked(steps.file_of(tmp_path, *rows, headings=TWO), by)
    assert (job.counts["new"], job.counts["marks"]["warning"]) == (2, 1)
    [[column, code, *_said]] = steps.rows(job)[3].problems
    assert (TWO[column], code) == ("电话2", "phone")


@pytest.mark.clause("REC-11")
@pytest.mark.parametrize(
    ("name", "contacts", "place"),
    [
        ("张三", [("李四", True), ("张 三", False)], 1),
        ("Ann Lee", [("ANN LEE", False)], 0),
        ("张三", [("李四", True), ("", False), ("", True)], 2),
        ("张三", [("李四", True), ("", False)], None),
        ("", [("", False), ("李四", True)], 1),
        ("", [("李四", False), ("", False)], 1),
        ("", [("李四", False)], None),
        ("张三", [], None),
    ],
)
def test_whom_a_card_or_a_row_is_about(name, contacts, place):
    assert blanks.place_of(name, contacts) == place


def test_a_row_that_names_nobody_is_about_whoever_has_its_number(world, by, tmp_path):
    Contact.objects.create(customer=world.ours)
    path = steps.file_of(tmp_path, row(world.ours.name, "13910020001", 邮箱="li@example.com"))
    steps.commit(steps.checked(path, by), by)
    assert {name: ways for name, _title, ways in people(world.ours)} == {
        "李娜": ["+8613910020001", "li@example.com"], "": []
    }  # fmt: skip


@pytest.mark.clause("REC-18")
def test_suspects_come_in_and_are_paired(world, by, tmp_path):
    path = steps.file_of(
        tmp_path,
        row("蓝天文化传播中心", "13910020001"),  # the phone of another customer
        row("天光广告标识有限公司", "13912340002"),  # a name that contains one of the unit
        row("大地数码图文", "13912340003"),
        row("大地数码图文店", "13912340004"),  # like the row above
        row("西泠图文有限公司", "13912340005"),  # the name of another unit's customer
    )
    job = steps.commit(steps.checked(path, by), by)
    assert (job.counts["new"], job.counts["marks"]["suspect"]) == (5, 4)
    pairs = {(pair.first.name, pair.second.name): pair.reasons for pair in SuspectPair.objects.all()}
    assert pairs == {
        ("东方红印务有限公司", "蓝天文化传播中心"): ["same_phone"],
        ("天光广告有限公司", "天光广告标识有限公司"): ["similar_name"],
        ("大地数码图文", "大地数码图文店"): ["similar_name"],
        ("西泠图文有限公司", "西泠图文有限公司"): ["same_name"],
    }


@pytest.mark.clause("REC-18")
def test_what_people_judged_different_is_not_suspected_again(world, by, tmp_path):
    path = steps.file_of(tmp_path, row("蓝天文化传播中心", "13910020001"))
    first = steps.commit(steps.checked(path, by), by)
    pair = SuspectPair.objects.get()
    DuplicateVerdict.objects.create(
        first=pair.first, second=pair.second, reason="x", decided_at=timezone.now(), decided_by=by
    )
    pair.delete()
    path = steps.file_of(tmp_path, row("蓝天文化传播中心", "13910020001", 备注="又一次"))
    again = steps.commit(steps.checked(path, by), by)
    assert again.counts["update"] == first.counts["new"] == 1
    assert not SuspectPair.objects.exists()


def test_an_archived_record_stays_as_it_is(world, by, tmp_path):
    Customer.objects.filter(pk=world.ours.pk).update(archived_at=timezone.now(), archived_by=by)
    path = steps.file_of(tmp_path, row("东方红印务有限公司", "13910020001", 备注="新的"))
    job = steps.commit(steps.checked(path, by), by)
    assert (job.counts["update"], job.counts["marks"]["warning"]) == (1, 1)
    assert not Customer.objects.get(pk=world.ours.pk).remarks


def test_the_same_file_again_is_recognised_and_changes_nothing(by, tmp_path):
    rows = [row("远山广告有限公司"), row("张伟", "", 地址="和平路 3 号"), row("张伟", "", 地址="和平路 3 号")]
    path = steps.file_of(tmp_path, *rows)
    first = steps.commit(steps.checked(path, by), by)
    before = everything()
    again = steps.checked(path.rename(tmp_path / "换名.xlsx"), by)
    assert list(jobs.earlier(again)) == [first]
    again = steps.commit(again, by)
    assert (again.counts["new"], again.counts["update"] + again.counts["duplicate"]) == (0, 3)
    assert everything() == before


def test_one_changed_cell_changes_one_thing(by, tmp_path):
    rows = [row("远山广告有限公司"), row("长河商贸有限公司", "13910245679")]
    steps.commit(steps.checked(steps.file_of(tmp_path, *rows), by), by)
    number = ContactWay.objects.count()
    rows[1]["邮箱"] = "new@example.com"
    job = steps.commit(steps.checked(steps.file_of(tmp_path, *rows), by), by)
    assert (job.counts["new"], job.counts["update"]) == (0, 2)
    assert ContactWay.objects.count() == number + 1
    assert ContactWay.objects.get(value="new@example.com").customer.name == "长河商贸有限公司"


def test_unknown_words_are_asked_for_and_remembered(world, by, tmp_path):
    path = steps.file_of(tmp_path, row("远山广告有限公司", 分店="东城店", 等级="钻石"))
    job = steps.checked(path, by)
    assert job.unknown == {"branch": {"东城店": 1}, "tier": {"钻石": 1}}
    assert job.counts["rejected"] == {"branch": 1}
    job = steps.check(job, by, words={"branch": {"东城店": world.east.pk}, "tier": {"钻石": "strategic"}})
    assert (job.unknown, job.counts["new"]) == ({}, 1)
    other = steps.file_of(tmp_path, row("长河商贸有限公司", 分店="东城店", 等级="钻石"), name="b.xlsx")
    job = steps.begin(other, by)
    assert job.tables[0]["remembered"]
    job = steps.commit(steps.check(job, by), by)
    assert Customer.objects.get(name="长河商贸有限公司").tier == "strategic"


def test_a_header_of_words_that_only_a_person_knew_is_found_the_next_time(by, tmp_path):
    odd, meant = ["宝号", "千里传音", "门庭"], ["name", "phone", "branch"]

    def book(name, *rows):
        return workbooks.xlsx(tmp_path / name, [["老店名录"], odd, *rows], [["说明"], ["先填宝号"]])

    job = steps.begin(book("a.xlsx", ["远山广告有限公司", "13910246835", "东城分店"], ["", "13910245671", ""]), by)
    assert job.tables[0]["header_row"] is None
    assert job.tables[0]["top"][:2] == [[1, ["老店名录", "", ""]], [2, odd]]  # from which the person tells
    jobs.look_again(job, header_rows={"1": 2})
    job = steps.work(job)
    assert (job.tables[0]["top"], job.tables[1]["top"]) == ([], [[1, ["说明"]], [2, ["先填宝号"]]])
    jobs.check(job, fields=[meant, []], by=by, at=timezone.now())
    first = steps.commit(steps.work(job), by)
    job = steps.begin(book("b.xlsx", ["长河商贸有限公司", "13910245679", "东城分店"]), by)
    found = [(table["header_row"], table["fields"]) for table in job.tables]
    assert (found, job.header_rows) == ([(2, meant), (None, [])], {"1": 2})
    assert steps.check(job, by).counts["new"] == 1
    with error_workbook.of(first).open("rb") as corrected:  # its headings are as odd, and their sheet has no title
        job = jobs.begin(corrected, name="c.xlsx", by=by, at=timezone.now(), corrects=first)
    assert steps.work(job).tables[0]["fields"] == [*meant, "reference", "reason"]
    # One of its headings stands a line below: what is looked through stays what the dry run reads.
    job = steps.begin(book("d.xlsx", ["", "", "", "备注"], ["大地印务有限公司", "13910245680", "东城分店", "老客"]), by)
    assert (job.tables[0]["headings"], job.header_rows) == ([*odd, "备注"], {"1": 2})
    jobs.check(job, fields=[[*meant, "remarks"], []], by=by, at=timezone.now())
    assert steps.work(job).counts["new"] == 1


def test_what_has_no_field_here_is_kept(by, tmp_path):
    headings = [*steps.HEADINGS, "会员卡号", "省", "国家"]
    path = steps.file_of(tmp_path, row("远山广告有限公司", 会员卡号="K77", 省="火星省", 国家="火星"), headings=headings)
    job = steps.commit(steps.checked(path, by), by)
    assert set(steps.rows(job)[2].extras.values()) == {"K77", "火星省", "火星"}


def test_who_was_in_charge_is_shown_with_the_record_where_nobody_here_has_that_name(by, tmp_path):
    headings = [*steps.HEADINGS, "业务代表"]
    path = steps.file_of(tmp_path, row("远山广告有限公司", 业务代表="老邓"), headings=headings)
    job = steps.commit(steps.checked(path, by), by)
    customer = Customer.objects.get(name="远山广告有限公司")
    assert customer.owner is None
    assert [(origin["job"], origin["owner"]) for origin in dossier.read(customer)["origins"]] == [(job.pk, "老邓")]


def test_a_file_without_a_column_for_the_unit_says_so(by, tmp_path):
    path = steps.file_of(tmp_path, row("远山广告有限公司"), headings=["客户名称", "联系电话"])
    job = steps.checked(path, by)
    assert job.counts["rejected"] == {"branch": 1}
    assert [problem[2] for problem in steps.rows(job)[2].problems] == [str(judged.NO_UNITS)]


def unchanged(job):
    """As counted, and how many rows there are behind the figure."""
    job.refresh_from_db()
    assert job.counts["unchanged"] == job.counts["by_table"][0]["unchanged"] == counts.unchanged(job)
    return job.counts["unchanged"]


def test_updates_that_write_nothing_are_counted(by, tmp_path):
    same = row("远山广告有限公司", 地址="和平路 3 号", 需求="名片")
    other, filled = row("长河商贸有限公司", "13910245679", 备注="旧"), row("大地印务", "13910245680")
    job = steps.commit(steps.checked(steps.file_of(tmp_path, same, other, filled), by), by)
    assert unchanged(job) == 0
    again = same, other | {"备注": "新"}, filled | {"地址": "人民路 9 号"}, row("青松图文", "13910245681")
    path = steps.file_of(tmp_path, *again, name="again.xlsx")
    job = steps.checked(path, by)
    assert (job.counts["update"], unchanged(job)) == (3, 2), "what differs stays, unless somebody decides otherwise"
    jobs.decide(job, rows=None, columns=["remarks"], take=True)
    job.refresh_from_db()
    assert job.counts["unchanged"] == counts.unchanged(job) == 1
    jobs.decide(job, rows=[2], columns=["remarks"], take=False)
    job = steps.commit(job, by)
    assert (job.counts["update"], unchanged(job)) == (3, 2)
    assert steps.undo(job, by).counts["unchanged"] == 2


def test_a_decided_difference_is_a_change(by, tmp_path):
    steps.commit(steps.checked(steps.file_of(tmp_path, row("长河商贸有限公司", 备注="旧")), by), by)
    job = steps.checked(steps.file_of(tmp_path, row("长河商贸有限公司", 备注="新")), by)
    jobs.decide(job, rows=None, columns=["remarks"], take=True)
    assert unchanged(steps.commit(job, by)) == 0


def test_the_shell_says_how_many_updates_change_nothing(by, tmp_path):
    path = steps.file_of(tmp_path, row("远山广告有限公司"), row("长河商贸有限公司", "1391234"))
    steps.commit(steps.checked(path, by), by)
    out = StringIO()
    with translation.override("en"):
        call_command("import", str(path), dry_run=True, stdout=out, stderr=StringIO())
    assert out.getvalue().splitlines()[-1] == (
        "2 rows: 0 new, 1 updates (1 unchanged), 0 duplicates, 1 rejected, 0 ignored"
    )


@pytest.mark.parametrize(("name", "why"), [("none.xlsx", "there is no such file"), (".", "it is a folder")])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_shell_says_in_one_language_why_a_file_cannot_be_opened(tmp_path, name, why, language):
    with translation.override(language), pytest.raises(CommandError) as said:
        call_command("import", str(tmp_path / name), stderr=StringIO())
    assert "Errno" not in str(said.value)
    assert "No such file" not in str(said.value)
    with translation.override(language):
        assert str(said.value).endswith(gettext(why))


def test_what_stands_in_ignored_rows_is_kept_to_be_checked(by, tmp_path):
    lines = [["老客户登记"], ["客户名称", "电话", "分店"], ["远山广告有限公司", "13910245671", "东城分店"], [],
             ["客户名称", "电话", "分店"], ["合计", 1.0]]  # fmt: skip
    job = steps.checked(workbooks.xlsx(tmp_path / "老客户.xlsx", lines), by)
    ignored = [(row.reason, row.cells) for row in steps.rows(job).values() if row.outcome == "ignored"]
    assert ignored == [("title", ["老客户登记"]), ("blank", []), ("header", []), ("total", ["合计", 1.0])]


def test_two_sheets_with_the_same_headings_may_mean_different_things(by, tmp_path):
    lines = [["客户名称", "电话", "分店", "说法"]]
    sheets = [("一", [*lines, ["远山广告有限公司", "13910245671", "东城分店", "名片"]]),
              ("二", [*lines, ["长河商贸有限公司", "13910245672", "东城分店", "画册"]])]  # fmt: skip
    job = steps.begin(workbooks.xlsx(tmp_path / "两张.xlsx", *sheets), by)
    job.tables[0]["fields"][3], job.tables[1]["fields"][3] = "needs", "remarks"
    job = steps.commit(steps.check(job, by), by)
    assert Need.objects.get(customer__name="远山广告有限公司").text == "名片"
    assert Customer.objects.get(name="长河商贸有限公司").remarks == "画册"


def test_a_refused_file_leaves_nothing(by, tmp_path):
    path = tmp_path / "x.xls"
    path.write_bytes(b"<html><table><tr><td>1</td></tr></table></html>")
    with pytest.raises(Refused):
        steps.begin(path, by)
    assert not Import.objects.exists()


def test_two_people_of_one_name_are_nobody(world, by, tmp_path):
    Person.objects.create(staff_number="X1", name=world.owner.name, password="!")
    path = steps.file_of(tmp_path, row("远山广告有限公司", 录入人=world.owner.name))
    steps.commit(steps.checked(path, by), by)
    assert Customer.objects.get(name="远山广告有限公司").created_by is None
