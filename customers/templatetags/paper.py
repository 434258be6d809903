from django import template

from customers.models import FORM_NUMBER

register = template.Library()


@register.simple_tag
def form_number():
    """The number of the registration form, as it stands on the paper."""
    return FORM_NUMBER
