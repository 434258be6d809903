from django import template

from journal.reading import SHOWN, unread_count

register = template.Library()


@register.inclusion_tag("journal/bell.html", takes_context=True)
def bell(context, person):
    """The bell of the top bar with the number of unread notifications, which the page may have counted already."""
    return bell_context(person, context.get("bell_counted"))


def bell_context(person, unread=None):
    unread = unread_count(person) if unread is None else unread
    return {"unread": unread, "shown": f"{SHOWN}+" if unread > SHOWN else str(unread)}
