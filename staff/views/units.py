"""Units: branches and the one unit of each channel without shops. Source: REC-03."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from staff import actions, opening_hours, refusals
from staff.access import position_required, take_typing
from staff.forms.places import areas_with_districts
from staff.forms.units import BranchForm
from staff.models import Branch, Position
from staff.verbs import PositionCode, Verb


@require_safe
@position_required(Verb.BRANCH_MANAGE)
def branches(request):
    units = list(Branch.objects.select_related("district"))
    names = managers_of(units, on=timezone.localdate())
    return render(request, "staff/branches.html", {"rows": [(unit, names.get(unit.pk, [])) for unit in units]})


def managers_of(units, *, on):
    """{unit id: names of its managers on a date}."""
    held = Position.objects.current(on).filter(code=PositionCode.BRANCH_MANAGER, branch__in=units)
    names = {}
    for position in held.select_related("person"):
        names.setdefault(position.branch_id, []).append(position.person.name)
    return names


@require_safe
@position_required(Verb.BRANCH_MANAGE)
def branch(request, pk):
    unit = get_object_or_404(Branch.objects.select_related("district"), pk=pk)
    people = Position.objects.current(timezone.localdate()).filter(branch=unit).select_related("person", "area")
    ranks = list(PositionCode.values)
    context = {
        "unit": unit,
        "hours": opening_hours.in_words(unit.opening_periods.all()),
        "areas": areas_with_districts(unit),
        "positions": sorted(people, key=lambda position: (ranks.index(position.code), position.person.staff_number)),
    }
    return render(request, "staff/branch.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.BRANCH_MANAGE)
def branch_new(request):
    form = BranchForm(request.POST or take_typing(request))
    if request.method == "POST" and form.is_valid():
        with refusals.beside_fields(form):
            unit = actions.create_branch(**form.entry(), by=request.user)
            messages.success(request, _("The unit %(name)s was added.") % {"name": unit.name})
            return redirect("staff:branch", unit.pk)
    return render(request, "staff/branch_form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.BRANCH_MANAGE)
def branch_edit(request, pk):
    unit = get_object_or_404(Branch.objects.select_related("district"), pk=pk)
    form = BranchForm(request.POST or take_typing(request), branch=unit)
    if request.method == "POST" and form.is_valid():
        with refusals.beside_fields(form):
            saved = actions.edit_branch(unit, **form.entry(), by=request.user)
            messages.success(request, _("The unit %(name)s was saved.") % {"name": saved.name})
            return redirect("staff:branch", pk)
    return render(request, "staff/branch_form.html", {"form": form, "unit": unit})
