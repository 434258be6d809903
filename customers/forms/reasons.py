"""Why: what is asked before something is changed that somebody else answers for. Source: SEC-04, SEC-05."""

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.policies import possible_owners
from staff.models import Person
from staff.verbs import Verb

from .fields import CleanTextField

LONGEST = 200  # characters
WHY_ASKED = _("Write why. A name, a phone, the tier and the person in charge do not change without a reason.")


class ReasonField(CleanTextField):
    def __init__(self, *, first=False, **options):
        """`first`: nothing else is asked on the page, so that the reader can write at once."""
        widget = forms.TextInput(attrs={"autocomplete": "off", **({"autofocus": True} if first else {})})
        super().__init__(**{"label": _("Reason"), "max_length": LONGEST, "widget": widget} | options)


class ArchiveForm(forms.Form):
    """Putting a record into the archive. `version` is the record's when the page was opened."""

    reason = ReasonField(first=True)
    version = forms.IntegerField(widget=forms.HiddenInput)


class RestoreForm(forms.Form):
    reason = ReasonField(first=True)


class RevealForm(forms.Form):
    """Why somebody looks at phones and e-mails in full; it stands in the access log. Source: SEC-06."""

    PURPOSES = (
        ("order", _("about an order")),
        ("complaint", _("about a complaint")),
        ("visit", _("for a visit or a call")),
        ("check", _("to check the record")),
    )
    purpose = forms.ChoiceField(
        label=_("What for"), choices=[("", _("What for?")), *PURPOSES],
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip

    def said(self):
        """The purpose in the words that were chosen."""
        return str(dict(self.PURPOSES)[self.cleaned_data["purpose"]])


class BringBackForm(forms.Form):
    """A former contact who is one again; a number that another customer has by now asks why."""

    different_because = CleanTextField(label=_("Why this is another customer"), max_length=200, required=False)


class BulkOwnerForm(forms.Form):
    """To whom many customers go, and why."""

    owner = forms.ModelChoiceField(Person.objects.none(), label=_("New person in charge"), empty_label=_("choose"))
    reason = ReasonField()

    def __init__(self, data=None, *, units):
        super().__init__(data)
        self.fields["owner"].queryset = possible_owners(units)


class AnswerForm(forms.Form):
    """The answer to a proposed change; declining takes a word. `version` is the record's as the person saw it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    word = CleanTextField(label=_("Your word to the proposer"), max_length=LONGEST, required=False)
    different_because = CleanTextField(label=_("Why this is another customer"), max_length=200, required=False)

    def clean(self):
        if "decline" in self.data and not self.cleaned_data.get("word"):
            self.add_error("word", _("Write why you decline: the proposer reads it."))
        return super().clean()


class ShownProposals(forms.Form):
    """Which proposals a page shows. Who edits nothing decides on nothing."""

    show = forms.ChoiceField(
        label=_("Which proposals"), required=False,
        choices=[("", _("To decide")), ("mine", _("Proposed by me")), ("decided", _("Decided"))],
    )  # fmt: skip

    def __init__(self, data, *, person):
        super().__init__(data)
        if not person.can(Verb.CUSTOMER_EDIT):
            self.fields["show"].choices = self.fields["show"].choices[1:]
        said = self.cleaned_data["show"] if self.is_valid() else ""
        self.shown = said or self.fields["show"].choices[0][0]

    @property
    def said(self):
        """What is shown, in words."""
        return str(dict(self.fields["show"].choices)[self.shown])
