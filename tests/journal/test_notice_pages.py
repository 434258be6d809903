"""The pages of notices: who sees which, files, receipts."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from journal import notices
from journal.models import Notice, NoticeAttachment, NoticeRead, Notification

LIST = reverse("journal:notices")
NEW = reverse("journal:notice_new")
pytestmark = pytest.mark.clause("GEN-04")


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def published(by, title="九月涨价", **fields):
    values = {"title": title, "body": "自 9 月 1 日起", "kind": "price", "audience": "all"} | fields
    draft = notices.write(**values, by=by, at=timezone.now())
    return notices.publish(draft, version=draft.version, by=by, at=timezone.now())


def page(notice, name="notice"):
    return reverse(f"journal:{name}", args=[notice.pk])


def entry(**changes):
    return {
        "title": "九月涨价",
        "kind": "price",
        "body": "自 9 月 1 日起",
        "audience": "all",
        "expires_on": "",
    } | changes


def pdf(name="价格表.pdf"):
    return SimpleUploadedFile(name, b"%PDF-1.7 prices", content_type="text/html")


def test_write_publish_read_withdraw(world, sign_in):
    client = sign_in(world.people["marketing"])
    written = client.post(NEW, entry(files=[pdf(), pdf("b.pdf")]))
    notice = Notice.objects.get()
    assert written.url == page(notice)
    assert "version" in client.get(page(notice)).content.decode()
    client.post(page(notice, "notice_publish"), {"version": notice.version})
    reader = sign_in(world.clerk)
    assert "九月涨价" in reader.get(LIST).content.decode()
    assert "九月涨价" in reader.get(page(notice)).content.decode()
    assert not NoticeRead.objects.exists()  # showing writes nothing
    for _twice in range(2):
        assert reader.post(page(notice, "notice_read")).status_code == 302
    assert NoticeRead.objects.get().person == world.clerk
    assert not Notification.objects.unread().filter(person=world.clerk).exists()
    author = sign_in(world.people["marketing"])
    assert author.get(page(notice)).context["read"] == 1
    author.post(page(notice, "notice_withdraw"), {"because": ""})
    notice.refresh_from_db()
    assert not notice.withdrawn_at
    author.post(page(notice, "notice_withdraw"), {"because": "价格有误"})
    assert "价格有误" in author.get(page(notice)).content.decode()
    assert sign_in(world.clerk).get(page(notice)).status_code == 404


def test_the_figures_count_exactly_the_people_behind_them(world, sign_in):
    notice = published(world.people["marketing"])
    for who in (world.clerk, world.owner):
        notices.confirm_read(notice, by=who, at=timezone.now())
    notices.confirm_read(notice, by=world.people["marketing"], at=timezone.now())  # the author is no reader
    client = sign_in(world.people["marketing"])
    shown = client.get(page(notice)).context
    read = client.get(page(notice, "notice_readers")).context["rows"]
    unread = client.get(page(notice, "notice_readers"), {"state": "unread"}).context["rows"]
    assert (shown["read"], shown["unread"]) == (len(read), len(unread))
    assert {p.pk for p in read} == {world.clerk.pk, world.owner.pk}
    assert all(p.read_at for p in read)
    assert sign_in(world.people["service_head"]).get(page(notice, "notice_readers")).status_code == 404


@pytest.mark.parametrize("who", ["clerk", "sales_rep", "executive", "inspector", "finance"])
def test_other_positions_do_not_write(world, sign_in, who):
    client = sign_in(world.people[who])
    assert client.get(NEW).status_code == 403
    assert client.post(NEW, entry()).status_code == 403
    assert "notices/new" not in client.get(LIST).content.decode()


def test_a_branch_manager_writes_for_the_own_unit_only(world, sign_in):
    client = sign_in(world.manager)
    assert client.post(NEW, entry()).context["form"].errors
    assert client.post(NEW, entry(audience="units", units=[world.west.pk])).context["form"].errors
    assert client.post(NEW, entry(audience="units", units=[world.east.pk])).status_code == 302
    assert list(Notice.objects.get().units.all()) == [world.east]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"body": ""}, "body"),
        ({"kind": "x"}, "kind"),
        ({"audience": ""}, "audience"),
        ({"audience": "positions"}, "positions"),
        ({"audience": "units"}, "units"),
        ({"audience": "units", "units": ["999999"]}, "units"),
        ({"expires_on": "yesterday"}, "expires_on"),
        ({"files": [SimpleUploadedFile("a.jpg", b"<svg onload=alert(1)>")]}, "files"),
        ({"files": [SimpleUploadedFile(f"{n}.pdf", b"%PDF-1") for n in range(6)]}, "files"),
    ],
)
def test_what_is_wrong_stands_beside_the_field(world, sign_in, changes, field):
    answer = sign_in(world.administrator).post(NEW, entry(**changes))
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {field}
    assert not Notice.objects.exists()


def test_what_the_audience_does_not_use_is_dropped(world, sign_in):
    sign_in(world.administrator).post(NEW, entry(positions=["clerk"], units=[world.east.pk]))
    notice = Notice.objects.get()
    assert (notice.positions, list(notice.units.all())) == ([], [])


def test_two_tabs_the_second_is_told(world, sign_in):
    client = sign_in(world.administrator)
    client.post(NEW, entry())
    notice = Notice.objects.get()
    first = client.post(page(notice, "notice_edit"), entry(title="甲", version=1))
    assert first.status_code == 302
    second = client.post(page(notice, "notice_edit"), entry(title="乙", version=1))
    assert second.status_code == 409
    assert "乙" in second.content.decode()
    notice.refresh_from_db()
    assert notice.title == "甲"
    client.post(page(notice, "notice_publish"), {"version": 1})
    notice.refresh_from_db()
    assert notice.state == "draft"
    client.post(page(notice, "notice_publish"), {"version": 2})
    assert client.get(page(notice, "notice_edit")).url == page(notice)


def test_a_file_is_served_as_a_download_to_the_audience_only(world, sign_in, tmp_path):
    client = sign_in(world.administrator)
    client.post(NEW, entry(audience="positions", positions=["clerk"], files=[pdf("../../<b>价格.html")]))
    stored = NoticeAttachment.objects.get()
    assert stored.file.name.startswith("notices/")
    assert "价格" not in stored.file.name
    assert (stored.content_type, len(stored.sha256)) == ("application/pdf", 64)
    address = reverse("journal:attachment", args=[stored.pk])
    assert sign_in(world.clerk).get(address).status_code == 404  # still a draft
    notice = Notice.objects.get()
    notices.publish(notice, version=1, by=world.administrator, at=timezone.now())
    served = sign_in(world.clerk).get(address)
    assert b"".join(served.streaming_content) == b"%PDF-1.7 prices"
    assert served["Content-Type"] == "application/pdf"
    assert served["Content-Disposition"].startswith("attachment")
    assert served["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in served["Cache-Control"]
    assert sign_in(world.owner).get(address).status_code == 404
    assert sign_in(world.clerk).get(f"/media/{stored.file.name}").status_code == 404
    (tmp_path / stored.file.name).unlink()
    assert sign_in(world.clerk).get(address).status_code == 404


def test_files_are_taken_away_from_a_draft(world, sign_in, tmp_path, django_capture_on_commit_callbacks):
    client = sign_in(world.administrator)
    client.post(NEW, entry(files=[pdf(), pdf("b.pdf")]))
    notice = Notice.objects.get()
    gone, kept = notice.attachments.all()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page(notice, "notice_edit"), entry(version=1, removed=[gone.pk]))
    assert list(notice.attachments.all()) == [kept]
    assert not (tmp_path / gone.file.name).exists()
    assert (tmp_path / kept.file.name).exists()


def test_the_unread_stand_first(world, sign_in):
    titles = [f"通知{number}" for number in range(4)]
    made = [published(world.administrator, title) for title in titles]
    notices.confirm_read(made[3], by=world.clerk, at=timezone.now())
    notices.confirm_read(made[1], by=world.clerk, at=timezone.now())
    client = sign_in(world.clerk)
    shown = [notice.title for notice in client.get(LIST).context["rows"]]
    assert shown == ["通知2", "通知0", "通知3", "通知1"]
    assert [n.title for n in client.get(LIST, {"state": "unread"}).context["rows"]] == ["通知2", "通知0"]
    assert not client.get(LIST, {"kind": "market"}).context["rows"]


def test_the_own_ones_with_drafts(world, sign_in):
    client = sign_in(world.people["marketing"])
    client.post(NEW, entry())
    published(world.administrator, "别人的")
    assert [n.title for n in client.get(LIST, {"state": "mine"}).context["rows"]] == ["九月涨价"]


def test_one_and_three_cost_the_same(world, sign_in):
    client = sign_in(world.clerk)
    published(world.administrator)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    published(world.administrator)
    published(world.administrator)
    with CaptureQueriesContext(connection) as three:
        client.get(LIST)
    assert len(one) == len(three)


def test_what_a_notice_says_is_text(world, sign_in):
    notice = published(world.administrator, "<script>alert(1)</script>", body="{{ 7|add:7 }}<img src=x>\n\n第二段")
    shown = sign_in(world.clerk).get(page(notice)).content.decode()
    assert "<script>alert" not in shown
    assert "<img src=x>" not in shown
    assert "{{ 7|add:7 }}" in shown


def test_the_author_is_not_asked_to_confirm_the_own_notice(world, sign_in):
    notice = published(world.people["marketing"])
    client = sign_in(world.people["marketing"])
    assert page(notice, "notice_read") not in client.get(page(notice)).content.decode()
    assert not client.get(LIST, {"state": "unread"}).context["rows"]
    assert page(notice, "notice_read") in sign_in(world.clerk).get(page(notice)).content.decode()
