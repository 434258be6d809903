from django import template

register = template.Library()


@register.filter
def yuan(amount):
    """1,234,567.00 in every language, as tables show money; nothing for nothing."""
    return "" if amount is None else f"{amount:,.2f}"


@register.filter
def signed_yuan(amount):
    """A difference: +12.00 or -12.00."""
    return f"{amount:+,.2f}"


@register.filter
def plain_number(number):
    """A quantity without zeros at its end: 2, 0.5, 1,200."""
    return "" if number is None else f"{number.normalize():,f}"
