from html import escape

from django import forms
from django.forms.utils import flatatt
from django.utils.safestring import mark_safe


class PlainSelect(forms.Select):
    """A select that is written without templates: a list with ten of them spends a third of its time there."""

    def render(self, name, value, attrs=None, renderer=None):
        chosen, options = set(self.format_value(value)), []
        for key, label in self.choices:
            key = "" if key is None else str(key)
            options.append(
                f'<option value="{escape(key)}"{" selected" * (key in chosen)}>{escape(str(label))}</option>'
            )
        own = flatatt(self.build_attrs(self.attrs, {"name": name} | (attrs or {})))
        return mark_safe(f"<select{own}>{''.join(options)}</select>")  # noqa: S308 - all of it is escaped
