"""Part of every template: settings name it as a builtin."""

from django import template
from django.templatetags.static import static
from django.utils.html import escape
from django.utils.safestring import mark_safe

register = template.Library()
SPRITE = "vendor/tabler-icons/3.52.0/icons.svg"


@register.simple_tag
def icon(name, **attributes):
    """A symbol of the sprite: `{% icon "bell" %}`, with a class `{% icon "bell" class="icon-fold" %}`. Beside words it
    says nothing of its own."""
    return mark_safe(  # noqa: S308 - both values are escaped
        f'<svg class="icon {escape(attributes.get("class", ""))}" aria-hidden="true" focusable="false">'
        f'<use href="{static(SPRITE)}#{escape(name)}"></use></svg>'
    )
