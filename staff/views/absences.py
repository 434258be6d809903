"""When I am away and who stands in; managers enter it for the people of their unit. Source: architecture, "Settled"."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from staff import absences as acts
from staff import refusals
from staff.access import signed_in, take_typing
from staff.forms.absences import AbsenceForm
from staff.models import Absence


@require_safe
@signed_in
def absences(request):
    today = timezone.localdate()
    mine = acts.visible_to(request.user, on=today).not_over(today).select_related("person", "deputy")
    stands_in = Absence.objects.filter(deputy=request.user).not_over(today).select_related("person")
    return render(request, "staff/absences.html", {"rows": mine, "stands_in": stands_in, "today": today})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def absence_new(request):
    today = timezone.localdate()
    people = acts.in_charge_of(request.user, on=today)
    form = AbsenceForm(request.POST or take_typing(request), people=people, initial={"person": request.user.pk})
    if request.method == "POST" and form.is_valid():
        entered = {"person": request.user, **form.cleaned_data}
        with refusals.beside_fields(form):
            absence = acts.enter(**entered, by=request.user, on=today)
            return _saved(request, absence)
    return render(request, "staff/absence_form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def absence_edit(request, pk):
    absence, today = _mine(request, pk)
    people = acts.in_charge_of(request.user, on=today)
    form = AbsenceForm(request.POST or take_typing(request), people=people, absence=absence)
    if request.method == "POST" and form.is_valid():
        with refusals.beside_fields(form):
            return _saved(request, acts.change(absence, **form.cleaned_data, by=request.user, on=today))
    return render(request, "staff/absence_form.html", {"form": form, "absence": absence})


@require_POST
@signed_in
def absence_end(request, pk):
    absence, today = _mine(request, pk)
    acts.end(absence, by=request.user, on=today)
    messages.success(request, _("%(name)s is back.") % {"name": absence.person.name})
    return redirect("staff:absences")


def _mine(request, pk):
    today = timezone.localdate()
    rows = acts.visible_to(request.user, on=today).select_related("person", "deputy")
    return get_object_or_404(rows, pk=pk), today


def _saved(request, absence):
    messages.success(request, _("The absence of %(name)s was saved.") % {"name": absence.person.name})
    for other in acts.stands_in_for(absence):
        sentence = _("%(name)s is the deputy of %(other)s in these days. Agree on somebody else.")
        messages.warning(request, sentence % {"name": absence.person.name, "other": other.person.name})
    return redirect("staff:absences")
