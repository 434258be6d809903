"""Who may open a view. Every view of ours states it with one of these decorators; a test refuses one that does not.

Signed out: to the sign-in page and back, with what was typed. Signed in without the verb: 403 that says who can help.
A row outside the scope is not forbidden but absent: views fetch rows through `visible_to`, which makes it 404.
Source: SEC-01, roles.md, ux 39.
"""

from functools import wraps
from urllib.parse import urlsplit

import pghistory
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from .scope import holds, rows_of
from .verbs import PositionCode, positions_with

KEPT = "kept_typing"
KEPT_AT_MOST = 64 * 1024  # characters; anybody can send a form, and it lies in the session table


def public(view):
    """Open to everybody, signed in or not."""
    view.access = "public"
    return view


def signed_in(view):
    """Open to every person who is signed in."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        return view(request, *args, **kwargs)

    guarded.access = "signed in"
    return guarded


def polled(view):
    """A page that browsers ask for by themselves: it is no sign that somebody is there, so the session stays idle."""
    view.polled = True
    return view


def answers_only(view):
    """A form is posted so that what was typed stands in no address; nothing that waits for anybody changes by it."""
    view.answers_only = True
    return view


def position_required(*verbs):
    """Open to people of whom a current position grants one of the verbs; that position stands in `request.position`
    and in the history of what the view changes."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            position = next((p for verb in verbs for p in request.user.positions_granting(verb)), None)
            if position is None:
                raise PermissionDenied(who_can_help(verbs))
            request.position = position
            pghistory.context(position=position.code)
            return view(request, *args, **kwargs)

        guarded.access = verbs
        return guarded

    return decorate


def acting_on(request, row, *verbs):
    """Settle in which position the person acts on this row, for `request.position` and the history. Source: SEC-05.

    `position_required` took the first position that grants the verb on any row; who is accountant of one unit and
    account manager in another acts in one of the two. The row belongs to a scoped model; one that is only about to be
    saved will do. Where no position reaches the row (a grant opens it), the first choice stands.
    """
    fields = type(row)._default_manager.all().scope
    for verb in verbs:
        for position in request.user.positions_granting(verb):
            if holds(rows_of(position, verb, fields), row):
                request.position = position
                pghistory.context(position=position.code)
                return position
    return getattr(request, "position", None)


def who_can_help(verbs):
    """The sentence of a refusal: whose positions grant one of the verbs."""
    labels = dict(PositionCode.choices)
    codes = dict.fromkeys(code for verb in verbs for code in positions_with(verb))
    names = _(", ").join(str(labels[code]) for code in codes)
    return _("This page is open to: %(positions)s. A system administrator assigns positions.") % {"positions": names}


def _to_sign_in(request):
    """To the sign-in page. What a form sent is kept for the same person; a fragment never shows a sign-in form."""
    if request.method == "POST" and (page := keep_typing(request)):
        target = page
    elif request.htmx:
        current = urlsplit(request.htmx.current_url_abs_path or "/")
        target = current.path + (f"?{current.query}" if current.query else "")
    else:  # an address that only takes POST is no place to return to
        target = request.get_full_path() if request.method != "POST" else "/"
    query = QueryDict(mutable=True)
    query[REDIRECT_FIELD_NAME] = target
    address = f"{resolve_url(settings.LOGIN_URL)}?{query.urlencode(safe='/')}"
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def keep_typing(request):
    """Hold a form whose session had ended until its writer is back, and give the page that shows it again; None for
    a form without `typed_by`, the writer's id, put there by us. `typed_on` is that page where the form is also sent
    elsewhere: the search for duplicates may be the first to meet the end of the session."""
    writer = request.POST.get("typed_by")
    data = request.POST.copy()
    data.pop("csrfmiddlewaretoken", None)
    if not writer or len(data.urlencode()) > KEPT_AT_MOST:
        return None
    page = data.get("typed_on") or request.path
    request.session[KEPT] = {"path": page, "by": writer, "data": data.urlencode()}
    return page


def take_typing(request):
    """What the signed-in person had typed on this page when the session ended, once; None for anybody else."""
    kept = request.session.get(KEPT)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[KEPT]
    return QueryDict(kept["data"]) if kept["by"] == str(request.user.pk) else None
