"""The list of imports and the first step. Source: REC-15; import.md step 1."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from customers.importing import jobs
from customers.models import Import
from tests.customers.imports import jobs as made

pytestmark = pytest.mark.clause("REC-15")
CSV = "客户名称,电话\n海天图文,13911112222\n".encode()
NEW, LIST = "customers:import_new", "customers:imports"


@pytest.fixture
def admin(world, sign_in, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = sign_in(world.administrator)
    client.cookies["language"] = "en"
    return client


def send(client, content=CSV, name="老客户.csv", url=None, **data):
    file = SimpleUploadedFile(name, content)
    return client.post(url or reverse(NEW), {"kind": "customers", "file": file} | data)


def test_a_file_is_kept_and_read_from_then_on(admin, world):
    answer = send(admin)
    job = Import.objects.get()
    assert answer.url == reverse("customers:import", args=[job.pk])
    assert (job.state, job.name, job.asked_by, job.kind) == ("looking", "老客户.csv", world.administrator, "customers")
    assert (job.size, job.sha256) == (len(CSV), hashlib.sha256(CSV).hexdigest())
    assert jobs.path_of(job).read_bytes() == CSV
    assert "The file is being read" in admin.get(answer.url).text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty: choose another one."),
        (b"%PDF-1.7", "The file is no spreadsheet but PDF: copy its table into a new workbook and choose that."),
        (b"\x89PNG\r\n", "The file is no spreadsheet but PNG: choose one that is .xlsx, .xls or .csv."),
        (b"<html><table>", "The file is a web page with another name"),
        (b"PK\x03\x04 and no more", "The file is damaged"),
    ],
)
def test_what_is_not_read_is_refused_beside_the_field_and_leaves_nothing(admin, content, sentence, tmp_path):
    answer = send(admin, content, "a.xlsx")
    assert answer.status_code == 200
    assert sentence in answer.context["form"].errors["file"][0]
    assert not Import.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_without_a_file_it_says_so(admin):
    answer = admin.post(reverse(NEW), {"kind": "customers"})
    assert "Choose the file first." in answer.text


def test_a_file_larger_than_memory_goes_through_the_disk(admin, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    large = CSV + b"A,13911112222\n" * 500_000  # more than all fields of a form may hold together
    assert len(large) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    send(admin, large)
    assert Import.objects.get().size == len(large)


def test_kinds_that_nobody_can_take_over_are_not_offered(admin):
    assert send(admin, kind="products").context["form"].errors["kind"]
    assert not Import.objects.exists()


def test_the_same_file_is_recognised_and_can_go_on(admin, world):
    earlier = made.at("done", by=world.administrator, record=world.ours, sha256=hashlib.sha256(CSV).hexdigest())
    assert send(admin).status_code == 302
    job = Import.objects.exclude(pk=earlier.pk).get()
    Import.objects.filter(pk=job.pk).update(state="mapping", tables=[made.TABLE])
    text = admin.get(reverse("customers:import", args=[job.pk])).text
    assert "The same file was taken over on" in text
    assert world.administrator.name in text
    assert reverse("customers:import", args=[earlier.pk]) in text
    assert "Start the dry run" in text


def test_the_list_says_who_brought_what_in_and_how_it_went(admin, world):
    made.at("done", by=world.administrator, record=world.ours)
    made.make("mapping", by=world.administrator)
    text = admin.get(reverse(LIST)).text
    for said in ("老客户.xlsx", world.administrator.name, "taken over", "columns to be checked", "2 imports"):
        assert said in text
    narrowed = admin.get(reverse(LIST), {"state": "done"})
    assert [job.state for job in narrowed.context["rows"]] == ["done"]
    assert "No import is in this state" in admin.get(reverse(LIST), {"state": "failed"}).text
    assert len(admin.get(reverse(LIST), {"state": "no-such-state"}).context["rows"]) == 2


def cells(text):
    """The texts of the last row's figures."""
    return re.findall(r'<td class="cell-number[^"]*">([^<]*)</td>', text)


@pytest.mark.parametrize("state", ["undoing", "undone", "cancelled", "failed"])
def test_what_is_not_in_the_register_does_not_look_as_if_it_were(admin, world, state):
    job = made.at("done", by=world.administrator, record=world.ours)
    assert cells(admin.get(reverse(LIST)).text) == ["6", "2", "1", "1"]
    Import.objects.filter(pk=job.pk).update(state=state)
    assert cells(admin.get(reverse(LIST)).text) == ["6", "—", "—", "—"]


def test_an_empty_list_says_what_to_do(admin):
    text = admin.get(reverse(LIST)).text
    assert "Nothing has been imported yet" in text
    assert f'href="{reverse(NEW)}"' in text


def test_the_list_asks_as_many_questions_for_many_as_for_one(admin, world, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    made.at("done", by=world.administrator, record=world.ours)
    admin.get(reverse(LIST))
    with CaptureQueriesContext(connection) as one:
        admin.get(reverse(LIST))
    for _number in range(3):
        made.at("checked", by=world.administrator, record=world.ours)
    with django_assert_num_queries(len(one)):
        admin.get(reverse(LIST))


def test_pages_of_the_list(admin, world):
    at = timezone.now() - timedelta(days=1)
    Import.objects.bulk_create(
        Import(name=f"{n}.csv", size=1, sha256="1" * 64, asked_at=at, asked_by=world.administrator) for n in range(51)
    )
    first = admin.get(reverse(LIST))
    second = admin.get(reverse(LIST) + first.context["next_url"])
    assert [len(page.context["rows"]) for page in (first, second)] == [50, 1]


def test_corrected_rows_are_an_import_of_their_own_beside_the_first(admin, world):
    first = made.at("done", by=world.administrator, record=world.ours)
    page = reverse("customers:import", args=[first.pk])
    assert "Upload the corrected rows" in admin.get(page).text
    url = reverse("customers:import_corrected", args=[first.pk])
    answer = send(admin, url=url)
    second = Import.objects.get(corrects=first)
    assert answer.url == reverse("customers:import", args=[second.pk])
    assert answer.url in admin.get(page).text
    assert page in admin.get(answer.url).text
    refused = send(admin, b"", url=url)
    assert refused.context["form"].errors["file"] == ["The file is empty: choose another one."]
