from django import forms
from django.utils.translation import gettext_lazy as _

SAY_EACH = {"required": _("Tick it when it is so. If it is not, ask the system administrator for help first.")}


class DeviceCheckForm(forms.Form):
    """What is confirmed, sentence by sentence. Source: SEC-09."""

    antivirus = forms.BooleanField(
        label=_("Anti-virus is on and up to date on every computer I work with"), error_messages=SAY_EACH
    )
    updates = forms.BooleanField(
        label=_("System and programs have their updates, on computers and phones"), error_messages=SAY_EACH
    )
    locked = forms.BooleanField(
        label=_("Screens lock by themselves, and nobody else knows my passwords"), error_messages=SAY_EACH
    )
    no_copies = forms.BooleanField(
        label=_("No customer data that I need no more lie on my devices or on memory sticks"), error_messages=SAY_EACH
    )
