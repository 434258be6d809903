"""What stored choices are called in a language; asking a model's `get_..._display` builds all of them each time."""

from functools import cache


@cache
def labels(model, name, language):
    """{stored: shown} of a field with choices."""
    return {value: str(label) for value, label in model._meta.get_field(name).flatchoices}
