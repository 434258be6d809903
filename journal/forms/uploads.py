from django import forms

from journal import attachments


class Uploads(forms.FileField):
    """Any number of files, each checked by its content. Gives (file, kind) pairs."""

    class Widget(forms.ClearableFileInput):
        allow_multiple_selected = True

    widget = Widget

    def clean(self, data, initial=None):
        uploads = [super(Uploads, self).clean(upload) for upload in data or [None]]
        return [(upload, attachments.check(upload)) for upload in uploads if upload]
