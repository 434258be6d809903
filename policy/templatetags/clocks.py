from django import template
from django.utils import timezone

from policy.clocks.words import TEXTS, face
from policy.models import Clock
from staff.paging import counted_together

register = template.Library()
COUNTED = 99


@register.inclusion_tag("policy/clock.html")
def clock(row):
    """The ring of a clock with the time left in words, counting down: `{% clock row %}`."""
    return {"clock": row, "face": face(row, timezone.now())}


def running(person):
    """The open clocks of a person, and those of them that are over time."""
    mine = Clock.objects.open().in_charge(person)
    return mine, mine.filter(breached_at__isnull=False)


@register.inclusion_tag("policy/clock_count.html", takes_context=True)
def clock_count(context, person):
    """For the top bar: how many clocks of the person run, and what the script says on this page. The page may have
    counted them already."""
    number, breached = context.get("clocks_counted") or counted_together(running(person), COUNTED)
    return {
        "running": f"{COUNTED}+" if number > COUNTED else number,
        "breached": breached,
        "now": timezone.now(),
        "texts": TEXTS,
    }
