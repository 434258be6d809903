from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from staff.labels import labels

register = template.Library()


@register.filter
def listed(things):
    """Names in one line, with the separator of the reader's language."""
    return _(", ").join(str(thing) for thing in things)


@register.simple_tag
def gap():
    """The space after a mark at the end of a piece; the full-width ones bring their own."""
    return "" if get_language().startswith("zh") else " "


@register.filter
def label(row, name):
    """What a field with choices says: `{{ customer|label:"tier" }}`."""
    value = getattr(row, name)
    return labels(type(row), name, get_language()).get(value, value)


@register.filter
def thousands(number):
    """A figure with its thousands apart: 12,345."""
    return f"{number:,}"
