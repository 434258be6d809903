"""Numbered books of blank registration forms: bound, issued, returned, every serial accounted for. Source: REC-04."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff import refusals
from staff.history import action

from .models import BookIssue, FormBook, RegistrationForm, SpoiledSerial

BLANKS_AT_MOST = 100  # in one book: more is no book that anybody binds, and no page that anybody prints
_SERIAL = re.compile(r"(.*?)([0-9]{1,9})")
TAKEN = gettext_lazy("Another book of this unit has some of these serials.")
OUT_ALREADY = gettext_lazy("This book is in somebody's hands already.")


def split(serial):
    """(prefix, number, digits) of a serial as printed; None where it does not end in a number."""
    found = _SERIAL.fullmatch(serial)
    return (found[1], int(found[2]), len(found[2])) if found else None


@dataclass(frozen=True)
class Account:
    """What has become of the blanks of one book. All are numbers, in order; together they are the whole book.

    Blanks are torn off in order: one that was passed over is missing, those after the last one used are left.
    """

    book: FormBook
    entered: list
    spoiled: list
    missing: list
    left: list


def accounts(books):
    """{book id: its Account}, with two queries for any number of books."""
    books = list(books)
    wanted = {
        (book.branch_id, serial): (book.pk, number) for book in books for serial, number in book.serials().items()
    }
    # Said also that a serial is not empty: by that the index over serials is found.
    forms = RegistrationForm.objects.filter(
        branch__in={branch for branch, _serial in wanted}, serial__in={serial for _branch, serial in wanted}
    ).exclude(serial="")
    entered, spoiled = {book.pk: set() for book in books}, {book.pk: set() for book in books}
    for place in forms.values_list("branch_id", "serial"):
        if place in wanted:
            pk, number = wanted[place]
            entered[pk].add(number)
    for pk, number in SpoiledSerial.objects.filter(book__in=books).values_list("book_id", "number"):
        spoiled[pk].add(number)
    return {book.pk: _account(book, entered[book.pk], spoiled[book.pk] - entered[book.pk]) for book in books}


def _account(book, entered, spoiled):
    used = entered | spoiled
    newest = max(entered, default=book.first - 1)
    rest = [number for number in range(book.first, book.last + 1) if number not in used]
    missing = [number for number in rest if number < newest]
    return Account(book, sorted(entered), sorted(spoiled), missing, rest[len(missing) :])


def issued_book(branch, serial):
    """The book, ever issued, of a unit that has this serial, whatever zeros were typed; None if there is none."""
    parts = split(serial)
    if not parts or not branch:
        return None
    prefix, number, _digits = parts
    books = FormBook.objects.filter(branch=branch, prefix=prefix, first__lte=number, last__gte=number)
    return books.filter(issues__isnull=False).distinct().first()


def doubt(branch, serial):
    """Why a serial typed from paper may be wrong, in words; "" when there is no doubt. It never blocks."""
    if not serial or not branch:
        return ""
    book = issued_book(branch, serial)
    if book is None:
        return _("No book issued in this unit has the serial %(serial)s. Compare with the paper.") % {"serial": serial}
    spoiled = book.spoiled.filter(number=split(serial)[1]).first()
    if spoiled:
        words = _("The blank %(serial)s is marked as spoiled: %(reason)s. Compare with the paper.")
        return words % {"serial": spoiled, "reason": spoiled.reason}
    return ""


def as_printed(branch, serial):
    """A serial as its book prints it: 751 is 0000751. Unknown ones stay as they are."""
    book = issued_book(branch, serial)
    return book.serial(split(serial)[1]) if book else serial


@action
def bind(*, branch, first, last, by, at):
    """Make a book of the blanks from one serial to another, as printed. Raises ValidationError."""
    start, end = split(first), split(last)
    if not start or not end:
        field = "last" if start else "first"
        raise ValidationError({field: _("A serial ends in a number of at most 9 digits, like 0000751.")})
    if (start[0], start[2]) != (end[0], end[2]):
        message = _("Both serials begin alike and have as many digits, like 0000751 and 0000800.")
        raise ValidationError({"last": message})
    if end[1] < start[1]:
        raise ValidationError({"last": _("The last serial lies before the first.")})
    if end[1] - start[1] >= BLANKS_AT_MOST:
        raise ValidationError({"last": _("A book has at most %(number)s blanks.") % {"number": BLANKS_AT_MOST}})
    with refusals.in_words({"book_numbers_once": ("first", TAKEN)}):
        return FormBook.objects.create(
            branch=branch, prefix=start[0], digits=start[2], first=start[1], last=end[1], made_at=at, made_by=by
        )


@action
def issue(book, *, to, by, at):
    """Hand a book to somebody of the unit. Raises ValidationError while it is in somebody's hands."""
    with refusals.in_words({"book_with_one_at_a_time": ("to", OUT_ALREADY)}):
        return BookIssue.objects.create(book=book, issued_at=at, issued_to=to, issued_by=by)


@action
def take_back(book, *, by, at):
    """The book is returned. Nothing happens to one that is not out."""
    book.issues.filter(returned_at=None).update(returned_at=at, returned_by=by)


@action
def spoil(book, *, number, reason, by, at):
    """Say why a blank will never be entered. Said twice, the first reason stands."""
    SpoiledSerial.objects.get_or_create(
        book=book, number=number, defaults={"reason": reason, "noted_at": at, "noted_by": by}
    )


@action
def not_spoiled(book, *, number, by):
    """The blank has turned up again."""
    book.spoiled.filter(number=number).delete()
