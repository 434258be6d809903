from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from journal import attachments
from journal.forms.uploads import Uploads

from .fields import CleanLinesField, CleanTextField


class NoteForm(forms.Form):
    text = CleanLinesField(label=pgettext_lazy("of a customer", "Note"), max_length=2000)


class FilesForm(forms.Form):
    files = Uploads(
        label=_("Files"), widget=Uploads.Widget(attrs={"accept": attachments.ACCEPT}),
        help_text=_("PDF, PNG, JPEG, Word, Excel or PowerPoint, at most 5 files of 10 MB"),
    )  # fmt: skip

    def clean_files(self):
        uploads = self.cleaned_data["files"]
        if len(uploads) > attachments.AT_MOST:
            message = _("Add at most %(count)s files at once.") % {"count": attachments.AT_MOST}
            raise forms.ValidationError(message)
        return uploads


class RemoveFileForm(forms.Form):
    because = CleanTextField(label=_("Why it is removed"), max_length=200)
