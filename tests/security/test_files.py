"""Files with names that lead elsewhere, and with what a browser would run. Source: SEC-06."""

from pathlib import Path

import pytest
from django.urls import reverse

from customers.models import CustomerFile
from tests.security.told import text_of

BOUNDARY = "keke"


def multipart(name, content, content_type):
    """A file under exactly this name: the test client, like an honest browser, would send its last part only."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
    return f"{head}Content-Type: {content_type}\r\n\r\n".encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def send_file(client, customer, name, content=b"%PDF-1.7 x", content_type="application/pdf"):
    return client.post(
        reverse("customers:file_new", args=[customer.pk]), multipart(name, content, content_type),
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
    )  # fmt: skip


TRAVERSING = [
    "../../../etc/passwd.pdf", "..\\..\\windows\\x.pdf", "/etc/cron.d/x.pdf", "C:\\x.pdf", "..%2f..%2fx.pdf",
    "....//x.pdf", "x\x00.pdf", ".htaccess", "x.pdf/../../y.html", "合同\u202efdp.exe", "a" * 400 + ".pdf", "..", ".",
    "x.php.pdf\r\nX-Forged: 1", "<img src=x>.pdf", "~/.ssh/authorized_keys",
]  # fmt: skip


@pytest.mark.clause("SEC-06")
def test_no_name_of_a_file_leaves_its_folder(world, sign_in, place):
    client = sign_in(world.accountant)
    for number, name in enumerate(TRAVERSING):
        before = CustomerFile.objects.count()
        answer = send_file(client, world.ours, name, f"%PDF-{number}".encode())
        assert answer.status_code in (200, 302), name
        for row in CustomerFile.objects.order_by("pk")[before:]:
            home = (Path(place) / "customers").resolve()
            assert Path(row.file.path).resolve().is_relative_to(home), name
            assert not {"/", "\\", "\x00", "\r", "\n", "<"} & set(row.name), name
            assert row.name.endswith(".pdf")
            got = client.get(reverse("customers:file", args=[row.pk]))
            assert text_of(got).startswith(f"%PDF-{number}")
            assert "X-Forged" not in got.headers
    assert CustomerFile.objects.count() > len(TRAVERSING) // 2
    outside = [path for path in Path(place).parent.rglob("*.pdf") if not path.is_relative_to(place)]
    assert not outside


ACTIVE = [
    ("x.html", b"<html><script>alert(1)</script>", "text/html"),
    ("x.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "image/svg+xml"),
    ("x.pdf", b"<!doctype html><script>alert(1)</script>", "application/pdf"),
    ("x.png", b"GIF89a<script>alert(1)</script>", "image/png"),
]
DISGUISED = [
    ("x.html", b"%PDF-<html><script>alert(1)</script>", "text/html"),
    ("x.svg", b"\x89PNG\r\n\x1a\n<svg onload=alert(1)>", "image/svg+xml"),
    ("x.pdf.html", b"\xff\xd8\xff<script>alert(1)</script>", "text/html"),
]


@pytest.mark.clause("SEC-06")
def test_what_a_browser_would_run_is_refused_or_served_as_a_harmless_download(world, sign_in):
    client = sign_in(world.accountant)
    for name, content, kind in ACTIVE:
        assert send_file(client, world.ours, name, content, kind).status_code == 200
    assert not CustomerFile.objects.exists()
    for name, content, kind in DISGUISED:
        assert send_file(client, world.ours, name, content, kind).status_code == 302
    for row in CustomerFile.objects.all():
        answer = client.get(reverse("customers:file", args=[row.pk]))
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Type"] in ("application/pdf", "image/png", "image/jpeg")
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert row.name.endswith((".pdf", ".png", ".jpg"))
    assert CustomerFile.objects.count() == len(DISGUISED)
