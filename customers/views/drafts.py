"""The draft of the registration form: kept while typing, offered when its writer comes back. Source: ux 9, 39."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from customers import drafts
from staff.access import position_required
from staff.verbs import Verb


@require_POST
@position_required(Verb.CUSTOMER_REGISTER)
def save(request):
    """Every few seconds while somebody types. Answers with the word beside the buttons."""
    draft = drafts.keep(person=request.user, form=drafts.REGISTRATION, data=request.POST, at=timezone.now())
    if request.htmx:
        return render(request, "customers/draft_saved.html", {"draft": draft}) if draft else HttpResponse(status=204)
    return redirect("customers:register")


@require_POST
@position_required(Verb.CUSTOMER_REGISTER)
def discard(request):
    """The writer does not want the offered draft any more."""
    draft = drafts.offered(request.user, drafts.REGISTRATION, at=timezone.now())
    if draft and request.POST.get("draft") == str(draft.key):
        drafts.drop(request.user, drafts.REGISTRATION, draft.key)
        messages.success(request, _("The draft is thrown away."))
    return redirect("customers:register")
