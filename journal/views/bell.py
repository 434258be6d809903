"""The bell, one's notifications, and how one wants to be told. Source: GEN-02."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from journal import links, preferences, reading
from journal.forms.push import BellFilter, PushForm
from journal.models import ChannelPreference, Notification, PushSettings
from journal.templatetags.bell import bell_context
from staff.access import polled, signed_in, take_typing
from staff.paging import Order, asked, page, row_id
from staff.paging import links as page_links

NEWEST = Order("visible_at", descending=True)


@require_safe
@polled
@signed_in
def bell(request):
    return render(request, "journal/bell.html", bell_context(request.user))


@require_safe
@signed_in
def notifications(request):
    chosen = BellFilter(request.GET)
    found = page(chosen.rows(request.user, timezone.now()), NEWEST, **asked(request))
    unread = reading.unread_count(request.user)
    newest = max((row.pk for row in found.rows), default=0)
    context = {"form": chosen, "rows": found.rows, "unread": unread, "newest": newest}
    fragment = "#notifications" if request.htmx and not request.htmx.history_restore_request else ""
    return render(request, f"journal/notifications.html{fragment}", context | page_links(request, found))


@require_POST
@signed_in
def notification_open(request, pk):
    """Read it and go to what it is about. A POST, because opening changes something."""
    mine = Notification.objects.of(request.user, timezone.now())
    notification = get_object_or_404(mine, pk=pk)
    reading.mark_read(mine.filter(pk=pk), at=timezone.now())
    return redirect(links.path(notification) or "journal:notifications")


@require_POST
@signed_in
def notifications_read(request):
    """All read. What came after the page was shown stays unread."""
    mine = Notification.objects.of(request.user, timezone.now())
    if newest := row_id(request.POST.get("newest", "")):
        mine = mine.filter(pk__lte=newest)
    reading.mark_read(mine, at=timezone.now())
    return redirect("journal:notifications")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def push_settings(request):
    mine = PushSettings.objects.filter(person=request.user).first()
    emails = dict(ChannelPreference.objects.filter(person=request.user).values_list("group", "email"))
    form = PushForm(request.POST or take_typing(request), instance=mine, preferences=emails)
    if request.method == "POST" and form.is_valid():
        preferences.save(**form.chosen(), by=request.user)
        messages.success(request, _("Saved. It holds from the next notification on."))
        return redirect("journal:push_settings")
    return render(request, "journal/push_settings.html", {"form": form})
