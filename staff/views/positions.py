from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from staff import actions, refusals
from staff.access import position_required, take_typing
from staff.forms.positions import EndPositionForm, PositionFields
from staff.models import Person, Position
from staff.verbs import Verb


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.PEOPLE_MANAGE)
def position_new(request, pk):
    somebody = get_object_or_404(Person, pk=pk)
    form = PositionFields(request.POST or take_typing(request))
    if request.method == "POST" and form.is_valid():
        with refusals.beside_fields(form):
            position = actions.assign_position(somebody, **form.position(), by=request.user)
            messages.success(request, _("%(name)s has the position %(position)s.") % _named(position))
            return redirect("staff:person", pk)
    return render(request, "staff/position_new.html", {"form": form, "somebody": somebody})


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.PEOPLE_MANAGE)
def position_end(request, pk):
    position = get_object_or_404(Position.objects.select_related("person", "branch", "department", "area"), pk=pk)
    form = EndPositionForm(request.POST or take_typing(request), position=position)
    if request.method == "POST" and form.is_valid():
        with refusals.beside_fields(form):
            last = form.cleaned_data["ends_on"]
            actions.end_position(position, ends_on=last, by=request.user, on=timezone.localdate())
            sentence = _("%(name)s has the position %(position)s until %(date)s.")
            messages.success(request, sentence % (_named(position) | {"date": last.isoformat()}))
            return redirect("staff:person", position.person_id)
    return render(request, "staff/position_end.html", {"form": form, "position": position})


def _named(position):
    return {"name": position.person.name, "position": position}
