"""Signing in with staff number and password, the second step, signing out, the one-time link. Source: SEC-02."""

import pghistory
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.http import url_has_allowed_host_and_scheme, urlsafe_base64_decode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from crm_site import addresses, demo, devices, notifications, sessions, signing_in
from crm_site.forms import CodeForm, FirstWelcomeForm, SignInForm, WelcomeForm
from crm_site.throttle import TooMany
from journal.actions import record
from journal.models import AccessLog
from staff import second_factor
from staff.access import public
from staff.models import Company, EndReason, Person
from staff.sessions import end_all

NEXT = "after_sign_in"  # session key: where to go once the second step is done


def _wanted(request):
    """The page of ours that the visitor asked for, "" without one."""
    wanted = request.POST.get("next") or request.GET.get("next") or request.session.get(NEXT) or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe and wanted.startswith("/") else ""


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request):
    if request.user.is_authenticated:
        return redirect(_wanted(request) or "home")
    if request.method != "POST":
        return _sign_in_page(request, SignInForm(request))
    form, at = SignInForm(request, request.POST), timezone.now()
    # A log takes no NUL and no half characters.
    tried = "".join(filter(str.isprintable, request.POST.get("username", "")))[:20]
    try:
        one_try = signing_in.begin_try(request, tried, at=at)
    except TooMany as refusal:
        return _slowed(request, form, refusal, at, tried)
    if not form.is_valid():
        record(AccessLog.Action.SIGN_IN_REFUSED, at=at, request=request, detail={"staff_number": tried})
        return _sign_in_page(request, form)
    one_try.succeeded()
    return _password_was_right(request, form.get_user(), way="", at=at)


def _sign_in_page(request, form, **context):
    accounts = demo.accounts() if settings.DEMO else []
    return render(request, "registration/login.html", context | {
        "form": form,
        "next": _wanted(request),
        "why_ended": sessions.why_ended(request),
        "demo_accounts": accounts,
        "demo_password": demo.PASSWORD if accounts else "",
    })  # fmt: skip


def _slowed(request, form, refusal, at, tried):
    """Not judged, even if it was right. The access log has the first such try of each kind, not all of a flood."""
    if refusal.first:
        record(AccessLog.Action.SIGN_IN_SLOWED, at=at, request=request, detail={"staff_number": tried})
    form.refuse(signing_in.too_many(refusal))
    return signing_in.slow(_sign_in_page(request, form), refusal, at=at)


def _password_was_right(request, person, *, way, at):
    if not signing_in.needs_second_step(person):
        return _in(request, person, way=way, at=at)
    wanted = _wanted(request)
    signing_in.await_second_step(request, person, way=way, at=at)
    request.session[NEXT] = wanted
    return redirect("second_step")


def _in(request, person, *, way, at):
    wanted = _wanted(request)
    signing_in.let_in(request, person, way=way, at=at)
    request.session.pop(NEXT, None)
    response = redirect(wanted or "home")
    devices.remember(request, response, person)
    response.delete_cookie(sessions.TOLD)
    return response


@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request):
    """The code of the app, or a recovery code. Only then is somebody signed in."""
    at = timezone.now()
    awaited = None if request.user.is_authenticated else signing_in.awaited(request, at=at)
    if awaited is None:
        return redirect("sign_in")
    person, way = awaited
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _second_step_page(request, form)
    try:
        one_try = signing_in.begin_second_try(request, person, at=at)
    except TooMany as refusal:
        return _second_step_slowed(request, form, person, refusal, at)
    used = second_factor.use(person, form.cleaned_data["code"], at=at)
    if not used:
        record(AccessLog.Action.SECOND_STEP_REFUSED, by=person, at=at, request=request)
        form.add_error("code", second_factor.wrong_code())
        return _second_step_page(request, form)
    one_try.succeeded()
    if used == "recovery":
        record(AccessLog.Action.RECOVERY_CODE_USED, by=person, at=at, request=request)
    return _in(request, person, way=way or f"second step: {used}", at=at)


def _second_step_page(request, form):
    return render(request, "registration/second_step.html", {"form": form})


def _second_step_slowed(request, form, person, refusal, at):
    if refusal.first:
        record(AccessLog.Action.SIGN_IN_SLOWED, by=person, at=at, request=request, detail={"step": "second"})
        signing_in.tell(person, notifications.SECOND_STEP_TRIED, at=at, address=addresses.of(request) or "—")
    form.add_error("code", signing_in.too_many(refusal))
    return signing_in.slow(_second_step_page(request, form), refusal, at=at)


@public
@require_POST
def sign_out(request):
    if request.user.is_authenticated:
        record(AccessLog.Action.SIGN_OUT, by=request.user, at=timezone.now(), request=request)
    logout(request)
    return redirect("sign_in")


@public
@never_cache
@sensitive_post_parameters("new_password1", "new_password2")
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request, uid, token):
    """A one-time link: its owner sets the password and is signed in. Setting it makes the link worthless.

    It stands for the password only: who has two-step sign-in on is still asked for a code.
    """
    person = _owner_of_link(uid)
    if person is None or not default_token_generator.check_token(person, token):
        return render(request, "registration/welcome_used.html", status=410)
    first = not Company.objects.exists()
    form = (FirstWelcomeForm if first else WelcomeForm)(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        with transaction.atomic(), pghistory.context(person=person.pk):
            if first:
                Company.objects.create(name=form.cleaned_data["company_name"])
                person.name = form.cleaned_data["name"]
            form.save()
            end_all(person, because=EndReason.PASSWORD, at=at, address=addresses.of(request))
        return _password_was_right(request, person, way="one-time link", at=at)
    return render(request, "registration/welcome.html", {"form": form, "person": person, "first": first})


def _owner_of_link(uid):
    try:
        return Person.objects.filter(pk=force_str(urlsafe_base64_decode(uid)), disabled_at__isnull=True).first()
    except (ValueError, OverflowError):
        return None
