"""What the file is and what its columns and words mean. Source: REC-15; import.md steps 2 to 4."""

import pytest
from django.urls import reverse

from customers.importing import jobs
from customers.models import Import, ImportMapping, Industry, OwnField
from staff.models import Branch
from tests.customers.imports import jobs as made

pytestmark = pytest.mark.clause("REC-15")
MEANT = dict(zip((f"columns-0-{at}" for at in range(5)), ("name", "phone", "address", "source", ""), strict=True))


@pytest.fixture
def admin(world, sign_in, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = sign_in(world.administrator)
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def job(world):
    return made.at("mapping", by=world.administrator, record=world.ours)


def url(job, name="import"):
    return reverse(f"customers:{name}", args=[job.pk])


def press(client, job, name, **data):
    answer = client.post(url(job, name), data)
    job.refresh_from_db()
    return answer


def test_the_page_shows_sheets_columns_and_samples(admin, job):
    text = admin.get(url(job)).text
    for said in ("老客户", "说明", "hidden", "客户名称", "海天图文", "长城印务", "A-17", "headings in row 3",
                 "no headings found: skipped", "keep as an extra attribute"):  # fmt: skip
        assert said in text
    assert text.count("<select") >= 5
    assert '<option value="name" selected>' in text


def test_what_was_remembered_is_said(admin, world):
    job = made.make("mapping", by=world.administrator, tables=[made.TABLE | {"remembered": True}])
    assert "Set as for an earlier file with the same headings." in admin.get(url(job)).text


def test_the_columns_start_the_dry_run_and_are_remembered(admin, job, world):
    answer = press(admin, job, "import_columns", **MEANT | {"columns-0-4": "remarks"})
    assert answer.url == url(job)
    assert job.state == "checking"
    assert job.tables[0]["fields"] == ["name", "phone", "address", "source", "remarks"]
    kept = ImportMapping.objects.get()
    assert (kept.fields, kept.saved_by) == (job.tables[0]["fields"], world.administrator)
    assert "nothing is written into the register" in admin.get(url(job)).text


def test_a_field_of_the_company_is_a_target(admin, job):
    OwnField.objects.create(code="grade", label_zh="等级", label_en="Grade")
    assert "Grade" in admin.get(url(job)).text
    press(admin, job, "import_columns", **MEANT | {"columns-0-4": "own:grade"})
    assert job.tables[0]["fields"][4] == "own:grade"


def test_one_field_twice_is_refused_but_for_those_that_several_columns_may_fill(admin, job):
    answer = press(admin, job, "import_columns", **MEANT | {"columns-0-3": "address"})
    assert answer.context["form"].errors["0-3"] == [
        "“Address” is chosen twice in this sheet: choose it for one column."
    ]
    assert job.state == "mapping"
    press(admin, job, "import_columns", **MEANT | {"columns-0-3": "phone"})
    assert job.state == "checking"


def test_a_sheet_without_a_name_cannot_be_checked(admin, job):
    answer = press(admin, job, "import_columns", **MEANT | {"columns-0-0": ""})
    assert job.state == "mapping"
    assert answer.context["form"].non_field_errors() == [
        "No column of “老客户” is the customer name: choose it, or skip the sheet."
    ]


def test_a_field_that_does_not_exist_is_refused(admin, job):
    press(admin, job, "import_columns", **MEANT | {"columns-0-4": "owner_id"})
    assert job.state == "mapping"


def test_a_column_without_heading_is_named_by_its_place(admin, world):
    table = made.TABLE | {"headings": ["客户名称", ""], "fields": ["name", None], "samples": [["a"], []]}
    job = made.make("mapping", by=world.administrator, tables=[table])
    assert "Column 2" in admin.get(url(job)).text


def test_another_header_row_has_the_file_read_again(admin, job):
    data = {"look-header-0": "5", "look-header-1": "", "look-skip-1": "on"}
    assert press(admin, job, "import_look", **data).url == url(job)
    assert (job.state, job.header_rows) == ("looking", {"0": 5})


def test_a_sheet_is_skipped_and_another_taken(admin, job):
    press(admin, job, "import_look", **{"look-header-0": "3", "look-skip-0": "on", "look-header-1": "2"})
    assert job.header_rows == {"0": None, "1": 2}


def test_a_row_written_for_a_sheet_without_headings_counts_though_its_tick_still_says_skip(admin, job):
    press(admin, job, "import_look", **{"look-header-0": "3", "look-header-1": "4", "look-skip-1": "on"})
    assert (job.state, job.header_rows) == ("looking", {"1": 4})


def test_a_sheet_without_headings_shows_its_first_rows_and_one_is_pressed(admin, world):
    job = made.make("mapping", by=world.administrator, tables=[made.UNKNOWN])
    text = admin.get(url(job)).text
    for said in ("老客户台账", 'name="look-header-1" value="3"', "open>", "Press the row in which they stand"):
        assert said in text
    assert "Start the dry run" not in text
    press(admin, job, "import_look", **{"look-header-1": ["", "3"], "look-skip-1": "on"})  # as a browser sends it
    assert (job.state, job.header_rows) == ("looking", {"1": 3})


def test_first_rows_stay_folded_beside_a_sheet_that_has_headings(admin, world):
    job = made.make("mapping", by=world.administrator, tables=[made.TABLE, made.UNKNOWN])
    text = admin.get(url(job)).text
    assert "老客户台账" in text
    assert "open>" not in text
    assert "Start the dry run" in text


def test_a_file_of_blank_rows_asks_for_the_number(admin, world):
    job = made.make("mapping", by=world.administrator, tables=[made.SKIPPED])
    text = admin.get(url(job)).text
    assert "write the number of their row" in text
    assert "Start the dry run" not in text


def test_neither_a_row_nor_skipped_is_refused(admin, job):
    answer = press(admin, job, "import_look", **{"look-header-0": "", "look-header-1": "", "look-skip-1": "on"})
    assert "in which the headings stand" in answer.context["look"].errors["header-0"][0]
    assert job.state == "mapping"


def test_the_encoding_of_a_text_file_is_corrected(admin, world, job):
    path = jobs.path_of(job)
    path.parent.mkdir(parents=True)
    path.write_bytes("客户名称;电话\n海天;13911112222\n".encode("gb18030"))
    Import.objects.filter(pk=job.pk).update(encoding="gb18030", delimiter=",")
    data = {"look-header-0": "3", "look-header-1": "", "look-skip-1": "on"}
    assert "GB18030" in admin.get(url(job)).text
    answer = press(admin, job, "import_look", **data, **{"look-encoding": "utf-8-sig", "look-delimiter": ";"})
    assert answer.context["look"].errors["encoding"][0].startswith("Line 1 cannot be read as UTF-8")
    press(admin, job, "import_look", **data, **{"look-encoding": "gb18030", "look-delimiter": ";"})
    assert (job.state, job.encoding, job.delimiter) == ("looking", "gb18030", ";")


def test_utf_16_without_a_mark_stays_chosen(admin, world, job):
    path = jobs.path_of(job)
    path.parent.mkdir(parents=True)
    path.write_bytes("客户名称|电话\n海天|13911112222\n".encode("utf-16-be"))
    Import.objects.filter(pk=job.pk).update(encoding="utf-16-be", delimiter="|")
    form = admin.get(url(job)).context["look"]
    assert (form["encoding"].initial, form["delimiter"].initial) == ("utf-16", "|")
    data = {"look-header-0": "3", "look-header-1": "", "look-skip-1": "on"}
    press(admin, job, "import_look", **data, **{"look-encoding": "utf-16", "look-delimiter": "|"})
    assert (job.state, job.encoding, job.delimiter) == ("looking", "utf-16-be", "|")


@pytest.mark.parametrize("name", ["import_look", "import_columns"])
def test_a_step_that_somebody_else_took_is_said_and_changes_nothing(admin, world, name):
    job = made.at("checked", by=world.administrator, record=world.ours)
    answer = press(admin, job, name, **MEANT)
    assert job.state == "checked"
    assert "at another step by now" in admin.get(answer.url).text


def test_hundreds_of_columns_are_one_page(admin, world, django_assert_max_num_queries):
    names = ["客户名称", *(f"列{n}" for n in range(199))]
    table = made.TABLE | {"headings": names, "fields": ["name"] + [None] * 199, "samples": [["x"]] * 200}
    job = made.make("mapping", by=world.administrator, tables=[table] * 6)
    with django_assert_max_num_queries(20):
        assert admin.get(url(job)).text.count("<select") >= 1200
    data = {f"columns-{t}-{at}": "name" if at == 0 else "" for t in range(6) for at in range(200)}
    press(admin, job, "import_columns", **data)
    assert job.state == "checking"


@pytest.fixture
def checked(world):
    return made.at("checked", by=world.administrator, record=world.ours)


def word(form, text):
    return next(f"words-{name}" for name, field in form.fields.items() if getattr(field, "meant", ("", ""))[1] == text)


def test_unknown_words_are_said_and_mapped(admin, checked, world):
    checked.unknown = {"source": {"老客介绍": 2, "路过": 1}, "industry": {"印刷业": 3}, "branch": {"东城": 2}}
    checked.save()
    assert "4 words of the file are in no list here" in admin.get(url(checked)).text
    form = admin.get(url(checked, "import_words")).context["form"]
    assert [text for text, _rows, _field in form.parts[1]["words"]] == ["老客介绍", "路过"]
    industry = Industry.objects.first()
    data = {
        word(form, "老客介绍"): "customer_referral", word(form, "印刷业"): industry.pk,
        word(form, "东城"): world.east.pk,
        "words-default-branch": world.west.pk, "words-default-source": "phone_order",
    }  # fmt: skip
    press(admin, checked, "import_words", **data)
    assert checked.state == "checking"
    assert checked.words == {
        "source": {"老客介绍": "customer_referral"}, "industry": {"印刷业": industry.pk},
        "branch": {"东城": world.east.pk},
    }  # fmt: skip
    assert checked.defaults == {"branch": world.west.pk, "source": "phone_order"}


def test_the_only_unit_that_fits_is_proposed(admin, checked, world):
    unknown = {"branch": {"东城店": 3, "东城": 1, "北京西湖门店": 1, "分店": 1, "南城店": 1}}
    Import.objects.filter(pk=checked.pk).update(unknown=unknown)
    page = admin.get(url(checked, "import_words"))
    fields = {text: field for text, _rows, field in page.context["form"].parts[0]["words"]}
    proposed = {text: field.initial for text, field in fields.items()}
    assert proposed == {
        "东城店": world.east.pk, "东城": world.east.pk, "北京西湖门店": world.west.pk, "分店": "", "南城店": "",
    }  # fmt: skip
    assert page.text.count("proposed, check it") == 3
    assert checked.words == {}, "until somebody says so"


def test_words_once_mapped_can_be_taken_back(admin, checked):
    Import.objects.filter(pk=checked.pk).update(words={"source": {"老客": "online"}}, defaults={"tier": "key"})
    form = admin.get(url(checked, "import_words")).context["form"]
    press(admin, checked, "import_words", **{word(form, "老客"): "", "words-default-tier": ""})
    assert (checked.state, checked.words, checked.defaults) == ("checking", {}, {})


def test_leaving_all_as_it_is_makes_no_new_dry_run(admin, checked):
    assert press(admin, checked, "import_words").url == url(checked)
    assert checked.state == "checked"


def test_a_unit_that_is_closed_is_no_target(admin, checked, world):
    Branch.objects.filter(pk=world.west.pk).update(closed_on="2020-01-01")
    answer = press(admin, checked, "import_words", **{"words-default-branch": world.west.pk})
    assert answer.context["form"].errors
    assert checked.state == "checked"


def test_of_thousands_of_words_the_most_frequent_are_shown(admin, checked):
    checked.unknown = {"industry": {f"词{n}": n for n in range(1, 3001)}}
    checked.save()
    page = admin.get(url(checked, "import_words"))
    part = next(part for part in page.context["form"].parts if part["more"])
    assert (len(part["words"]), part["more"], part["words"][0][:2]) == (100, 2900, ("词3000", 3000))
    assert "2,900 rarer words are not shown" in page.text


def test_the_page_of_words_is_for_a_checked_file(admin, job):
    assert admin.get(url(job, "import_words")).url == url(job)


def test_the_columns_of_an_error_workbook_stay_what_they_are(admin, world):
    names, meant = ["客户名称", "Keke", "错误原因"], ["name", "reference", "reason"]
    table = made.TABLE | {"headings": names, "fields": meant, "samples": [["a"], ["1-2"], ["x"]]}
    job = made.make("mapping", by=world.administrator, tables=[table])
    text = admin.get(url(job)).text
    assert "which row it corrects" in text
    press(admin, job, "import_columns", **{"columns-0-0": "name", "columns-0-1": "remarks"})
    assert (job.state, job.tables[0]["fields"]) == ("checking", meant)
