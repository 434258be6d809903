"""What is wrong with a row, in the language of whoever reads it. Source: REC-15.

A row keeps each sentence in the language of the import, in which its error workbook is written too, and what it takes
to say it again. What has more to it than its code (see judged.Problem) stays as it was said.
"""

from customers.models import Import
from customers.values import dates

from . import judged
from .purchases import judging as judging_purchases

USUAL = judged.REJECTED | judged.WARNINGS
OTHERS = {Import.Kind.PURCHASES: judging_purchases.REJECTED | judging_purchases.WARNINGS}


def sentence(job, code, said, params=None):
    """The sentence of a problem as a row keeps it, without its column."""
    if params is None:
        return said
    known = OTHERS.get(job.kind, USUAL)
    try:
        return judged.spoken(dates.MESSAGES[params["date"]] if "date" in params else known[code], params)
    except KeyError:  # rows outlive sentences
        return said
