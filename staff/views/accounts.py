"""Opening and closing accounts, and the one-time link by which a person sets the password. Source: SEC-02."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from staff import actions
from staff.access import position_required
from staff.models import Person
from staff.verbs import Verb

SHOWN_TO = "one_time_link_for"  # session key: the person whose link was issued last


@require_POST
@position_required(Verb.PEOPLE_MANAGE)
def disable(request, pk):
    somebody = get_object_or_404(Person, pk=pk)
    try:
        actions.disable_person(somebody, by=request.user, at=timezone.now())
        messages.success(request, _("The account of %(name)s is disabled.") % {"name": somebody.name})
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("staff:person", pk)


@require_POST
@position_required(Verb.PEOPLE_MANAGE)
def enable(request, pk):
    somebody = get_object_or_404(Person, pk=pk)
    if somebody.is_active:
        return redirect("staff:person", pk)
    actions.enable_person(somebody, by=request.user)
    messages.success(request, _("The account of %(name)s is enabled.") % {"name": somebody.name})
    return show_link(request, somebody)


@require_POST
@position_required(Verb.PEOPLE_MANAGE)
def new_link(request, pk):
    somebody = get_object_or_404(Person, pk=pk)
    try:
        actions.issue_link(somebody, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("staff:person", pk)
    return show_link(request, somebody)


def show_link(request, somebody):
    """To the page with the link. Only who had it issued sees it there, in the same session."""
    request.session[SHOWN_TO] = somebody.pk
    return redirect("staff:person_link", somebody.pk)


@require_safe
@position_required(Verb.PEOPLE_MANAGE)
def link(request, pk):
    somebody = get_object_or_404(Person.objects.enabled(), pk=pk)
    if request.session.get(SHOWN_TO) != pk:
        messages.info(request, _("A one-time link is shown once. Make a new one where it is needed again."))
        return redirect("staff:person", pk)
    uid = urlsafe_base64_encode(force_bytes(pk))
    address = reverse("welcome", args=[uid, default_token_generator.make_token(somebody)])
    context = {
        "somebody": somebody,
        "link": request.build_absolute_uri(address),
        "valid_until": timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
    }
    return render(request, "staff/person_link.html", context)
