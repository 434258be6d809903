"""What is wrong with a file or a row, and why a record is kept, in the language of whoever reads it. Source: REC-15.

A row keeps each sentence in the language of the import, in which its error workbook is written too, and mostly what it
takes to say it again (see judged.Problem). Without that the sentence is recognised by its form.
"""

import re
from functools import cache
from itertools import chain

from django.apps import apps
from django.utils import translation

from customers.models import Import
from customers.values import amounts, credit_codes, dates

from . import judged, refusals, undoing
from .jobs import PROBLEMS
from .purchases import judging as judging_purchases
from .purchases import resource
from .purchases import undoing as undoing_purchases

USUAL = judged.REJECTED | judged.WARNINGS
OTHERS = {Import.Kind.PURCHASES: judging_purchases.REJECTED | judging_purchases.WARNINGS}
OF_CELLS = resource.NO_PHONE, resource.NO_QUANTITY, resource.NOT_YET
SAID = (
    credit_codes.MESSAGES, amounts.MESSAGES, dates.MESSAGES, USUAL, *OTHERS.values(),
    undoing.KEPT, undoing_purchases.KEPT, PROBLEMS, refusals.SENTENCES,
)  # fmt: skip
MESSAGES = (
    *OF_CELLS, judged.NO_UNITS, judged.ARCHIVED, judging_purchases.SEVERAL,
    *chain.from_iterable(said.values() for said in SAID),
)  # fmt: skip
_PLACE = re.compile(r"%\((\w+)\)([sd])")
_ONE, _MANY = 1, 7654321  # of something; neither stands in a sentence before its number


def sentence(job, code, said, params=None):
    """The sentence of a problem as a row keeps it, without its column."""
    if params is None:
        return again(job, said)
    known = OTHERS.get(job.kind, USUAL)
    try:
        return judged.spoken(dates.MESSAGES[params["date"]] if "date" in params else known[code], params)
    except KeyError:  # rows outlive sentences
        return said


def problem(job):
    """Why the last step was given up; "" where it was not."""
    return again(job, job.problem)


def kept(job, made):
    """Why an undoing has left the record of a row as it is; "" where it has not."""
    if "kept_for" in made:
        try:
            return str(undoing.KEPT["added"]) % {"name": apps.get_model(made["kept_for"])._meta.verbose_name}
        except LookupError:
            pass  # rows outlive models
    return again(job, made.get("kept", ""))


def again(job, said):
    """What the import said, in the language that is active; as it was said where nobody knows such a sentence."""
    if job.language != translation.get_language():
        for form, message in _forms(job.language):
            if found := form.fullmatch(said):
                places = found.groupdict().items()
                return message % {name[2:]: int(text) if name[0] == "d" else text for name, text in places}
    return said


@cache
def _forms(language):
    """[(what a sentence looks like in this language, the sentence in any)]."""
    with translation.override(language):
        return [(_form(text), message) for message in MESSAGES for text in _texts(message)]


def _texts(message):
    """Its text with the places that are filled; both where it goes by a number."""
    if text := str(message):
        return [text]
    return [(message % {"count": number}).replace(str(number), "%(count)d", 1) for number in (_ONE, _MANY)]


def _form(text):
    """The pattern of what the text becomes; its places are groups, called d_... and s_..., and after their name."""
    literal, *places = _PLACE.split(text)
    form = re.escape(literal)
    for name, kind, literal in zip(*[iter(places)] * 3, strict=True):
        form += f"(?P<{kind}_{name}>{'[0-9]+' if kind == 'd' else '.+?'})" + re.escape(literal)
    return re.compile(form, re.DOTALL)
