"""My account: who I am here, my password, my two-step sign-in, my devices, my absences. Source: SEC-02."""

import pghistory
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from crm_site import addresses, notifications, sessions, signing_in
from crm_site.forms import ChangePasswordForm, ProfileForm
from crm_site.throttle import TooMany
from journal.actions import record
from journal.models import AccessLog
from staff import actions, second_factor
from staff.access import signed_in, take_typing
from staff.models import EndReason, SignedInSession
from staff.sessions import end_all


@require_safe
@signed_in
def account(request):
    person, now = request.user, timezone.now()
    context = {
        "person": person,
        "positions": person.current_positions,
        "factor": getattr(person, "second_factor", None),
        "factor_asked": sessions.second_factor_asked_of(person),
        "codes_left": second_factor.codes_left(person),
        "devices": SignedInSession.objects.filter(person=person).live(now).count(),
        "absences": person.absences.not_over(timezone.localdate(now)).select_related("deputy"),
    }
    return render(request, "account/account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def profile(request):
    """E-mail and phone are one's own to say; name and staff number are the administrator's."""
    person = request.user
    form = ProfileForm(request.POST or take_typing(request), instance=person)
    if request.method == "POST" and form.is_valid():
        same = {"staff_number": person.staff_number, "name": person.name}
        actions.edit_person(person, **same, **form.cleaned_data, by=person)
        messages.success(request, _("Your e-mail and phone were saved."))
        return redirect("account")
    return render(request, "account/profile.html", {"form": form})


def right_password(request, form, field, *, at):
    """Whether the password of this form is the person's; else the form says so. Raises TooMany."""
    one_try = signing_in.begin_own_try(request.user, at=at)
    if request.user.check_password(form.cleaned_data[field]):
        one_try.succeeded()
        return True
    record(AccessLog.Action.PASSWORD_REFUSED, by=request.user, at=at, request=request)
    form.add_error(field, _("This is not your present password."))
    return False


@sensitive_post_parameters("old_password", "new_password1", "new_password2")
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def password(request):
    """A new password ends every other sign-in of the account."""
    form, at = ChangePasswordForm(request.user, request.POST or None), timezone.now()
    if request.method == "POST" and form.is_valid():
        try:
            if right_password(request, form, "old_password", at=at):
                _change_password(request, form, at)
                messages.success(request, _("Your password was changed. Other devices are signed out."))
                return redirect("account")
        except TooMany as refusal:
            form.add_error("old_password", signing_in.too_many(refusal))
            return signing_in.slow(render(request, "account/password.html", {"form": form}), refusal, at=at)
    return render(request, "account/password.html", {"form": form})


@transaction.atomic
def _change_password(request, form, at):
    person, row = request.user, request.signed_in_session
    with pghistory.context(person=person.pk):
        form.user.set_password(form.cleaned_data["new_password1"])
        form.user.save(update_fields=["password"])
    end_all(person, because=EndReason.PASSWORD, at=at, address=addresses.of(request), besides=row.session_key)
    update_session_auth_hash(request, form.user)
    SignedInSession.objects.filter(pk=row.pk).update(session_key=request.session.session_key)
    record(AccessLog.Action.PASSWORD_CHANGED, by=person, at=at, request=request)
    signing_in.tell(person, notifications.PASSWORD_CHANGED, at=at)
