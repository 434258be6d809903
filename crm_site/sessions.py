"""Whose request it is: the person of a session, as long as that session is one of the person's. Source: SEC-02.

A copied cookie opens nothing once its session has ended, whatever a cache still holds: the row in the database decides.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.core import signing
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from staff import browsers, sessions
from staff.models import EndReason, SignedInSession
from staff.models.sessions import SEEN_EVERY

from . import addresses, rules

TOLD = "session_ended"  # cookie: which session of this browser ended, for the sign-in page
TOLD_FOR = 600  # seconds


def signed_in_person(get_response):
    """Takes the place of Django's AuthenticationMiddleware: session and person are one query."""

    def middleware(request):
        request.user = SimpleLazyObject(lambda: _person(request))
        response = get_response(request)
        if ended := getattr(request, "ended_session", None):
            value = signing.dumps(ended.pk, salt=TOLD)
            response.set_cookie(
                TOLD, value, max_age=TOLD_FOR, secure=settings.HTTPS, httponly=True, samesite="Lax"
            )  # fmt: skip
        return response

    return middleware


def _person(request):
    """The person, or nobody; then `request.ended_session` is why, if there was a session."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")[:40]
    if SESSION_KEY not in request.session:
        if key:
            request.ended_session = SignedInSession.objects.filter(session_key=key).exclude(ended_at=None).first()
        return AnonymousUser()
    rows = SignedInSession.objects.select_related("person__second_factor")
    row = rows.filter(session_key=request.session.session_key, person=request.session[SESSION_KEY]).first()
    if row is None or not row.person.is_active or not _same_password(request, row.person):
        return _nobody(request, row)
    now = timezone.now()
    because = row.over_because(now)
    if because and not row.ended_at:
        sessions.end(SignedInSession.objects.filter(pk=row.pk), because=because, at=now)
        row.refresh_from_db(fields=["ended_at", "ended_because"])
    if row.ended_at:
        return _nobody(request, row)
    if now - row.last_seen_at > SEEN_EVERY and not _polls(request):
        SignedInSession.objects.filter(pk=row.pk).update(last_seen_at=now)
    request.signed_in_session = row
    return row.person


def _polls(request):
    """Whether the browser asks by itself, in front of which perhaps nobody sits."""
    return request.resolver_match is not None and hasattr(request.resolver_match.func, "polled")


def _nobody(request, row):
    request.session.flush()
    request.ended_session = row if row and row.ended_at else None
    return AnonymousUser()


def _same_password(request, person):
    """Whether the session was begun with the password of today."""
    stored = request.session.get(HASH_SESSION_KEY, "")
    hashes = [person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()]
    return any(constant_time_compare(stored, known) for known in hashes)


def begin(sender, request, user, **_kwargs):
    """Called by Django's `login`, whoever signs a person in: a session of ours begins, those beyond the limit end."""
    now = timezone.now()
    today = timezone.localdate(now)
    lasts = timedelta(hours=rules.LASTS.value(on=today))
    _own_key(request)
    request.signed_in_session = sessions.begin(
        user,
        session_key=request.session.session_key,
        at=now,
        limit=rules.SESSIONS.value(on=today),
        idle_limit=timedelta(minutes=rules.IDLE.value(on=today)),
        lasts=lasts,
        address=addresses.of(request),
        browser=browsers.in_words(request.META.get("HTTP_USER_AGENT", "")),
    )
    request.session.set_expiry(lasts)


def _own_key(request):
    """A session key that no session of ours has had: signing in anew never goes on with an old one."""
    key = request.session.session_key
    if key is None or SignedInSession.objects.filter(session_key=key).exists():
        sessions.end(SignedInSession.objects.filter(session_key=key), because=EndReason.SIGNED_OUT, at=timezone.now())
        request.session.cycle_key()


def finish(sender, request, user, **_kwargs):
    """Signing out ends the session for good."""
    mine = SignedInSession.objects.filter(session_key=request.session.session_key or "")
    sessions.end(mine, because=EndReason.SIGNED_OUT, at=timezone.now())


def connect():
    """Django's own signals: `login` and `logout` are called by more than our views."""
    user_logged_in.connect(begin, dispatch_uid="crm_site.sessions.begin")
    user_logged_out.connect(finish, dispatch_uid="crm_site.sessions.finish")


def why_ended(request):
    """Why this browser is signed out, in a sentence for the sign-in page; empty where there is nothing to tell."""
    try:
        pk = signing.loads(request.COOKIES.get(TOLD, ""), salt=TOLD, max_age=TOLD_FOR)
    except signing.BadSignature:
        return ""
    row = SignedInSession.objects.filter(pk=pk).exclude(ended_at=None).first()
    return "" if row is None else _sentence(row)


def _sentence(row):
    local = timezone.localtime(row.ended_at)
    clock = f"{local:%H:%M}" if local.date() == timezone.localdate() else f"{local:%Y-%m-%d %H:%M}"
    values = {
        "time": clock,
        "address": row.ended_from or _("address unknown"),
        "idle": timesince(local - row.idle_limit, local),
    }
    sentences = {
        EndReason.ELSEWHERE: _(
            "Your account was signed in on another device at %(time)s (%(address)s). If that was not you, change your "
            "password."
        ),
        EndReason.BY_OWNER: _("This sign-in was ended from another device of yours at %(time)s (%(address)s)."),
        EndReason.PASSWORD: _("Your password was changed at %(time)s. Sign in with the new one."),
        EndReason.DISABLED: _("Your account was disabled at %(time)s. A system administrator can enable it."),
        EndReason.RESET: _("A system administrator reset your two-step sign-in at %(time)s. Sign in again."),
        EndReason.IDLE: _("You were signed out because Keke was not used here for %(idle)s."),
        EndReason.TOO_LONG: _("You were signed out: a sign-in lasts for a working day. Sign in again."),
    }
    return sentences.get(row.ended_because, "") % values


def before_second_factor(view):
    """A page that people may use who still have to set up two-step sign-in."""
    view.before_second_factor = True
    return view


class SecondFactorFirst:
    """Whose position asks for two-step sign-in sets it up before anything else, outside demo mode. Source: SEC-02."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, _args, _kwargs):
        open_to_all = getattr(view, "access", "public") == "public" or hasattr(view, "before_second_factor")
        if settings.DEMO or open_to_all or not has_to_set_up(request.user):
            return None
        page = "account_two_step_on"
        return HttpResponseClientRedirect(redirect(page).url) if request.htmx else redirect(page)


def has_to_set_up(person):
    """Whether a person without two-step sign-in holds a position that asks for it."""
    return person.is_authenticated and not hasattr(person, "second_factor") and second_factor_asked_of(person)


def second_factor_asked_of(person):
    asked = rules.POSITIONS_WITH_SECOND_FACTOR[rules.SECOND_FACTOR.value(on=timezone.localdate())]
    return not settings.DEMO and any(position.code in asked for position in person.current_positions)
