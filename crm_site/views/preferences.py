"""Language and theme: kept in cookies of this browser, nowhere else."""

from django import forms
from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from staff.access import public

YEAR = 365 * 24 * 3600


class LanguageForm(forms.Form):
    language = forms.ChoiceField(choices=settings.LANGUAGES)


class ThemeForm(forms.Form):
    theme = forms.ChoiceField(choices=[("system", "system"), ("light", "light"), ("dark", "dark")])


def _back_with_cookie(request, form, name):
    wanted = request.POST.get("next") or request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(wanted if safe else resolve_url("home"))
    if form.is_valid():
        response.set_cookie(
            name, form.cleaned_data[name], max_age=YEAR, secure=settings.HTTPS, httponly=True, samesite="Lax"
        )
    return response


@public
@require_POST
def language(request):
    return _back_with_cookie(request, LanguageForm(request.POST), settings.LANGUAGE_COOKIE_NAME)


@public
@require_POST
def theme(request):
    return _back_with_cookie(request, ThemeForm(request.POST), "theme")
