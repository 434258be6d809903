"""Forms of signing in and of the own account. Source: SEC-02."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.contrib.auth.password_validation import password_validators_help_texts
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staff.forms.records import RecordForm
from staff.models import Person

_current_password = {
    "strip": False,
    "widget": forms.PasswordInput(attrs={"autocomplete": "current-password"}),
}


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _(
            "Staff number and password do not match, or the account is disabled. Check both; capital letters count."
        ),
        "inactive": _("This account is disabled. A system administrator can enable it."),
    }

    def refuse(self, sentence):
        """Show a sentence instead of judging what was typed."""
        self._errors, self.cleaned_data = ErrorDict(), {}
        self.add_error(None, sentence)


class NewPassword:
    """Mixin for Django's password forms: our own words."""

    error_messages = {"password_mismatch": _("The two entries differ. Type the same password twice, or paste it.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password1"].help_text = " ".join(filter(None, password_validators_help_texts()))
        self.fields["new_password2"].label = _("New password again")
        self.fields["new_password2"].help_text = ""

    def validate_password_for_user(self, user, *_field, **kwargs):
        """What is wrong with the password stands where it was typed first."""
        super().validate_password_for_user(user, "new_password1", **kwargs)


class WelcomeForm(NewPassword, SetPasswordForm):
    pass


class FirstWelcomeForm(WelcomeForm):
    """The very first person also says who they are and whose system this is."""

    company_name = forms.CharField(label=_("Company name"), max_length=100)
    name = forms.CharField(label=_("Your name"), max_length=50)
    field_order = ["company_name", "name"]


class ChangePasswordForm(NewPassword, SetPasswordForm):
    """Whether the old password is right is asked by the view, which counts tries."""

    old_password = forms.CharField(label=_("Present password"), **_current_password)
    field_order = ["old_password", "new_password1", "new_password2"]


class CodeForm(forms.Form):
    code = forms.CharField(
        label=pgettext_lazy("two-step sign-in", "Code"), max_length=40,
        help_text=_("Six digits from the app, or one of your recovery codes"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false",
                                      "autocapitalize": "none"}),
    )  # fmt: skip


class PasswordAndCodeForm(CodeForm):
    """Proves anew who sits there, before the way of signing in changes."""

    password = forms.CharField(label=_("Present password"), **_current_password)
    field_order = ["password", "code"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["code"].widget.attrs["autofocus"]
        self.fields["password"].widget.attrs["autofocus"] = True


class SetUpForm(PasswordAndCodeForm):
    """`seed` is no secret by itself: half of one, the other half never leaves the server."""

    seed = forms.CharField(max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("The six digits that the app shows now")
        self.fields["code"].widget.attrs["inputmode"] = "numeric"
        del self.fields["password"].widget.attrs["autofocus"]  # the picture stands above it and comes first


class ProfileForm(RecordForm):
    class Meta:
        model = Person
        fields = ["email", "phone"]
        widgets = {
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        }
        help_texts = {"email": _("News of Keke goes there as well")}


class ResetSecondFactorForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=200,
        help_text=_("How you made sure who asks for it, for example: in person, identity card"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )  # fmt: skip
