"""Where I am signed in, and ending it. Source: SEC-02."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from crm_site import addresses
from journal.actions import record
from journal.models import AccessLog
from staff.access import signed_in
from staff.models import EndReason, SignedInSession
from staff.sessions import end, end_all

LATEST = 20
SIGN_INS = (
    AccessLog.Action.SIGN_IN,
    AccessLog.Action.SIGN_OUT,
    AccessLog.Action.SIGN_IN_SLOWED,
    AccessLog.Action.SECOND_STEP_REFUSED,
    AccessLog.Action.RECOVERY_CODE_USED,
    AccessLog.Action.SESSIONS_ENDED,
    AccessLog.Action.PASSWORD_CHANGED,
    AccessLog.Action.PASSWORD_REFUSED,
    AccessLog.Action.SECOND_FACTOR_ON,
    AccessLog.Action.SECOND_FACTOR_OFF,
    AccessLog.Action.RECOVERY_CODES_MADE,
)


@require_safe
@signed_in
def account_sessions(request):
    mine = SignedInSession.objects.filter(person=request.user).live(timezone.now())
    latest = AccessLog.objects.filter(person=request.user, action__in=SIGN_INS).order_by("-at", "-pk")[:LATEST]
    context = {"rows": mine.order_by("-last_seen_at"), "this": request.signed_in_session, "latest": latest}
    return render(request, "account/sessions.html", context)


@require_POST
@signed_in
def account_session_end(request, pk):
    """Somebody else's session is not there; one that has ended stays as it is."""
    mine = SignedInSession.objects.filter(person=request.user).exclude(pk=request.signed_in_session.pk)
    get_object_or_404(mine, pk=pk)
    _end(request, mine.filter(pk=pk), end)
    return redirect("account_sessions")


@require_POST
@signed_in
def account_sessions_end(request):
    """All but this one."""
    _end(request, request.user, end_all, besides=request.signed_in_session.session_key)
    return redirect("account_sessions")


def _end(request, which, ending, **options):
    at = timezone.now()
    ended = ending(which, because=EndReason.BY_OWNER, at=at, address=addresses.of(request), **options)
    if not ended:
        messages.info(request, _("There was nothing left to end."))
        return
    record(AccessLog.Action.SESSIONS_ENDED, by=request.user, at=at, request=request, detail={"ended": ended})
    messages.success(request, ngettext("%(n)d sign-in was ended.", "%(n)d sign-ins were ended.", ended) % {"n": ended})
