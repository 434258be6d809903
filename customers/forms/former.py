from django import forms
from django.utils.translation import gettext_lazy as _

from .fields import CleanTextField


class BringBackForm(forms.Form):
    """A former contact who is one again. `version` is the record's when the button was shown."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    different_because = CleanTextField(label=_("Why this is another customer"), max_length=200, required=False)
