from copy import copy

from django import forms


class RecordForm(forms.ModelForm):
    """Reads and checks the fields of a record and leaves the record itself alone: the action writes.

    What must be unique is the database's to say, asked by the action, so that two people at once get the same answer.
    """

    def __init__(self, *args, instance=None, **kwargs):
        super().__init__(*args, instance=copy(instance), **kwargs)

    def clean(self):
        return self.cleaned_data
