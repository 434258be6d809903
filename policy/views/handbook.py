"""The handbook: every clause with what is in force and where it works; who has read it. Source: SEC-08."""

from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import OuterRef
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from policy import actions
from policy import handbook as book
from policy.models import HandbookConfirmation
from policy.parameters import of_clause, unit_of
from staff.access import position_required, signed_in
from staff.confirmations import confirmation_page, with_confirmation
from staff.models import Person, Position
from staff.scope import ScopeFields
from staff.verbs import Verb

GROUPS = {
    "REC": gettext_lazy("Customer records"),
    "VIS": gettext_lazy("Visits and care"),
    "TIER": gettext_lazy("Tiers and value"),
    "LIF": gettext_lazy("Leads and sales"),
    "CMP": gettext_lazy("Complaints and requests"),
    "SUR": gettext_lazy("Satisfaction"),
    "AUD": gettext_lazy("Checks and penalties"),
    "SEC": gettext_lazy("Access and data protection"),
    "GEN": gettext_lazy("Across the company"),
}


@dataclass(frozen=True)
class Article:
    """A clause as the handbook shows it to a person."""

    clause: object
    parameters: list
    places: list


@require_safe
@signed_in
def handbook(request):
    """Clause by clause, searched by words in the reader's language. With ?to=confirm the button stands first."""
    person, today, words = request.user, timezone.localdate(), request.GET.get("q", "").strip()[:50]
    unit = unit_of(person)
    articles = [
        Article(
            clause,
            of_clause(clause.pk, branch=unit, on=today),
            [place for place in book.places.get(clause.pk, ()) if place.open_to(person)],
        )
        for clause in book.clauses()
        if _matches(clause, words)
    ]
    groups = [
        (code, GROUPS.get(code, code), list(group))
        for code, group in groupby(articles, key=lambda article: article.clause.pk.split("-")[0])
    ]
    context = {
        "groups": groups,
        "words": words,
        "version": book.version(),
        "to_confirm": book.unconfirmed(person),
        "sees_who": person.can(Verb.HANDBOOK_SEE_WHO),
    }
    return render(request, "policy/handbook.html", context)


def _matches(clause, words):
    """Whether every word stands in the clause's id, title or text, in either language."""
    text = " ".join(
        (clause.pk, clause.chip_zh, clause.chip_en, clause.title_zh, clause.title_en, clause.text_zh, clause.text_en)
    ).casefold()
    return all(word in text for word in words.casefold().split())


@require_POST
@signed_in
def confirm(request):
    version = request.POST.get("version", "")[:12]
    try:
        actions.confirm_handbook(request.user, version=version, by=request.user, at=timezone.now())
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
    else:
        messages.success(request, _("Noted: you have read this version of the rules."))
    return redirect("policy:handbook")


@require_safe
@position_required(Verb.HANDBOOK_SEE_WHO)
def readers(request):
    """Who of the unit has confirmed the current version and who has not; each figure leads to its rows."""
    today = timezone.localdate()
    positions = Position.objects.current(today).filter(
        request.user.rows(Verb.HANDBOOK_SEE_WHO, ScopeFields(owner="person", channel="branch__channel"))
    )
    read = HandbookConfirmation.objects.filter(version=book.version(), person=OuterRef("pk"))
    people = with_confirmation(Person.objects.enabled().holding(positions), read)
    context = confirmation_page(request, people, positions) | {
        "when_all_done": _("When a rule's text changes, everybody is asked again."),
        "when_none_done": _("People confirm in the handbook, once for each version."),
    }
    return render(request, "policy/handbook_readers.html", context)
