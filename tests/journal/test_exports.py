"""Lists as files: asked for with a purpose, with the rows and columns that their person sees."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from journal import exports, tasks
from journal.exports import actions, write
from journal.models import AccessLog, ExportJob, Notification
from staff.models import Person
from staff.verbs import Verb
from tests.journal.exporting import ask, lines, names, written

pytestmark = [pytest.mark.clause("GEN-03", "SEC-06"), pytest.mark.usefixtures("own_media")]
PAGE = reverse("journal:exports")


# The way of a person: list, purpose, progress, file


def test_from_the_button_on_the_list_to_the_file(world, desk):
    client = desk(world.accountant)
    address = f"{reverse('journal:export_new', args=['customers'])}?owner=none&amp;sort=name"
    assert f'href="{address}"' in client.get("/customers/?owner=none&sort=name&after=1").text
    page = client.get(address.replace("&amp;", "&"))
    assert "In charge: nobody in charge" in page.text
    assert page.context["count"] == 1
    form = {"purpose": "月度分析", "format": "csv", "columns": ["name", "phone"]}
    assert client.post(address.replace("&amp;", "&"), form).url == PAGE
    assert "waiting for its turn" in client.get(PAGE).text
    tasks.write_exports()
    page = client.get(PAGE)
    assert "hx-trigger" not in page.text.partition('id="exports"')[2].partition(">")[0], "nothing to wait for"
    [job] = ExportJob.objects.all()
    address = reverse("journal:export_file", args=[job.pk])
    assert address in page.text
    answer = client.get(address)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.splitlines()[:2] == ["Customer,Phone (masked)", f"{world.unowned.name},139****0002"]
    assert "attachment" in answer["Content-Disposition"]
    assert world.accountant.staff_number in job.name
    assert f"{timezone.localdate()}" in job.name


def test_without_a_purpose_nothing_is_written(world, desk):
    address = reverse("journal:export_new", args=["customers"])
    for purpose in ("", " ", "x"):
        answer = desk(world.accountant).post(address, {"purpose": purpose, "format": "csv", "columns": ["name"]})
        assert answer.status_code == 200
    assert not ExportJob.objects.exists()


def test_progress_stands_on_the_page_and_asks_again_by_itself(world, desk):
    job = ask(world.accountant)
    ExportJob.objects.filter(pk=job.pk).update(state="running", attempt=1, done=1200, total=5000)
    page = desk(world.accountant).get(PAGE)
    assert '<progress value="1200" max="5000"' in page.text
    assert 'hx-trigger="every 2s"' in page.text
    fragment = desk(world.accountant).get(PAGE, headers={"HX-Request": "true"}).text
    assert "<html" not in fragment
    assert "1,200 of 5,000 rows" in fragment


def test_the_person_hears_when_it_is_ready_and_the_log_keeps_it(world):
    job = written(world.accountant)
    told = Notification.objects.get(person=world.accountant)
    assert job.name in told.text
    assert told.url_name == "journal:exports"
    entry = AccessLog.objects.get(action="export")
    assert entry.person == world.accountant
    assert entry.detail == {"list": "customers", "rows": 2, "purpose": "月度分析", "format": "csv"}
    assert (entry.subject_type, entry.subject_id) == ("journal.exportjob", job.pk)


@pytest.mark.clause("REC-17")
def test_the_file_says_who_took_it_when_and_what_for(world):
    with translation.override("en"):
        job = written(world.accountant)
    [mark] = lines(job)[-1]
    for part in (world.accountant.name, world.accountant.staff_number, str(timezone.localdate()), "月度分析"):
        assert part in mark


# Scope


@pytest.mark.clause("SEC-01")
def test_a_file_holds_what_the_list_shows_the_person(world):
    assert names(written(world.accountant)) == {world.ours.name, world.unowned.name}
    assert names(written(world.owner)) == {world.ours.name}
    assert names(written(world.stranger)) == {world.theirs.name}
    assert len(names(written(world.people["executive"]))) == 3
    assert names(written(world.people["call_agent"])) == set()


@pytest.mark.clause("SEC-01")
def test_scope_is_that_of_the_moment_of_writing(world):
    job = ask(world.accountant)
    world.accountant.positions.update(branch=world.west)
    write.write_waiting()
    assert names(job.__class__.objects.get()) == {world.theirs.name}


@pytest.mark.clause("SEC-01")
@pytest.mark.parametrize("loss", ["position", "account"])
def test_who_may_not_see_the_list_any_more_gets_nothing(world, loss):
    job = ask(world.accountant)
    if loss == "position":
        world.accountant.positions.update(ends_on=timezone.localdate() - timedelta(days=1))
    else:
        Person.objects.filter(pk=world.accountant.pk).update(disabled_at=timezone.now())
    write.write_waiting()
    job.refresh_from_db()
    assert (job.state, job.problem) == ("failed", "not_open")
    assert not any(path.is_file() for path in actions.folder().rglob("*"))
    assert not AccessLog.objects.filter(action="export").exists()


@pytest.mark.clause("SEC-01")
def test_nobody_else_gets_the_file_or_ends_the_export(world, sign_in):
    job = written(world.accountant)
    for person in (world.administrator, world.manager, world.stranger):
        client = sign_in(person)
        assert client.get(reverse("journal:export_file", args=[job.pk])).status_code == 404
        assert client.post(reverse("journal:export_end", args=[job.pk])).status_code == 404
        assert job.name not in client.get(PAGE).text
    assert actions.path_of(job).exists()


def test_a_closed_list_is_refused_with_who_can_help(world, desk):
    for code in ("people", "access-log", "outbox"):
        answer = desk(world.manager).get(reverse("journal:export_new", args=[code]))
        assert answer.status_code == 403
        assert "system administrator" in answer.text


def test_filter_search_and_order_are_those_of_the_list(world, sign_in):
    client = sign_in(world.people["executive"])
    found = client.post(reverse("customers:search"), {"text": "有限公司"}).url
    address = reverse("journal:export_new", args=["customers"])
    query = f"{found.partition('?')[2]}&sort=name&source=walk_in"
    client.post(f"{address}?{query}", {"purpose": "分析", "format": "csv", "columns": ["name"]})
    [job] = ExportJob.objects.all()
    assert job.choices == {"filters": {"source": "walk_in"}, "sort": "name", "text": "有限公司"}
    write.write_waiting()
    job.refresh_from_db()
    shown = [row.name for row in client.get(f"{found}&sort=name&source=walk_in").context["rows"]]
    assert [line[0] for line in lines(job)[1:-1]] == shown
    assert job.choices == {}, "a search text is personal and not needed any more"


def test_what_is_no_choice_is_passed_over_as_by_the_list(world):
    job = written(world.accountant, filters={"owner": "x", "nonsense": "1"}, sort="up", columns=["nonsense"])
    assert len(names(job)) == 2


# Phones


@pytest.mark.clause("SEC-06")
@pytest.mark.parametrize("who", ["accountant", "owner", "administrator"])
def test_phones_and_addresses_are_masked_for_everybody(world, who):
    person = getattr(world, who)
    text = str(lines(written(person)))
    assert "139****0001" in text
    assert "13910020001" not in text


# Every list


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_every_list_can_be_written(world, format):
    actions_before = AccessLog.objects.count()
    AccessLog.objects.create(action="reveal", at=timezone.now(), person=world.clerk, detail={"purpose": "=1"},
                             subject_type="customers.customer", subject_id=world.ours.pk)  # fmt: skip
    assert AccessLog.objects.count() == actions_before + 1
    for exporter in exports.all_exporters():
        readers = (world.administrator, world.accountant, *world.people.values())
        reader = next(person for person in readers if exporter.open_to(person))
        job = written(reader, exporter.code, format=format)
        assert (job.state, job.problem) == ("done", ""), exporter.code
        assert job.done == job.total


def test_the_files_of_the_administrator_say_what_the_lists_say(world):
    people = lines(written(world.administrator, "people", state="disabled"))
    assert [line[:2] for line in people[1:-1]] == [["离职", "E102"]]
    AccessLog.objects.create(action="reveal", at=timezone.now(), person=world.clerk,
                             subject_type="customers.customer", subject_id=world.ours.pk)  # fmt: skip
    [_head, *log, _mark] = lines(written(world.administrator, "access-log", action="reveal"))
    assert log[0][1] == world.clerk.name
    assert world.ours.name in log[0][4]


def test_a_list_of_sixty_takes_as_many_queries_as_one_of_three(world):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            written(world.accountant)
        return len(caught)

    queries()
    few = queries()
    for n in range(57):
        world.customer(f"第{n:02}纸业有限公司", phone=f"137002300{n:02}", owner=world.owner)
    assert queries() == few


def test_verbs_of_exporters_are_those_of_their_lists():
    for exporter in exports.all_exporters():
        assert all(isinstance(verb, Verb) for verb in exporter.verbs)
        assert reverse(exporter.back)
        assert len({column.code for column in exporter.columns}) == len(exporter.columns)
        assert re.fullmatch(r"[a-z-]+", exporter.code)
