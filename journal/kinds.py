"""What can be told: every kind of notification is registered by the app it belongs to, in its `notifications.py`.

A row of the outbox holds the kind's code and parameters; the sentence is made when somebody reads it, in the reader's
language. Parameters hold no more of a customer than the name. A parameter whose name ends in `_at` is an instant in
ISO form and is shown in local time; a list is shown in one line. Source: GEN-02.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.templatetags.words import listed

# A mobile number however it is spaced, any seven digits in a row, an e-mail address.
NUMBERS = re.compile(r"(?<!\d)1[3-9](?:[\s-]?\d){9}(?!\d)|(?:\+|0\d{2,3}[\s-])?\d{7,}|[\w.+-]+@[\w-]+\.[\w.]+")


class Group(models.TextChoices):
    """Kinds that a person switches on and off together."""

    WORK = "work", gettext_lazy("my work and its due times")
    NEWS = "news", gettext_lazy("notices")
    SYSTEM = "system", gettext_lazy("my account and the system")


@dataclass(frozen=True)
class Kind:
    """`title` is a translatable sentence with named parameters: "%(customer)s: due at %(due_at)s".

    `important` kinds come through quiet hours and are mailed by default; `to_group` kinds are also posted by the robots
    of the notification's unit and of the recipient's department.
    """

    code: str
    title: str
    clause: str = ""
    important: bool = False
    to_group: bool = False
    group: str = Group.WORK


_kinds: dict[str, Kind] = {}


def register(*more):
    """Add kinds. A code belongs to one kind for good: rows name it."""
    for kind in more:
        if _kinds.setdefault(kind.code, kind) != kind:
            raise ValueError(f"The notification kind {kind.code} is registered twice.")


def get(code):
    """The kind of that code; rows of one that is no longer declared stay readable."""
    return _kinds.get(code) or Kind(code, code)


def codes(**wanted):
    """Codes of the kinds with these attributes, for set-based statements: `codes(important=True)`."""
    return [kind.code for kind in _kinds.values() if all(getattr(kind, name) == v for name, v in wanted.items())]


class _Shown(dict):
    def __missing__(self, name):
        return "…"


def text(code, params):
    """The sentence of a notification in the active language."""
    return str(get(code).title) % _Shown({name: _shown(name, value) for name, value in params.items()})


def _shown(name, value):
    if name.endswith("_at") and isinstance(value, str):
        try:
            return formats.date_format(timezone.localtime(datetime.fromisoformat(value)), "Y-m-d H:i")
        except ValueError:
            return value
    return listed(value) if isinstance(value, list) else value


def outside_text(code, params):
    """The sentence as it may leave the house: whatever looks like a phone or an e-mail address is taken out."""
    return NUMBERS.sub(_("(number left out)"), text(code, params))
