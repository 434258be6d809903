from django import template
from django.utils import timezone

from policy.clocks.words import TEXTS, face
from policy.models import Clock

register = template.Library()
COUNTED = 99


@register.inclusion_tag("policy/clock.html")
def clock(row):
    """The ring of a clock with the time left in words, counting down: `{% clock row %}`."""
    return {"clock": row, "face": face(row, timezone.now())}


@register.inclusion_tag("policy/clock_count.html")
def clock_count(person):
    """For the top bar: how many clocks of the person run, and what the script says on this page."""
    rows = Clock.objects.open().in_charge(person).values_list("breached_at", flat=True)[: COUNTED + 1]
    breached = sum(at is not None for at in rows)
    return {
        "running": f"{COUNTED}+" if len(rows) > COUNTED else len(rows),
        "breached": breached,
        "now": timezone.now(),
        "texts": TEXTS,
    }
