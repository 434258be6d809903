from django import template
from django.core.cache import cache
from django.utils.translation import get_language

from policy.models import Clause

register = template.Library()


@register.inclusion_tag("policy/chip.html")
def clause(pk):
    """The chip of a clause: `{% clause "REC-05" %}`. It opens the side sheet with the clause in a few sentences."""
    return {"pk": pk, "chip": _chips().get(pk, "")}


def _chips():
    """All chips in the reader's language; a page shows several, and the ledger changes with releases only."""
    language = get_language()
    key = f"clause-chips:{language}"
    chips = cache.get(key)
    if chips is None:
        chips = {clause.pk: clause.chip for clause in Clause.objects.all()}
        if chips:
            cache.set(key, chips, timeout=300)
    return chips
