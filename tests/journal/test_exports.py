"""Lists as files: asked for with a purpose, written in the background, had by one person for a day."""

import csv
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from datetime import date, datetime, timedelta
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.conf import settings as configured
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from journal import exports, tasks
from journal.exports import Column, Exporter, actions, files, write
from journal.exports.mark import Mark
from journal.models import AccessLog, ExportJob, Notification
from staff.models import Person
from staff.verbs import Verb

pytestmark = pytest.mark.clause("GEN-03", "SEC-06")
PAGE = reverse("journal:exports")
MARK = Mark("Customers", "李娜 (E001)", "Export 1 & more", [("Taken by", "=李娜")])


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def ask(person, code="customers", *, format="csv", columns=(), purpose="月度分析", **choices):
    exporter = exports.get(code)
    return actions.ask(
        exporter, choices=choices, columns=columns, format=format, purpose=purpose, by=person, at=timezone.now()
    )


def written(person, code="customers", **options):
    """The job when it is done, or given up."""
    job = ask(person, code, **options)
    write.write_waiting()
    job.refresh_from_db()
    return job


def lines(job):
    with open(actions.path_of(job), encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def names(job):
    """First cell of each row, without header and mark."""
    return {line[0] for line in lines(job)[1:-1]}


# The way of a person: list, purpose, progress, file


@pytest.fixture
def desk(world, sign_in):
    def _desk(person):
        client = sign_in(person)
        client.cookies["language"] = "en"
        return client

    return _desk


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
    assert "1200 of 5000 rows" in fragment


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


# Files


def test_a_text_file_is_utf8_with_its_mark(world):
    path = actions.path_of(written(world.accountant))
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")


EVIL = [
    "=1+1",
    '=HYPERLINK("http://x")',
    "+1+cmd|'/C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "＝1",
    "\n=1",
]
HARMLESS = ["+86 138 0013 8000", "+852 ****6789", "138****5678", "东方红", "a=b", "", "1-2"]


@pytest.mark.parametrize("text", EVIL)
def test_what_looks_like_a_formula_stays_text(text, tmp_path):
    assert files.looks_like_formula(text)
    assert read_csv(tmp_path, [text]) == [f"'{text}"]
    [cell] = read_xlsx(tmp_path, [text])
    assert cell["type"] == "inlineStr"
    assert cell["quoted"]
    assert cell["formula"] is None


@pytest.mark.parametrize("text", HARMLESS)
def test_phones_and_ordinary_words_are_unharmed(text, tmp_path):
    assert read_csv(tmp_path, [text]) == [text]
    if text:
        [cell] = read_xlsx(tmp_path, [text])
        assert (cell["text"], cell["quoted"]) == (text, False)


def test_numbers_and_dates_are_real_ones(tmp_path):
    noon = timezone.make_aware(datetime(2026, 11, 25, 12, 0, 5))
    cells = read_xlsx(tmp_path, [7, -2, Decimal("3.5"), date(2026, 11, 25), noon, None, True])
    assert [cell["text"] for cell in cells[:4]] == ["7", "-2", "3.5", "46351"]
    assert float(cells[4]["text"]) == pytest.approx(46351.5, abs=0.001)
    assert all(cell["type"] in (None, "n") for cell in cells[:5])
    assert read_csv(tmp_path, [7, -2, Decimal("3.5"), date(2026, 11, 25), noon, None]) == [
        "7", "-2", "3.5", "2026-11-25", "2026-11-25 12:00:05", "",
    ]  # fmt: skip


def test_the_sheet_has_a_header_that_stays_filters_and_the_mark(world):
    with translation.override("en"):
        job = written(world.accountant, format="xlsx")
    with zipfile.ZipFile(actions.path_of(job)) as book:
        sheet, about = (book.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2))
    assert 'ySplit="1"' in sheet
    assert 'state="frozen"' in sheet
    assert "<autoFilter" in sheet
    assert "<oddFooter>" in sheet
    assert world.accountant.staff_number in sheet.partition("<oddFooter>")[2]
    assert "月度分析" in about
    assert world.accountant.name in about


def test_a_text_longer_than_a_cell_and_control_characters_break_nothing(tmp_path):
    cells = read_xlsx(tmp_path, ["字" * 40_000, "a\x00b\x1fc", "<&>", "𠮷"])
    assert len(cells[0]["text"]) == files.LONGEST
    assert [cell["text"] for cell in cells[2:]] == ["<&>", "𠮷"]


def test_more_rows_than_a_sheet_holds_go_on_another(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "ROWS_A_SHEET", 2)
    file = files.XlsxFile(tmp_path / "x.xlsx", [Column("a", "A", None)], MARK)
    for number in range(5):
        file.write([number])
    file.close()
    with zipfile.ZipFile(tmp_path / "x.xlsx") as book:
        assert [book.read(f"xl/worksheets/sheet{n}.xml").count(b"<row ") for n in (1, 2, 3)] == [3, 3, 2]


def _columns(values):
    return [Column(f"c{n}", "=H", None) for n, _value in enumerate(values)]


def read_csv(folder, values):
    file = files.CsvFile(folder / "x.csv", _columns(values), MARK)
    file.write(values)
    file.close()
    with open(folder / "x.csv", encoding="utf-8-sig", newline="") as written:
        head, line, mark = csv.reader(written)
    assert head == ["'=H"] * len(values)
    assert mark == [MARK.line]
    return line


SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read_xlsx(folder, values):
    """Cells of the second line as they stand in the file."""
    file = files.XlsxFile(folder / "x.xlsx", _columns(values), MARK)
    file.write(values)
    file.close()
    with zipfile.ZipFile(folder / "x.xlsx") as book:
        rows = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml")).iter(f"{SHEET}row")  # noqa: S314
        styles = list(ElementTree.fromstring(book.read("xl/styles.xml")).find(f"{SHEET}cellXfs"))  # noqa: S314
    found = []
    for cell in list(rows)[1]:
        text = "".join(part.text or "" for part in cell.iter() if part.tag in (f"{SHEET}t", f"{SHEET}v"))
        quoted = styles[int(cell.get("s", 0))].get("quotePrefix") == "1"
        formula = cell.find(f"{SHEET}f")
        found.append({"type": cell.get("t"), "text": text, "quoted": quoted, "formula": formula})
    return found


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


# Cancelled, killed, expired


def test_cancelled_while_waiting_it_is_not_written(world, sign_in):
    job = ask(world.accountant)
    sign_in(world.accountant).post(reverse("journal:export_end", args=[job.pk]))
    assert write.write_waiting() == 0
    job.refresh_from_db()
    assert job.state == "cancelled"


@pytest.fixture
def slow(monkeypatch):
    """A list of people during whose writing something happens: `slow(what)`."""
    monkeypatch.setattr(exports, "_exporters", dict(exports._exporters))
    monkeypatch.setattr(write, "SIGN_EVERY", -1)
    monkeypatch.setattr(write, "ROWS_AT_ONCE", 3)

    def _slow(happens):
        exporter = Exporter(
            "slow", "Slow", "home", (Column("name", "Name", lambda person: person.name),),
            keep=lambda person, query: {}, rows=lambda person, choices: Person.objects.order_by("pk"),
            prepare=lambda person, rows: happens(),
        )  # fmt: skip
        exports.register(exporter)

    return _slow


def test_cancelled_while_being_written_nothing_is_left(world, slow):
    slow(lambda: actions.end(ExportJob.objects.get(), at=timezone.now()))
    job = written(world.accountant, "slow")
    assert job.state == "cancelled"
    assert not any(path.is_file() for path in actions.folder().rglob("*"))
    assert not Notification.objects.exists()


def test_a_fault_is_told_and_leaves_nothing(world, slow):
    slow(lambda: 1 / 0)
    job = written(world.accountant, "slow")
    assert (job.state, job.problem) == ("failed", "fault")
    assert not any(path.is_file() for path in actions.folder().rglob("*"))
    assert Notification.objects.get().person == world.accountant


def test_what_the_database_dies_under_is_written_anew(world, slow):
    def dies():
        if ExportJob.objects.get().attempt == 1:
            raise OperationalError("terminating connection due to administrator command")

    slow(dies)
    with pytest.raises(OperationalError):
        written(world.accountant, "slow")
    job = ExportJob.objects.get()
    assert job.state == "running"
    assert actions.sweep(at=timezone.now() + actions.SILENT)
    write.write_waiting()
    job.refresh_from_db()
    assert (job.state, job.attempt) == ("done", 2)


def test_a_full_disk_is_said(world, slow):
    def full():
        raise OSError(28, "No space left on device")

    slow(full)
    assert written(world.accountant, "slow").problem == "disk"


def test_who_was_taken_over_finishes_nothing(world, slow):
    """The second writer has another attempt; the first one's file disappears, the second one's stays."""
    slow(lambda: ExportJob.objects.filter(attempt=1).update(attempt=2))
    job = written(world.accountant, "slow")
    assert (job.state, job.attempt) == ("running", 2)
    assert not any(path.is_file() for path in actions.folder().rglob("*"))


def killed(person, attempt=1):
    """An export whose writer was killed two minutes ago, with half a file."""
    job = ask(person)
    long_ago = timezone.now() - timedelta(minutes=2)
    ExportJob.objects.filter(pk=job.pk).update(state="running", attempt=attempt, sign_of_life_at=long_ago, done=1)
    job.refresh_from_db()
    actions.path_of(job).parent.mkdir(parents=True)
    actions.path_of(job).write_text("half")
    return job


def test_what_a_killed_worker_left_is_written_anew(world):
    job = killed(world.accountant)
    assert actions.sweep(at=timezone.now())
    assert not actions.path_of(job).exists()
    write.write_waiting()
    job.refresh_from_db()
    assert (job.state, job.attempt, job.done) == ("done", 2, 2)
    assert actions.sweep(at=timezone.now()) is False
    assert actions.path_of(job).exists()


def test_a_writer_that_lives_is_left_alone(world):
    job = killed(world.accountant)
    ExportJob.objects.filter(pk=job.pk).update(sign_of_life_at=timezone.now())
    assert not actions.sweep(at=timezone.now())
    job.refresh_from_db()
    assert job.state == "running"


def test_what_ends_three_workers_is_given_up(world, desk):
    job = killed(world.accountant, attempt=actions.ATTEMPTS)
    actions.sweep(at=timezone.now())
    job.refresh_from_db()
    assert (job.state, job.problem) == ("failed", "attempts")
    assert "stopped three times" in desk(world.accountant).get(PAGE).text
    assert Notification.objects.get().person == world.accountant
    assert not actions.folder(job.pk).exists()


def test_a_file_is_gone_after_a_day(world, sign_in, desk):
    job = written(world.accountant)
    later = job.finished_at + actions.KEPT_FOR
    ExportJob.objects.filter(pk=job.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert sign_in(world.accountant).get(reverse("journal:export_file", args=[job.pk])).status_code == 404
    assert job.expires_at == later
    tasks.sweep_exports()
    job.refresh_from_db()
    assert job.state == "gone"
    assert not actions.folder(job.pk).exists()
    assert "file deleted" in desk(world.accountant).get(PAGE).text


def test_a_file_can_be_deleted_at_once(world, sign_in):
    job = written(world.accountant)
    sign_in(world.accountant).post(reverse("journal:export_end", args=[job.pk]))
    assert not actions.folder(job.pk).exists()


def test_files_lie_outside_of_what_the_web_server_gives_out(world, sign_in):
    path = actions.path_of(written(world.accountant))
    assert not path.is_relative_to(configured.STATIC_ROOT)
    assert path.parent.stat().st_mode & 0o077 == 0
    assert sign_in(world.accountant).get(f"/media/exports/{path.name}").status_code == 404


def test_a_person_has_three_at_once(world, desk):
    for _n in range(actions.OPEN_AT_ONCE):
        ask(world.accountant)
    form = {"purpose": "分析", "format": "csv", "columns": ["name"]}
    answer = desk(world.accountant).post(reverse("journal:export_new", args=["customers"]), form)
    assert "not finished yet" in answer.text
    assert ExportJob.objects.count() == actions.OPEN_AT_ONCE
    ask(world.clerk)


CHILD = """
import sys, time
import django; django.setup()
from journal.exports import write, actions
from django.utils import timezone
write.SIGN_EVERY, write.ROWS_AT_ONCE = -1, 1
live = actions.live
def slowly(job, **counters):
    live(job, **counters)
    print("alive", flush=True)
    if counters.get("done"):
        time.sleep(60)
actions.live = slowly
write.write_waiting()
"""


def test_a_writer_killed_hard_is_taken_up(live_world, settings):
    """kill -9 in the middle: its lock falls with its connection, and the export is written by the next one."""
    job = ask(live_world.accountant)
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD], env=os.environ | address() | {"KEKE_DATA": str(settings.MEDIA_ROOT)},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert [child.stdout.readline() for _sign in range(2)] == ["alive\n"] * 2
    silent = timezone.now() + actions.SILENT
    assert not actions.sweep(at=silent), "it still holds its lock"
    child.send_signal(signal.SIGKILL)
    child.wait()
    deadline = time.monotonic() + 20
    while not actions.sweep(at=silent):
        assert time.monotonic() < deadline, "the dead writer's lock stays"
    write.write_waiting()
    job.refresh_from_db()
    assert (job.state, job.attempt) == ("done", 2)
    assert len(names(job)) == 2


def address():
    """The environment by which another process finds the tests' database."""
    now = connection.settings_dict
    host = now["HOST"].replace("/", "%2F")
    return {"DATABASE_URL": f"postgres://{now['USER']}:{now['PASSWORD']}@{host}:{now['PORT']}/{now['NAME']}"}


def test_verbs_of_exporters_are_those_of_their_lists():
    for exporter in exports.all_exporters():
        assert all(isinstance(verb, Verb) for verb in exporter.verbs)
        assert reverse(exporter.back)
        assert len({column.code for column in exporter.columns}) == len(exporter.columns)
        assert re.fullmatch(r"[a-z-]+", exporter.code)
