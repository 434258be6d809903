"""Writing, publishing, reading and withdrawing notices."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.db.utils import DatabaseError
from django.utils import timezone

from journal import notices
from journal.models import Notice, NoticeRead, Notification
from staff.verbs import PositionCode

pytestmark = pytest.mark.clause("GEN-04")


def write(by, **fields):
    values = {"title": "九月涨价", "body": "自 9 月 1 日起", "kind": "price", "audience": "all"} | fields
    return notices.write(**values, by=by, at=timezone.now())


def publish(notice, by=None):
    return notices.publish(notice, version=notice.version, by=by or notice.author, at=timezone.now())


def told(notice):
    return set(
        Notification.objects.filter(subject_id=notice.pk, kind="journal.notice").values_list("person", flat=True)
    )


def test_a_draft_is_seen_by_its_author_alone(world):
    draft = write(world.people["marketing"])
    assert Notice.objects.visible_to(world.people["marketing"]).filter(pk=draft.pk).exists()
    for who in (world.owner, world.people["service_head"], world.nobody):
        assert not Notice.objects.visible_to(who).exists()


def test_everybody_with_a_position_is_told_once(world):
    notice = write(world.people["marketing"])
    publish(notice)
    publish(Notice.objects.get(pk=notice.pk))
    everybody = {person.pk for person in [*world.people.values(), world.colleague, world.stranger, world.west_manager]}
    assert told(notice) == everybody - {world.people["marketing"].pk}
    assert Notification.objects.count() == len(told(notice))
    assert not Notice.objects.for_audience(world.nobody).exists()
    assert not Notice.objects.for_audience(world.disabled).exists()


@pytest.mark.parametrize("code", PositionCode.values)
def test_the_audience_of_positions_is_exactly_those_positions(world, code):
    notice = write(world.administrator, audience="positions", positions=["clerk", "finance"])
    publish(notice)
    person = world.people[code]
    meant = code in ("clerk", "finance")
    assert Notice.objects.for_audience(person).exists() == meant
    assert (person.pk in told(notice)) == (meant and person != world.administrator)


def test_the_audience_of_units_is_their_people(world):
    notice = write(world.west_manager, audience="units", units=[world.west])
    publish(notice)
    assert told(notice) == {world.stranger.pk}
    assert Notice.objects.for_audience(world.stranger).exists()
    for who in (world.owner, world.people["executive"]):
        assert not Notice.objects.for_audience(who).exists()
    assert Notice.objects.visible_to(world.administrator).exists()  # who can withdraw it


def test_a_stale_tab_neither_saves_nor_publishes(world):
    draft = write(world.administrator)
    fields = {"title": "新", "body": "新", "kind": "price", "audience": "all"}
    notices.edit(draft, version=1, **fields, by=world.administrator, at=timezone.now())
    stale = {"by": world.administrator, "at": timezone.now()}
    with pytest.raises(notices.StaleNotice):
        notices.edit(draft, version=1, **fields, **stale)
    with pytest.raises(notices.StaleNotice):
        notices.publish(draft, version=1, **stale)
    assert not told(draft)


def test_what_is_published_is_not_edited(world):
    notice = write(world.administrator)
    published = publish(notice)
    with pytest.raises(notices.StaleNotice):
        notices.edit(published, version=published.version, title="x", by=world.administrator, at=timezone.now())


def test_withdrawn_is_kept_for_its_author_and_gone_for_readers(world):
    notice = publish(write(world.people["marketing"]))
    for because in ("价格有误", "又一次"):
        notices.withdraw(notice, because=because, by=world.administrator, at=timezone.now())
    notice.refresh_from_db()
    assert (notice.state, notice.withdrawn_because) == ("withdrawn", "价格有误")
    assert not Notice.objects.for_audience(world.owner).exists()
    assert Notice.objects.visible_to(world.people["marketing"]).exists()


def test_a_draft_cannot_be_withdrawn(world):
    draft = write(world.administrator)
    notices.withdraw(draft, because="x", by=world.administrator, at=timezone.now())
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_after_its_last_day_it_is_old(world):
    today = timezone.localdate()
    publish(write(world.administrator, expires_on=today))
    publish(write(world.administrator, expires_on=today - timedelta(days=1)))
    meant = Notice.objects.for_audience(world.owner)
    assert [n.state for n in meant.in_force(today)] == ["published"]
    assert meant.count() == 2


def test_a_receipt_is_written_once_and_never_changes(world):
    notice = publish(write(world.administrator))
    first = timezone.now()
    for minutes in range(3):
        notices.confirm_read(notice, by=world.owner, at=first + timedelta(minutes=minutes))
    assert NoticeRead.objects.get().at == first
    with pytest.raises(DatabaseError):
        NoticeRead.objects.update(at=timezone.now())


def test_two_tabs_publishing_at_once_tell_once(live_world):
    notice, barrier, errors = write(live_world.administrator), threading.Barrier(2), []

    def work():
        barrier.wait()
        try:
            publish(notice)
        except notices.StaleNotice as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _both in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert Notification.objects.count() == len(told(notice)) > 10


def test_more_than_five_files_are_refused_and_nothing_is_saved(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    uploads = [(SimpleUploadedFile(f"{n}.pdf", b"%PDF-1.7"), "pdf") for n in range(6)]
    with pytest.raises(ValidationError):
        write(world.administrator, uploads=uploads)
    assert not Notice.objects.exists()
