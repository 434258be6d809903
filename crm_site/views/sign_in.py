"""Signing in with staff number and password, signing out, the one-time link of a new account. Source: SEC-02."""

import pghistory
from django import forms
from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.http import url_has_allowed_host_and_scheme, urlsafe_base64_decode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from crm_site import demo
from customers.values.text import storable
from journal.actions import record
from journal.models import AccessLog
from staff.access import public
from staff.models import Company, Person


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _(
            "Staff number and password do not match, or the account is disabled. Check both; capital letters count."
        ),
        "inactive": _("This account is disabled. A system administrator can enable it."),
    }


def _wanted(request):
    """The page of ours that the visitor asked for, "" without one."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe and wanted.startswith("/") else ""


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request):
    if request.user.is_authenticated:
        return redirect(_wanted(request) or "home")
    form = SignInForm(request, request.POST or None)
    if request.method == "POST":
        if form.is_valid():
            login(request, form.get_user())
            record(AccessLog.Action.SIGN_IN, by=form.get_user(), at=timezone.now(), request=request)
            return redirect(_wanted(request) or "home")
        tried = storable(request.POST.get("username", ""))[:20]
        record(AccessLog.Action.SIGN_IN_REFUSED, at=timezone.now(), request=request, detail={"staff_number": tried})
    accounts = demo.accounts() if settings.DEMO else []
    context = {
        "form": form,
        "next": _wanted(request),
        "demo_accounts": accounts,
        "demo_password": demo.PASSWORD if accounts else "",
    }
    return render(request, "registration/login.html", context)


@public
@require_POST
def sign_out(request):
    if request.user.is_authenticated:
        record(AccessLog.Action.SIGN_OUT, by=request.user, at=timezone.now(), request=request)
    logout(request)
    return redirect("sign_in")


class FirstWelcomeForm(SetPasswordForm):
    """The very first person also says who they are and whose system this is."""

    company_name = forms.CharField(label=_("Company name"), max_length=100)
    name = forms.CharField(label=_("Your name"), max_length=50)
    field_order = ["company_name", "name"]


@public
@never_cache
@sensitive_post_parameters("new_password1", "new_password2")
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request, uid, token):
    """A one-time link: its owner sets the password and is signed in. Setting it makes the link worthless."""
    person = _owner_of_link(uid)
    if person is None or not default_token_generator.check_token(person, token):
        return render(request, "registration/welcome_used.html", status=410)
    first = not Company.objects.exists()
    form = (FirstWelcomeForm if first else SetPasswordForm)(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic(), pghistory.context(person=person.pk):
            if first:
                Company.objects.create(name=form.cleaned_data["company_name"])
                person.name = form.cleaned_data["name"]
            form.save()
        login(request, person)
        record(AccessLog.Action.SIGN_IN, by=person, at=timezone.now(), request=request, detail={"way": "one-time link"})
        return redirect("home")
    return render(request, "registration/welcome.html", {"form": form, "person": person, "first": first})


def _owner_of_link(uid):
    try:
        return Person.objects.filter(pk=force_str(urlsafe_base64_decode(uid)), disabled_at__isnull=True).first()
    except (ValueError, OverflowError):
        return None
