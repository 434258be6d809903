"""People and their records. Source: SEC-01, SEC-02."""

from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from staff import actions, refusals, searches
from staff.access import position_required, take_typing
from staff.forms.people import NewPersonForm, PeopleFilter, PersonForm
from staff.models import Person, Position
from staff.paging import Order, asked, links, page
from staff.verbs import Verb

from .accounts import show_link


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.PEOPLE_MANAGE)
def people(request):
    if request.method == "POST":
        return searches.to_list(request, PeopleFilter)
    today, choices = timezone.localdate(), searches.opened(request.user, request.GET)
    chosen = PeopleFilter(choices)
    places = Position.objects.current(today).select_related("branch", "department")
    rows = chosen.people(today).prefetch_related(Prefetch("positions", queryset=places, to_attr="held"))
    order = Order("name" if chosen.chosen.get("sort") == "name" else "staff_number")
    everybody = Person.objects.all()
    found = page(rows, order, within=everybody, **asked(request))
    expired = searches.has_expired(request.GET, choices)
    context = {"form": chosen, "rows": found.rows, "search_expired": expired, **links(request, found)}
    return render(request, "staff/people.html", context)


@require_safe
@position_required(Verb.PEOPLE_MANAGE)
def person(request, pk):
    somebody = get_object_or_404(Person, pk=pk)
    today = timezone.localdate()
    groups = {"current": [], "future": [], "past": []}
    for position in somebody.positions.select_related("branch", "department", "area").order_by("-starts_on", "-pk"):
        groups[position.state(today)].append(position)
    context = {
        "somebody": somebody,
        **groups,
        "absences": somebody.absences.not_over(today).select_related("deputy"),
        "has_second_factor": hasattr(somebody, "second_factor"),
        "myself": somebody == request.user,
    }
    return render(request, "staff/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.PEOPLE_MANAGE)
def person_new(request):
    form = NewPersonForm(request.POST or take_typing(request))
    if request.method == "POST" and form.is_valid():
        with refusals.beside_fields(form):
            somebody = actions.create_person(**form.person(), position=form.position(), by=request.user)
            messages.success(request, _("%(name)s (%(number)s) was added.") % _named(somebody))
            return show_link(request, somebody)
    return render(request, "staff/person_new.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.PEOPLE_MANAGE)
def person_edit(request, pk):
    somebody = get_object_or_404(Person, pk=pk)
    form = PersonForm(request.POST or take_typing(request), instance=somebody)
    if request.method == "POST" and form.is_valid():
        with refusals.beside_fields(form):
            actions.edit_person(somebody, **form.person(), by=request.user)
            messages.success(request, _("%(name)s (%(number)s) was saved.") % _named(form.instance))
            return redirect("staff:person", pk)
    return render(request, "staff/person_edit.html", {"form": form, "somebody": somebody})


def _named(somebody):
    return {"name": somebody.name, "number": somebody.staff_number}
