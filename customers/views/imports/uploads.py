"""All imports, and the first step of one. Source: REC-15; import.md step 1."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from customers.forms.imports import CorrectedForm, ImportFilter, UploadForm
from customers.importing import jobs
from customers.importing.refusals import Refused
from customers.models import Import
from staff.access import position_required
from staff.paging import COUNTED, Order, asked, capped_count, links, page
from staff.verbs import Verb

from .frame import UPLOAD, steps

NEWEST = Order("pk", descending=True)


@require_safe
@position_required(Verb.IMPORT_RUN)
def imports(request):
    """Who has brought in what, the newest first."""
    chosen = ImportFilter(request.GET)
    visible = Import.objects.visible_to(request.user)
    rows = chosen.narrow(visible)
    found = page(rows.select_related("asked_by"), NEWEST, within=visible, **asked(request))
    context = {
        "form": chosen,
        "rows": found.rows,
        "count": capped_count(rows),
        "counted": COUNTED,
        "narrowed": rows is not visible,
    }
    return render(request, "customers/imports/list.html", context | links(request, found))


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.IMPORT_RUN)
def import_new(request):
    form = UploadForm()
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid() and (job := _begin(request, form, kind=form.cleaned_data["kind"])):
            return redirect("customers:import", job.pk)
    return render(request, "customers/imports/new.html", {"form": form, "steps": steps(UPLOAD)})


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.IMPORT_RUN)
def import_corrected(request, pk):
    """The error workbook of an import comes back, corrected: an import of its own, of these rows alone."""
    done = Import.objects.visible_to(request.user).filter(state=Import.State.DONE)
    first = get_object_or_404(done, pk=pk)
    form = CorrectedForm()
    if request.method == "POST":
        form = CorrectedForm(request.POST, request.FILES)
        if form.is_valid() and (job := _begin(request, form, kind=first.kind, corrects=first)):
            return redirect("customers:import", job.pk)
    return render(request, "customers/imports/new.html", {"form": form, "first": first, "steps": steps(UPLOAD)})


def _begin(request, form, **how):
    """The import of the form's file; a file that is not read is refused beside the field."""
    upload = form.cleaned_data["file"]
    try:
        return jobs.begin(upload, name=upload.name, by=request.user, at=timezone.now(), **how)
    except Refused as refused:
        form.add_error("file", refused.sentence)
        return None
