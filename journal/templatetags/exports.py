from django import template
from django.urls import reverse

register = template.Library()


@register.inclusion_tag("journal/export_button.html", takes_context=True)
def export_button(context, code, **choices):
    """The button of a list: asks for the list as it is chosen now, whole. `choices` stand in no query of its page."""
    query = context["request"].GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    query.update(choices)
    address = reverse("journal:export_new", args=[code])
    return {"address": f"{address}?{query.urlencode()}".rstrip("?")}
