from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from staff.access import signed_in

from .models import Clause


@require_safe
@signed_in
def clause(request, pk):
    """The side sheet behind a clause chip; opened by address it is a page of its own."""
    sheet = get_object_or_404(Clause, pk=pk)
    return render(request, "policy/clause.html" + ("#sheet" if request.htmx else ""), {"clause": sheet})
