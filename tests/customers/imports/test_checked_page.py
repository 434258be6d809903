"""The dry run, the rows behind its figures, decisions, commit, result, undo. Source: REC-15; import.md steps 4 to 6."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from customers import archiving
from customers.importing import counts, error_workbook, jobs, undoing
from customers.models import Import, ImportRow
from journal.models import AccessLog, Notification
from tests.customers.imports import jobs as made

Outcome = ImportRow.Outcome
pytestmark = pytest.mark.clause("REC-15")


@pytest.fixture
def admin(world, sign_in, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = sign_in(world.administrator)
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def at(world):
    return lambda state, **columns: made.at(state, by=world.administrator, record=world.ours, **columns)


def url(job, name="import"):
    return reverse(f"customers:{name}", args=[job.pk])


def press(client, job, name, **data):
    answer = client.post(url(job, name), data)
    job.refresh_from_db()
    return answer


# -- waiting ---------------------------------------------------------------------------------------------------------


def test_progress_says_how_far_and_how_long(admin, at):
    job = at("checking", running=True, done=12_000, total=36_000, step_at=timezone.now() - timedelta(minutes=2))
    text = admin.get(url(job)).text
    for said in ('value="12000" max="36000"', "12,000 of 36,000", "about 4 minutes left", "every 2s"):
        assert said in text
    Import.objects.filter(pk=job.pk).update(done=35_900)
    assert "less than a minute left" in admin.get(url(job)).text
    Import.objects.filter(pk=job.pk).update(running=False)
    assert "Waits for its turn" in admin.get(url(job)).text


def test_what_is_done_when_all_rows_are_through_is_said(admin, at):
    through = {"running": True, "done": 36_000, "total": 36_000, "step_at": timezone.now() - timedelta(minutes=2)}
    for phase, said in (("names", "names are being compared"), ("workbook", "error workbook is being written")):
        text = admin.get(url(at("checking", phase=phase, **through))).text
        assert said in text
        for of_rows in ("36,000", "max=", "minute left"):
            assert of_rows not in text


def test_the_bar_asks_for_itself_until_the_step_has_ended(admin, at):
    htmx = {"HX-Request": "true"}
    running = admin.get(url(at("looking"), "import_progress"), headers=htmx)
    assert 'id="progress"' in running.text
    assert "<html" not in running.text
    ended = admin.get(url(at("mapping"), "import_progress"), headers=htmx)
    assert ended.headers["HX-Refresh"] == "true"
    job = at("looking")
    assert admin.get(url(job, "import_progress")).url == url(job)


def test_cancelling_asks_first(admin, at):
    job = at("checked")
    assert "Nothing has been written into the register." in admin.get(url(job, "import_cancel")).text
    press(admin, job, "import_cancel")
    assert job.state == "cancelled"
    assert not job.rows.exists()
    assert "cancelled before anything was written" in admin.get(url(job)).text


def test_cancelling_a_commit_takes_back_what_is_written(admin, at):
    job = at("committing")
    assert "What has been written already is taken back." in admin.get(url(job, "import_cancel")).text
    press(admin, job, "import_cancel")
    assert job.state == "undoing"
    Import.objects.filter(pk=job.pk).update(state="undone")
    text = admin.get(url(job)).text
    assert "What the dry run had found" in text
    assert "stopped when 0 of 6 rows were taken over" in text
    assert "What the import had done" not in text
    assert "What the import had done" in admin.get(url(at("undone"))).text


# -- the dry run -----------------------------------------------------------------------------------------------------


def test_the_figures_add_up_and_each_leads_to_its_rows(admin, at):
    job = at("checked")
    page = admin.get(url(job))
    figures = page.context["figures"]
    assert {one["code"]: one["number"] for one in figures["outcomes"]} == {
        "new": 2, "update": 1, "duplicate": 1, "rejected": 1, "ignored": 1
    }  # fmt: skip
    assert "exactly the 6 rows of the file" in page.text
    for figure in (*figures["outcomes"], *figures["rejected"], *figures["marks"]):
        rows = admin.get(figure["url"])
        assert len(rows.context["rows"]) == figure["number"], figure
        assert figure["url"].replace("&", "&amp;") in page.text


def test_an_ignored_row_is_listed_with_what_stands_in_it(admin, at):
    job = at("checked")
    job.rows.filter(outcome=Outcome.IGNORED).update(cells=["合计", 12.0, "共 12 户"])
    page = admin.get(url(job, "import_rows"), {"outcome": "ignored"})
    assert "合计 · 12 · 共 12 户" in page.text


def test_updates_that_change_nothing_are_told_and_listed(admin, at):
    for state in ("checked", "done"):
        job = at(state)
        assert admin.get(url(job)).context["figures"]["unchanged"] is None
        job.rows.filter(outcome=Outcome.UPDATE).update(made={"unchanged": True})
        job.counts = counts.of(job)
        job.save()
        page = admin.get(url(job))
        figure = page.context["figures"]["unchanged"]
        assert figure["number"] == 1
        assert f'<a href="{figure["url"]}">unchanged <b>1</b></a>' in page.text
        rows = admin.get(figure["url"])
        assert [row.outcome for row in rows.context["rows"]] == [Outcome.UPDATE]


def test_a_name_that_becomes_no_contact_is_told(admin, at, world):
    job = at("checked")
    known = [["+8613910020001", "", "13910020001"]]  # of somebody else of this customer
    updates = job.rows.filter(outcome=Outcome.UPDATE)
    for name, told in (("李娜明", True), ("李娜", False)):
        updates.update(data={"contact": name, "phones": known}, conflicts={})
        page = admin.get(url(job, "import_rows"), {"outcome": "update"})
        (row,) = page.context["rows"]
        assert (row.others, row.changes_nothing) == ([name] if told else [], not told)
        assert ("none of the record’s contacts" in page.text) == told


def test_rows_that_are_missing_are_noticed_and_cannot_be_taken_over(admin, at):
    job = at("checked")
    job.rows.filter(place=2).delete()
    job.counts["new"] = 1
    job.save()
    text = admin.get(url(job)).text
    assert "but the file has 6 rows" in text
    assert "Take over" not in text


def test_a_file_of_several_sheets_has_its_figures_by_sheet(admin, world):
    tables = [made.TABLE, made.TABLE | {"position": 1, "sheet": "新客户"}, made.SKIPPED]
    job = made.at("checked", by=world.administrator, record=world.ours, tables=tables)
    job.rows.filter(place=2).update(table=1)
    job.counts = made.counts.of(job)
    job.save()
    page = admin.get(url(job))
    assert [sheet["total"] for sheet in page.context["figures"]["sheets"]] == [5, 1]
    assert "新客户" in page.text
    assert "说明" in page.text
    rows = admin.get(url(job, "import_rows"), {"table": 1})
    assert [row.place for row in rows.context["rows"]] == [2]


def test_what_is_wrong_is_said_with_its_cell(admin, at):
    text = admin.get(url(at("checked"), "import_rows"), {"outcome": "rejected"}).text
    for said in ("电话", "2012-13-45", "This is no date.", "rejected"):
        assert said in text


def test_suspects_and_duplicates_name_the_other_one(admin, at, world):
    text = admin.get(url(at("checked"), "import_rows")).text
    assert reverse("customers:record", args=[world.ours.pk]) in text
    for said in ("same phone", "like row 4, 海天图文", "merged into row 4, 海天图文", "looks invented"):
        assert said in text


def test_an_update_shows_before_and_after_but_no_phone_of_the_record(admin, at):
    text = admin.get(url(at("checked"), "import_rows"), {"outcome": "update"}).text
    for said in ("Behaviour and preferences", "要快", "13911113333", "中山路 1 号", "take “文件路 9 号” from the file"):
        assert said in text
    assert "139 1002 0001" not in text
    assert "13910020001" not in text


def test_a_record_in_the_archive_is_not_said_to_say_all_of_it(admin, at, world):
    by, now = world.administrator, timezone.now()
    archiving.archive(world.ours, version=world.ours.version, reason="closed", by=by, at=now)
    page = admin.get(url(at("checked"), "import_rows"), {"outcome": "update"})
    assert page.context["rows"]
    assert "says all of it" not in page.text


def test_a_row_is_decided_for_the_file_and_back(admin, at):
    job = at("checked")
    row = job.rows.get(outcome="update")
    here = "outcome=update"
    answer = press(admin, job, "import_decide", shown=f"{row.place}:address", take=f"{row.place}:address", here=here)
    row.refresh_from_db()
    assert answer.url == f"{url(job, 'import_rows')}?{here}"
    assert row.take == ["address"]
    assert f'value="{row.place}:address" checked' in admin.get(answer.url).text
    press(admin, job, "import_decide", shown=f"{row.place}:address")
    row.refresh_from_db()
    assert row.take == []


def test_all_rows_are_decided_by_column(admin, at):
    job = at("checked")
    page = admin.get(url(job, "import_rows"), {"outcome": "update"})
    assert page.context["columns"] == [{"name": "address", "label": "Address", "number": 1}]
    press(admin, job, "import_decide", all="take:address")
    press(admin, job, "import_decide", all="take:address")
    assert job.rows.get(outcome="update").take == ["address"]
    press(admin, job, "import_decide", all="take:tier")
    assert job.rows.get(outcome="update").take == ["address"], "a column without conflict cannot be decided"
    press(admin, job, "import_decide", all="keep:address")
    assert job.rows.get(outcome="update").take == []


def test_decisions_come_too_late_once_it_is_taken_over(admin, at):
    job = at("done")
    answer = press(admin, job, "import_decide", all="take:address")
    assert answer.url == url(job)
    assert job.rows.get(outcome="update").take == []


def test_what_nobody_knows_in_an_address_is_ignored(admin, at):
    job = at("checked")
    answer = admin.get(
        url(job, "import_rows"), {"outcome": "x", "reason": "y", "mark": "kept", "table": "9", "after": "z"}
    )
    assert len(answer.context["rows"]) == 6


def test_why_a_row_is_rejected_comes_before_its_warnings(admin, at):
    job = at("checked")
    problems = [[3, "unknown_word", "This is only a warning."], [1, "date", "This is no date."]]
    job.rows.filter(outcome="rejected").update(problems=problems)
    page = admin.get(url(job, "import_rows"), {"outcome": "rejected"})
    (row,) = page.context["rows"]
    assert [said["rejects"] for said in row.says] == [True, False]
    assert page.text.count("is-wrong") == 1


def test_a_cell_with_nothing_but_spaces_is_not_quoted(admin, at):
    job = at("checked")
    job.rows.filter(outcome="rejected").update(problems=[[0, "no_name", "There is none."]], cells=[" \u3000"])
    text = admin.get(url(job, "import_rows"), {"outcome": "rejected"}).text
    assert "There is none." in text
    assert "<q>" not in text


def test_rows_without_a_unit_lead_to_choosing_one(admin, at):
    job = at("checked")
    assert "Choose a unit for them" not in admin.get(url(job)).text
    job.rows.filter(outcome="rejected").update(reason="branch")
    job.counts = counts.of(job)
    job.save()
    assert "Choose a unit for them" in admin.get(url(job)).text
    job.unknown = {"branch": {"火星分店": 1}}  # asked for with the other words
    job.save()
    assert "Choose a unit for them" not in admin.get(url(job)).text


def test_rows_come_by_pages_with_equally_many_questions(admin, at, world):
    job = at("checked")
    rows = url(job, "import_rows")
    admin.get(rows)
    with CaptureQueriesContext(connection) as few:
        admin.get(rows)
    ImportRow.objects.bulk_create(
        ImportRow(job=job, place=n, number=n, outcome="update", customer=world.ours, name="x",
                  suspects=[[world.ours.pk, "like", ["same_name"]]]) for n in range(7, 120)
    )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        first = admin.get(rows)
    assert len(many) <= len(few)
    assert len(first.context["rows"]) == 50
    second = admin.get(rows + first.context["next_url"])
    assert second.context["rows"][0].place == 51
    assert "119 rows" in second.text


def test_back_to_the_columns(admin, at):
    job = at("checked")
    press(admin, job, "import_back")
    assert job.state == "mapping"


# -- taking over, and back -------------------------------------------------------------------------------------------


def test_taking_over_asks_first_and_says_what(admin, at, world):
    job = at("checked")
    assert "Take over 4 rows" in admin.get(url(job)).text
    assert "Take over 4 rows" in admin.get(url(job, "import_commit")).text
    assert job.state == "checked"
    press(admin, job, "import_commit")
    assert (job.state, job.committed_by) == ("committing", world.administrator)
    answer = press(admin, job, "import_commit")
    assert "at another step by now" in admin.get(answer.url).text


def test_a_commit_that_stopped_says_why_and_can_be_asked_for_again(admin, at):
    job = at("checked", problem="The disk is full.")
    text = admin.get(url(job)).text
    assert "The disk is full." in text
    assert "Take over 4 rows" in text


def test_the_result_has_the_figures_and_the_ways_on(admin, at):
    text = admin.get(url(at("done"))).text
    for said in ("What became of the rows", "exactly the 6 rows", "Download rows to correct",
                 "Upload the corrected rows", "Undo the import"):  # fmt: skip
        assert said in text


def test_the_error_workbook_is_taken_out_under_a_line_of_the_access_log(admin, at, world, monkeypatch):
    job = at("done")
    monkeypatch.setattr(error_workbook, "write", None)  # a page writes none
    answer = admin.post(url(job, "import_errors"))
    assert b"".join(answer.streaming_content).startswith(b"PK")
    assert answer["Content-Disposition"].startswith("attachment")
    logged = AccessLog.objects.get(action="export")
    assert (logged.person, logged.subject_type, logged.subject_id) == (world.administrator, "customers.import", job.pk)
    assert admin.get(url(job, "import_errors")).status_code == 405


@pytest.mark.parametrize("state", ["checked", "done"])
def test_without_an_error_workbook_there_is_none_to_be_had(admin, at, state):
    job = at(state)
    error_workbook.drop(job)
    text = admin.get(url(job)).text
    assert "Download rows to correct" not in text
    assert "Upload the corrected rows" not in text
    assert admin.post(url(job, "import_errors")).url == url(job)
    assert not AccessLog.objects.filter(action="export").exists()


def test_undoing_asks_first_and_lists_what_is_kept(admin, at):
    job = at("done")
    assert "kept and listed" in admin.get(url(job, "import_undo")).text
    press(admin, job, "import_undo")
    assert job.state == "undoing"
    undone = admin.get(url(at("undone"))).text
    for said in ("What was taken back", "The record was changed after the import.", "mark=kept"):
        assert said in undone
    assert "Undo the import" not in undone


def test_why_a_row_is_kept_is_told_in_the_language_of_the_reader(admin, at):
    job = at("undone")
    kept = job.rows.get(made__has_key="kept")
    with translation.override("zh-hans"):
        kept.made["kept"] = str(undoing.KEPT["changed"])
    kept.save()
    text = admin.get(url(job)).text
    assert "The record was changed after the import." in text
    assert kept.made["kept"] not in text


def test_the_kept_rows_are_a_list(admin, at):
    rows = admin.get(url(at("undone"), "import_rows"), {"mark": "kept"})
    assert [row.outcome for row in rows.context["rows"]] == ["update"]


def test_what_failed_says_why(admin, at):
    job = at("failed", problem="The file is damaged.")
    assert "The file is damaged." in admin.get(url(job)).text


# -- news, and the record --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("before", "after"), [("checking", "checked"), ("committing", "done"), ("undoing", "undone")])
def test_whoever_waits_is_told_when_a_step_has_ended(at, world, before, after):
    job = at(before, running=True, attempt=3, sign_of_life_at=timezone.now())
    jobs.finish_step(job, after)
    told = Notification.objects.get(kind=f"customers.import_{after}")
    assert (told.person, told.url_name, told.subject_id) == (world.administrator, "customers:import", job.pk)
    if after == "done":  # what was taken over, without rejected and ignored rows
        assert told.params["rows"] == str(counts.taken(job.counts)) != str(job.counts["rows"])


def test_whoever_waits_is_told_when_it_has_stopped(at, world):
    job = at("committing", running=True, attempt=3, committed_by=world.administrator)
    jobs.fail(job, "The disk is full.", at=timezone.now())
    assert (job.state, Notification.objects.exists()) == ("undoing", False)  # told when nothing of it is left
    jobs.take(job, at=timezone.now())
    jobs.finish_step(job, "undone")
    told = Notification.objects.get(kind="customers.import_failed")
    assert (told.person, told.params["problem"]) == (world.administrator, "The disk is full.")


def test_reading_the_file_rings_nobody(at):
    jobs.finish_step(at("looking", running=True, sign_of_life_at=timezone.now()), "mapping")
    assert not Notification.objects.exists()


def record(client, customer):
    client.cookies["language"] = "en"
    return client.get(reverse("customers:record", args=[customer.pk])).text


def test_a_record_says_from_which_file_it_came(world, sign_in, at):
    at("done")
    text = record(sign_in(world.owner), world.ours)
    for said in ("老客户.xlsx, row 6", "会员号", "A-17", "老张"):
        assert said in text


@pytest.mark.parametrize("state", ["checked", "cancelled"])
def test_a_record_says_nothing_of_what_was_not_taken_over(world, sign_in, at, state):
    at(state)
    assert "老客户.xlsx" not in record(sign_in(world.owner), world.ours)


def test_what_was_kept_when_the_import_was_undone_still_says_so(world, sign_in, at):
    at("undone")
    assert "老客户.xlsx, row 6" in record(sign_in(world.owner), world.ours)


def test_the_origin_costs_no_further_question(world, sign_in, at):
    client = sign_in(world.owner)
    record(client, world.ours)
    with CaptureQueriesContext(connection) as without:
        record(client, world.ours)
    at("done")
    with CaptureQueriesContext(connection) as having:
        record(client, world.ours)
    assert len(having) == len(without)
