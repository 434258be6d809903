"""Recognition of a pasted block 智能识别. What was pasted is read here and kept nowhere. Source: ux section 2."""

from django.shortcuts import render
from django.views.decorators.http import require_POST

from customers.forms.pasted import Filling
from customers.views.register import show_typed
from staff.access import answers_only, position_required
from staff.verbs import Verb


@answers_only
@require_POST
@position_required(Verb.CUSTOMER_REGISTER)
def recognise(request):
    """What the block says, for the fields that are still empty. A script puts it in; without one the page comes back
    with it, and a second button takes it out again."""
    if "undo" in request.POST:
        return show_typed(request, Filling.undone(request.POST))
    filling = Filling(request.POST, person=request.user)
    if request.htmx:
        return render(request, "customers/recognised.html", {"filling": filling})
    return show_typed(request, filling.filled(), filling=filling)
