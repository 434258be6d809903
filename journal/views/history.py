from django.apps import apps
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from journal.timeline import timeline
from staff.access import signed_in


@require_safe
@signed_in
def timeline_panel(request, label, pk):
    """The history of any record whose model knows who may see it, for the page that shows the record."""
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError) as error:
        raise Http404 from error
    if not hasattr(model._default_manager.all(), "visible_to"):
        raise Http404
    subject = get_object_or_404(model._default_manager.visible_to(request.user), pk=pk)
    try:
        before = parse_datetime(request.GET.get("before", ""))
    except ValueError:
        before = None
    entries, older = timeline(subject, before=before)
    context = {"entries": entries, "older": older, "label": label, "subject": subject}
    return render(request, "journal/timeline.html" + ("#entries" if request.htmx else ""), context)
