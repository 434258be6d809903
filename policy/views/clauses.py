from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from policy.handbook import places
from policy.models import Clause
from policy.parameters import of_clause, unit_of
from staff.access import signed_in


@require_safe
@signed_in
def clause(request, pk):
    """The side sheet behind a clause chip; opened by address it is a page of its own."""
    sheet = get_object_or_404(Clause, pk=pk)
    context = {
        "clause": sheet,
        "parameters": of_clause(sheet.pk, branch=unit_of(request.user), on=timezone.localdate()),
        "places": [place for place in places.get(sheet.pk, ()) if place.open_to(request.user)],
    }
    return render(request, "policy/clause.html" + ("#sheet" if request.htmx else ""), context)
