from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def listed(things):
    """Names in one line, with the separator of the reader's language."""
    return _(", ").join(str(thing) for thing in things)
