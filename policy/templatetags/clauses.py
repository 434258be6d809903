from time import monotonic

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language

from policy.models import Clause

register = template.Library()
KEPT = 300  # seconds; the ledger changes with releases only
CHIP = (
    '<button class="clause-chip" type="button" hx-get="{}" hx-target="#sheet" hx-swap="innerHTML" '
    'aria-haspopup="dialog"><span>{}</span> <span class="clause-id">{}</span></button>'
)
_kept = {}


@register.simple_tag
def clause(pk):
    """The chip of a clause: `{% clause "REC-05" %}`. It opens the side sheet with the clause in a few sentences."""
    chips = _chips()
    return chips[pk] if pk in chips else _chip(pk, "")


def _chip(pk, text):
    return format_html(CHIP, reverse("policy:clause", args=[pk]), text, pk)


def _chips():
    """The markup of all chips in the reader's language, in the memory of the process: a page shows several."""
    language, now = get_language(), monotonic()
    until, chips = _kept.get(language, (0, {}))
    if now >= until or not chips:
        chips = {clause.pk: _chip(clause.pk, clause.chip) for clause in Clause.objects.all()}
        _kept[language] = now + KEPT, chips
    return chips
