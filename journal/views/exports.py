"""Asking for a list as a file, watching it being written, fetching it. Source: GEN-03, SEC-06."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from journal import exports as exporters
from journal.actions import address_of
from journal.exports import actions
from journal.forms.exports import ExportForm
from journal.models import ExportJob
from staff.access import signed_in, take_typing
from staff.paging import COUNTED, Order, asked, capped_count, links, page

NEWEST = Order("pk", descending=True)
PLACES = ("after", "before")  # where in the list the person was; a file holds all of it
PROBLEMS = {
    "not_open": gettext_lazy("This list is not open to you any more."),
    "disk": gettext_lazy("There is no room left where files are kept. Tell a system administrator."),
    "attempts": gettext_lazy("Writing it stopped three times. Narrow the list, or tell a system administrator."),
    "fault": gettext_lazy("Something went wrong in Keke. Ask for it once more, or tell a system administrator."),
}
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
@signed_in
def exports(request):
    """One's own exports, the newest first; while one is being written this part of the page asks again by itself."""
    mine, now = ExportJob.objects.visible_to(request.user), timezone.now()
    found = page(mine, NEWEST, **asked(request))
    context = {"rows": [_row(job, now) for job in found.rows], "busy": mine.open().exists()}
    fragment = "#exports" if request.htmx and not request.htmx.history_restore_request else ""
    return render(request, f"journal/exports.html{fragment}", context | links(request, found))


def _row(job, now):
    exporter = exporters.get(job.list)
    return {
        "job": job,
        "label": exporter.label if exporter else job.list,
        "words": exporter.words(job.person, job.choices) if exporter and job.is_open else [],
        "fetchable": job.state == ExportJob.State.DONE and job.expires_at > now,
        "problem": PROBLEMS.get(job.problem, ""),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def export_new(request, code):
    """What for, as what, which columns. The choices of the list stand in this page's own address, as in the list's."""
    exporter = exporters.get(code)
    if exporter is None:
        raise Http404
    exporter.refuse_others(request.user)
    query = request.GET.copy()
    for name in PLACES:
        query.pop(name, None)
    choices = exporter.keep(request.user, query)
    columns = [column.code for column in exporter.every_column]
    suggested = exporter.suggested(request.user, query) if exporter.suggested else columns
    form = ExportForm(request.POST or take_typing(request), exporter=exporter, suggested=suggested)
    if request.method == "POST" and form.is_valid() and _asked(request, exporter, choices, form):
        return redirect("journal:exports")
    rows = exporter.rows(request.user, choices)
    context = {
        "form": form,
        "label": exporter.label,
        "words": exporter.words(request.user, choices),
        "count": rows.count() if isinstance(rows, exporters.Rows) else capped_count(rows),
        "counted": COUNTED,
        "back": f"{reverse(exporter.back)}?{query.urlencode()}".rstrip("?"),
    }
    return render(request, "journal/export_new.html", context)


def _asked(request, exporter, choices, form):
    try:
        actions.ask(
            exporter, choices=choices, **form.cleaned_data, by=request.user, at=timezone.now(),
            address=address_of(request), request_id=request.request_id,
        )  # fmt: skip
    except ValidationError as refused:
        form.add_error(None, refused)
        return False
    messages.success(request, _("It is being written. You can leave this page; the bell says when it is ready."))
    return True


@require_safe
@signed_in
def export_file(request, pk):
    """The file, for the person who asked for it, until it expires; always a download that no browser interprets."""
    job = get_object_or_404(ExportJob.objects.visible_to(request.user).kept(timezone.now()), pk=pk)
    try:
        content = actions.path_of(job).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, as_attachment=True, filename=job.name, content_type=TYPES[job.format])
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_POST
@signed_in
def export_end(request, pk):
    """Cancel it, or delete its file."""
    job = get_object_or_404(ExportJob.objects.visible_to(request.user), pk=pk)
    actions.end(job, at=timezone.now())
    messages.info(request, _("Cancelled.") if job.is_open else _("The file is deleted."))
    return redirect("journal:exports")
