from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from staff import actions, refusals
from staff.access import position_required, take_typing
from staff.forms.places import AreaForm
from staff.models import Area, Branch
from staff.verbs import Verb


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.BRANCH_MANAGE)
def area_new(request, pk):
    return _area_page(request, get_object_or_404(Branch.objects.select_related("district"), pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.BRANCH_MANAGE)
def area_edit(request, pk):
    area = get_object_or_404(Area.objects.select_related("branch__district"), pk=pk)
    return _area_page(request, area.branch, area)


def _area_page(request, unit, area=None):
    """The form; asked by its city choice, only the districts to tick: those ticked so far and those of the city."""
    choosing = request.method == "GET" and request.htmx and "city" in request.GET
    data = request.GET if choosing else request.POST or take_typing(request)
    form = AreaForm(data, branch=unit, area=area, address=request.path)
    if request.method == "POST" and form.is_valid():
        with refusals.beside_fields(form):
            if area:
                saved = actions.edit_area(area, **form.entry(), by=request.user)
            else:
                saved = actions.create_area(unit, **form.entry(), by=request.user)
            messages.success(request, _("The area %(name)s was saved.") % {"name": saved.name})
            return redirect("staff:branch", unit.pk)
    template = "staff/area_form.html" + ("#districts" if choosing else "")
    return render(request, template, {"form": form, "unit": unit, "area": area})
