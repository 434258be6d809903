from django.apps import apps
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from journal.timeline import timeline
from staff.access import signed_in


@require_safe
@signed_in
def timeline_panel(request, label, pk):
    """The history of a record whose model offers one, for whoever may see the record."""
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError) as error:
        raise Http404 from error
    if not getattr(model, "history_page", False):
        raise Http404
    subject = get_object_or_404(model._default_manager.visible_to(request.user), pk=pk)
    before = _instant(request.GET.get("before", ""))
    request.records_shown += 1
    entries, older = timeline(subject, before=before)
    context = {"entries": entries, "older": older, "before": before, "label": label, "subject": subject}
    return render(request, "journal/timeline.html" + ("#entries" if request.htmx else ""), context)


def _instant(text):
    """A point in time as our own link names it; None for anything else, which means the newest changes."""
    try:
        at = parse_datetime(text)
        return at.astimezone(timezone.get_default_timezone()) if at and timezone.is_aware(at) else None
    except (ValueError, OverflowError):
        return None
