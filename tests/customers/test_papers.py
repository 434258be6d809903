"""Files and notes of a customer: checked, scoped, served harmlessly, hidden rather than deleted."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from customers.models import CustomerFile, CustomerNote

PDF = b"%PDF-1.7 contract"


@pytest.fixture(autouse=True)
def _own_disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def upload(client, customer, *files):
    return client.post(reverse("customers:file_new", args=[customer.pk]), {"files": list(files)})


@pytest.fixture
def stored(world, sign_in):
    client = sign_in(world.accountant)
    assert upload(client, world.ours, SimpleUploadedFile("../合同 2026.exe.pdf", PDF)).status_code == 302
    return world.ours.files.get()


def address(file, name="file"):
    return reverse(f"customers:{name}", args=[file.pk])


@pytest.mark.clause("SEC-06")
def test_a_file_is_a_download_that_no_browser_interprets(world, stored, client):
    answer = client.get(address(stored))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer["Cache-Control"]


def test_nothing_of_its_name_reaches_the_disk(stored):
    assert stored.name == "合同_2026.exe.pdf"
    assert stored.file.name.startswith("customers/")
    assert "合同" not in stored.file.name
    assert (stored.size, stored.content_type) == (len(PDF), "application/pdf")


@pytest.mark.clause("SEC-06")
def test_nobody_outside_the_scope_gets_it(world, stored, sign_in):
    for person in (world.stranger, world.west_manager):
        assert sign_in(person).get(address(stored)).status_code == 404


@pytest.mark.parametrize("content", [b"<script>alert(1)</script>", b"MZ\x90\x00", b""])
def test_what_is_no_document_is_refused(world, sign_in, content):
    answer = upload(sign_in(world.accountant), world.ours, SimpleUploadedFile("合同.pdf", content))
    assert answer.status_code == 200
    assert not CustomerFile.objects.exists()


def test_too_many_at_once_and_too_large_are_refused(world, sign_in):
    client = sign_in(world.accountant)
    upload(client, world.ours, *[SimpleUploadedFile(f"{n}.pdf", PDF) for n in range(6)])
    upload(client, world.ours, SimpleUploadedFile("大.pdf", PDF + b"0" * 10 * 1024 * 1024))
    assert not CustomerFile.objects.exists()


@pytest.mark.clause("SEC-04")
def test_removing_hides_it_and_says_who_when_and_why(world, stored, sign_in):
    client = sign_in(world.manager)
    assert client.post(address(stored, "file_remove"), {"because": ""}).status_code == 200
    client.post(address(stored, "file_remove"), {"because": "传错了"})
    stored.refresh_from_db()
    assert (stored.removed_by, stored.removed_because) == (world.manager, "传错了")
    assert client.get(address(stored)).status_code == 404
    assert default_storage.exists(stored.file.name)
    page = client.get(reverse("customers:papers", args=[world.ours.pk])).content.decode()
    assert "传错了" in page
    assert address(stored) not in page
    history = client.get(reverse("journal:timeline", args=["customers.customer", world.ours.pk])).content.decode()
    assert "传错了" in history


@pytest.mark.clause("SEC-04")
def test_only_its_owner_and_editors_of_the_record_remove_a_file(world, stored, sign_in):
    assert sign_in(world.clerk).post(address(stored, "file_remove"), {"because": "x"}).status_code == 404
    stored.refresh_from_db()
    assert stored.removed_at is None


@pytest.mark.clause("SEC-04", "SEC-05")
def test_a_note_is_changed_by_its_author_only_and_keeps_its_history(world, sign_in):
    sign_in(world.clerk).post(reverse("customers:note_new", args=[world.ours.pk]), {"text": "周五\n前回电"})
    note = CustomerNote.objects.get()
    assert (note.author, note.text, note.edited_at) == (world.clerk, "周五\n前回电", None)
    edit = reverse("customers:note_edit", args=[note.pk])
    assert sign_in(world.accountant).post(edit, {"text": "改了"}).status_code == 404
    client = sign_in(world.clerk)
    client.post(edit, {"text": "周四前回电"})
    note.refresh_from_db()
    assert note.text == "周四前回电"
    assert note.edited_at
    history = client.get(reverse("journal:timeline", args=["customers.customer", world.ours.pk])).content.decode()
    assert "前回电</del>" in history
    assert "周四前回电" in history


def test_an_unchanged_or_empty_note_changes_nothing(world, sign_in):
    client = sign_in(world.clerk)
    client.post(reverse("customers:note_new", args=[world.ours.pk]), {"text": " "})
    assert not CustomerNote.objects.exists()
    client.post(reverse("customers:note_new", args=[world.ours.pk]), {"text": "回电"})
    client.post(reverse("customers:note_edit", args=[CustomerNote.objects.get().pk]), {"text": "回电"})
    assert CustomerNote.objects.get().edited_at is None


def test_one_note_and_many_cost_the_same_queries(world, sign_in, django_assert_max_num_queries):
    client = sign_in(world.accountant)
    page = reverse("customers:papers", args=[world.ours.pk])
    for number in range(25):
        client.post(reverse("customers:note_new", args=[world.ours.pk]), {"text": f"第 {number} 条"})
    with django_assert_max_num_queries(15):
        shown = client.get(page)
    assert len(shown.context["notes"]) == 20
    assert len(client.get(page + shown.context["next_url"]).context["notes"]) == 5
