from copy import copy

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import construct_instance


class RecordForm(forms.ModelForm):
    """Reads and checks the fields of a record and leaves the record itself alone: the action writes.

    What must be unique is the database's to say, asked by the action, so that two people at once get the same answer.
    """

    def __init__(self, *args, instance=None, **kwargs):
        super().__init__(*args, instance=copy(instance), **kwargs)

    def _post_clean(self):
        self.instance = construct_instance(self, self.instance, self._meta.fields)
        try:
            self.instance.clean_fields(exclude=self._get_validation_exclusions())
        except ValidationError as error:
            self._update_errors(error)
