from django import template

from journal.reading import SHOWN, unread_count

register = template.Library()


@register.inclusion_tag("journal/bell.html")
def bell(person):
    """The bell of the top bar with the number of unread notifications."""
    return bell_context(person)


def bell_context(person):
    unread = unread_count(person)
    return {"unread": unread, "shown": f"{SHOWN}+" if unread > SHOWN else str(unread)}
