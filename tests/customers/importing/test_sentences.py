"""What is said of the rows of an import, to each reader in his own language. Source: REC-15."""

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise

from customers.importing import jobs, sentences, undoing
from customers.importing.refusals import Refused
from customers.models import Customer, CustomerNote, Import
from customers.papers import write_note

from . import steps
from .steps import row

pytestmark = [pytest.mark.clause("REC-15")]
LANGUAGES = ["en", "zh-hans"]
PLACES = {
    "written": "“007”：(某)。", "why": "test", "letters": "I O", "characters": "中 文", "region": "A10000",
    "name": "x y", "line": 12, "encoding": "GB 18030", "format": "a b", "month": 13, "day": 31, "year": 1899,
}  # fmt: skip


def filled(message, count):
    """The sentence as it is said, in the language that is active."""
    places = PLACES | {"count": count}
    return (message if isinstance(message, Promise) else str(message)) % places


@pytest.mark.parametrize("count", [1, 2, 18])
def test_each_sentence_is_known_again_by_its_form(count):
    job = Import(language="zh-hans")
    for message in sentences.MESSAGES:
        with translation.override("zh-hans"):
            said = filled(message, count)
            assert sentences.again(job, said) == said
        with translation.override("en"):
            assert sentences.again(job, said) == filled(message, count)


def test_another_sentence_stays_as_it_was_said():
    with translation.override("en"):
        for said in ("Once said.", "", "这是一句话。"):
            assert sentences.again(Import(language="zh-hans"), said) == said


def told(job):
    """{row number: its sentences} in the language that is active."""
    return {
        number: [sentences.sentence(job, *said) for _column, *said in found.problems]
        for number, found in steps.rows(job).items()
    }


def assert_told_alike(path, by, **options):
    """Imports of this file in each language are told alike to whoever reads them. Returns what is told in English."""
    found = {}
    for language in LANGUAGES:
        with translation.override(language):
            job = steps.begin(path, by, **options)
        found[language] = steps.check(job, by)
    for language, job in found.items():
        as_said = {number: [one[2] for one in line.problems] for number, line in steps.rows(job).items()}
        with translation.override(language):
            assert told(job) == as_said
    for language in LANGUAGES:
        with translation.override(language):
            here, there = (told(job) for job in found.values())
        assert there == here
        assert any(here.values())
    with translation.override("en"):
        return told(found["en"])


@pytest.mark.django_db
def test_each_reader_is_told_what_is_wrong_in_his_own_language(by, tmp_path):
    path = steps.file_of(
        tmp_path,
        row("测试", "1391234", 等级="金卡"),
        row("长河商贸有限公司", 建档日期="去年五月"),
        row("大地印务有限公司", 建档日期="2012-13-05", 分店="火星"),
        row("青松图文有限公司", 信用代码="91110000", 备注="长" * 2001),
        row("白云标识有限公司", 信用代码="9111000060003734SL", 建档日期="#N/A"),
        row("蓝天文化有限公司", 信用代码=911100006000373410.0),
        row("和平广告有限公司", 信用代码="91A10000600037341L"),
    )
    said = assert_told_alike(path, by)
    assert "去年五月" in said[3][0]
    assert said[5][0] == "The credit code is 10 characters short: it should have 18."
    assert all(said.values())


HEADINGS = ["客户名称", "电话", "信用代码", "门店", "销售日期", "销售单号", "品名", "数量", "金额", "业务员"]


@pytest.mark.django_db
@pytest.mark.clause("REC-16")
def test_each_reader_is_told_what_is_wrong_with_a_sale_in_his_own_language(world, by, tmp_path):
    def sale(number, **more):
        return {"客户名称": "东方红印务有限公司", "门店": "东城分店", "销售日期": "2012-05-03", "销售单号": number,
                "品名": "名片", "金额": "100"} | more  # fmt: skip

    world.customer("东方红印务公司", phone="13910020001", different_because="另一家")
    path = steps.file_of(
        tmp_path,
        sale("1", 销售日期="2012-02-30", 数量="若干"),
        sale("2", 销售日期="2099-01-01", 电话="没接"),
        sale("3", 信用代码="91308191JNFYC4PRU1", 业务员="早已离职"),
        sale("4", 金额="约一百"),
        sale("5", 金额="1.234"),
        sale(1234567890123456789.0),
        sale("7", 信用代码="911100006000373419XX"),
        sale("8", 客户名称="", 电话="13910020001"),
        sale("9", 品名="#N/A", 门店="火星"),
        headings=HEADINGS,
    )
    said = assert_told_alike(path, by, kind=Import.Kind.PURCHASES)
    assert said[2] == ["Month 2 of 2012 has no day 30: check the day.", "“若干” is no quantity: write a number."]
    assert said[3] == ["“没接” is no phone number.", "This day has not come yet."]
    assert "Several" in said[9][0]
    assert all(said.values())


@pytest.mark.django_db
def test_each_reader_is_told_why_an_import_has_failed(by, tmp_path):
    path = tmp_path / "客户.csv"
    path.write_text('客户名称,电话\n"远山广告有限公司,13910246835\n', encoding="utf-8")
    with translation.override("zh-hans"), path.open("rb") as upload:
        job = jobs.begin(upload, name=path.name, by=by, at=timezone.now())
    with translation.override("en"):  # the worker's own
        job = steps.work(job, until=job.State.FAILED)
        assert sentences.problem(job) == str(Refused("open_quote", line=2))
    with translation.override("zh-hans"):
        assert sentences.problem(job) == job.problem == str(Refused("open_quote", line=2))


@pytest.mark.django_db
def test_the_page_tells_it_too(client, by):
    with translation.override("zh-hans"):
        problem = str(jobs.PROBLEMS["attempts"])
    job = Import.objects.create(
        name="a.csv", size=1, asked_at=timezone.now(), asked_by=by, language="zh-hans", problem=problem,
        state=Import.State.FAILED,
    )  # fmt: skip
    client.force_login(by)
    client.cookies["language"] = "en"
    page = client.get(reverse("customers:import", args=[job.pk])).content.decode()
    assert "The import ended its worker three times." in page


@pytest.mark.django_db
def test_each_reader_is_told_in_words_what_was_added_to_a_record(world, by, tmp_path):
    with translation.override("zh-hans"):
        job = steps.begin(steps.file_of(tmp_path, row("远山广告有限公司")), by)
    job = steps.commit(steps.check(job, by), by)
    write_note(Customer.objects.get(name="远山广告有限公司"), text="已核实", by=world.accountant, at=timezone.now())
    steps.undo(job, by)
    made = steps.rows(job)[2].made
    for language in LANGUAGES:
        with translation.override(language):
            said = sentences.kept(job, made)
            assert said == undoing.KEPT["added"] % {"name": CustomerNote._meta.verbose_name}
            assert (said == made["kept"]) == (language == "zh-hans")
            assert sentences.kept(job, made | {"kept_for": "customers.of_old"}), "rows outlive models"
    assert sentences.kept(job, {}) == ""


def test_whatever_may_be_added_to_a_record_has_a_name_in_words():
    for relation in undoing.pointing_to(Customer):
        assert isinstance(relation.related_model._meta.verbose_name, Promise), relation.related_model


@pytest.mark.django_db
def test_a_sentence_that_nobody_knows_any_more_is_told_as_it_was_said(by, tmp_path):
    job = steps.checked(steps.file_of(tmp_path, row("测试")), by)
    assert sentences.sentence(job, "date", "Once said.", {"date": "no_era"}) == "Once said."
    assert sentences.sentence(job, "of_old", "Once said.", {}) == "Once said."
    assert sentences.sentence(job, "virtual_name", "Once said.", {}) == "Once said."
    assert sentences.sentence(job, "archived", "Once said.") == "Once said."
