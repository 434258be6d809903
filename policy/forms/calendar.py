"""Loading an official year, and days of our own. Source: clocks.md."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from policy.calendar import reading
from staff.models import Branch

from .rules import date_input


class YearFileForm(forms.Form):
    """The file, or, coming back from the preview, its text."""

    file = forms.FileField(
        label=_("File"), required=False, max_length=200,
        help_text=_("CSV or JSON with date, works (1 worked, 0 off) and name; UTF-8 or GB 18030, up to 200 KB"),
    )  # fmt: skip
    text = forms.CharField(widget=forms.HiddenInput, required=False, max_length=reading.LARGEST, strip=False)

    def clean(self):
        cleaned = super().clean()
        upload = cleaned.get("file")
        if upload is None and not cleaned.get("text"):
            if not self.errors:
                self.add_error("file", self.fields["file"].error_messages["required"])
            return cleaned
        content = upload.read(reading.LARGEST + 1) if upload else cleaned["text"].encode()
        try:
            self.days, self.notice = reading.read(content)
        except forms.ValidationError as error:
            self.add_error("file", error)
        else:
            self.content = content.decode("utf-8-sig") if _is_utf8(content) else content.decode("gb18030")
        return cleaned


def _is_utf8(content):
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True


class OwnDayForm(forms.Form):
    date = forms.DateField(label=_("Date"), widget=date_input())
    works = forms.TypedChoiceField(
        label=_("This day is"), choices=[("off", _("a day off")), ("worked", _("worked"))],
        coerce=lambda text: text == "worked", widget=forms.RadioSelect, initial="off",
    )  # fmt: skip
    branch = forms.ModelChoiceField(
        label=_("Holds for"), queryset=Branch.objects.all(), required=False, empty_label=_("the whole company")
    )
    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("For example stocktaking or power cut"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["date"].widget.attrs["min"] = timezone.localdate().isoformat()
