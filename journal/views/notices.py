"""Notices for the staff: list, page, receipts. Source: GEN-04."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from journal import attachments, reading
from journal import notices as actions
from journal.forms.notices import NoticeFilter, WithdrawForm
from journal.models import Notice, NoticeAttachment, NoticeRead, Notification
from staff.access import position_required, signed_in
from staff.paging import Order, asked, links, page
from staff.verbs import Verb

NEWEST = Order("published_at", descending=True)
LATEST_WRITTEN = Order("pk", descending=True)
UNREAD_SHOWN = 50


@require_safe
@signed_in
def notices(request):
    """The unread ones first, then the others, newest first."""
    person, today = request.user, timezone.localdate()
    writer = person.can(Verb.NOTICE_WRITE)
    chosen = NoticeFilter(request.GET, writer=writer)
    state = chosen.chosen.get("state", "")
    rows, order = chosen.rows(person, today), LATEST_WRITTEN if state == "mine" else NEWEST
    place, unread = asked(request), []
    if not state:
        if not any(place.values()):
            unread = list(rows.filter(seen=False).order_by(*NEWEST.by())[:UNREAD_SHOWN])
        rows = rows.filter(seen=True)
    found = page(rows, order, **place)
    context = {"form": chosen, "rows": [*unread, *found.rows], "state": state, "writer": writer}
    return render(request, "journal/notices.html", context | links(request, found))


@require_safe
@signed_in
def notice(request, pk):
    shown = _visible(request, pk)
    mine = Notice.objects.editable_by(request.user).filter(pk=pk).exists()
    meant = Notice.objects.for_audience(request.user).filter(pk=pk).exists()
    context = {"notice": shown, "mine": mine, "meant": meant}
    if mine:
        people = shown.readers(timezone.localdate()).exclude(pk=shown.author_id)
        read = people.filter(pk__in=shown.reads.values("person")).count()
        context |= {"read": read, "unread": people.count() - read, "withdraw_form": WithdrawForm()}
    return render(request, "journal/notice.html", context)


def _visible(request, pk):
    rows = Notice.objects.visible_to(request.user).with_read(request.user)
    return get_object_or_404(rows.select_related("author", "withdrawn_by").prefetch_related("attachments"), pk=pk)


@require_POST
@signed_in
def notice_read(request, pk):
    """Confirmed by a button: showing a page writes nothing."""
    shown = get_object_or_404(Notice.objects.for_audience(request.user), pk=pk)
    at = timezone.now()
    actions.confirm_read(shown, by=request.user, at=at)
    told = Notification.objects.filter(person=request.user, subject_type="journal.notice", subject_id=pk)
    reading.mark_read(told, at=at)
    return redirect("journal:notices")


@require_safe
@position_required(Verb.NOTICE_WRITE)
def notice_readers(request, pk):
    """Behind the two figures: who has read it (with the time), or who has not."""
    shown = get_object_or_404(Notice.objects.editable_by(request.user), pk=pk)
    people = shown.readers(timezone.localdate()).exclude(pk=shown.author_id)
    reads = dict(NoticeRead.objects.filter(notice=shown).values_list("person", "at"))
    unread = request.GET.get("state") == "unread"
    rows = people.exclude(pk__in=reads) if unread else people.filter(pk__in=reads)
    found = page(rows, Order("staff_number"), **asked(request))
    for person in found.rows:
        person.read_at = reads.get(person.pk)
    context = {"notice": shown, "unread": unread, "rows": found.rows}
    return render(request, "journal/notice_readers.html", context | links(request, found))


@require_safe
@signed_in
def attachment(request, pk):
    """A file of a notice that the person may see, as a download that no browser interprets."""
    visible = Notice.objects.visible_to(request.user)
    found = get_object_or_404(NoticeAttachment.objects.filter(notice__in=visible), pk=pk)
    return attachments.download(found)
