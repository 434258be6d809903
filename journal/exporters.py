"""The lists of this floor and of the one below, as files. Source: GEN-03."""

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staff.forms.people import PeopleFilter
from staff.models import Position
from staff.templatetags.words import listed
from staff.verbs import Verb

from .exports import Column, Exporter, choices_of, in_words, register
from .forms.access_log import AccessFilter
from .forms.outbox import OutboxFilter
from .forms.push import BellFilter
from .models import CustomerMessage
from .subjects import names_of


def _access_rows(person, choices):
    return AccessFilter(choices).rows().select_related("person").order_by("-at", "-pk")


def _name_subjects(person, rows):
    names = names_of(rows, person)
    for row in rows:
        row.subject = names.get((row.subject_type, row.subject_id), "")


ACCESS_LOG = Exporter(
    "access-log", _("Access log"), "journal:access_log",
    (
        Column("at", _("At"), lambda row: row.at, 18),
        Column("person", _("Person"), lambda row: row.person and row.person.name),
        Column("staff_number", _("Staff number"), lambda row: row.person and row.person.staff_number),
        Column("act", _("Act"), lambda row: row.get_action_display(), 24),
        Column("record", _("Record"), lambda row: row.subject, 36),
        Column("detail", _("Details"), lambda row: "; ".join(f"{k}: {v}" for k, v in row.detail.items()), 48),
        Column("address", _("From address"), lambda row: row.address, 20),
    ),
    keep=choices_of(AccessFilter), rows=_access_rows, prepare=_name_subjects,
    words=lambda person, choices: in_words(AccessFilter(choices)), verbs=(Verb.ACCESS_LOG_VIEW,),
)  # fmt: skip


def _people_rows(person, choices):
    today, chosen = timezone.localdate(), PeopleFilter(choices)
    places = Position.objects.current(today).select_related("branch", "department")
    rows = chosen.people(today).prefetch_related(Prefetch("positions", queryset=places, to_attr="held"))
    return rows.order_by("name" if chosen.chosen.get("sort") == "name" else "staff_number", "pk")


PEOPLE = Exporter(
    "people", _("People"), "staff:people",
    (
        Column("name", pgettext_lazy("person", "Name"), lambda person: person.name),
        Column("staff_number", _("Staff number"), lambda person: person.staff_number),
        Column("positions", _("Positions today"), lambda person: listed(person.held), 48),
        Column("disabled", _("Account disabled at"), lambda person: person.disabled_at, 18),
        Column("last_login", _("Signed in last at"), lambda person: person.last_login, 18),
    ),
    keep=choices_of(PeopleFilter), rows=_people_rows,
    words=lambda person, choices: in_words(PeopleFilter(choices)), verbs=(Verb.PEOPLE_MANAGE,),
)  # fmt: skip


def _notification_rows(person, choices):
    return BellFilter(choices).rows(person, timezone.now()).order_by("-visible_at", "-pk")


NOTIFICATIONS = Exporter(
    "notifications", _("Notifications"), "journal:notifications",
    (
        Column("at", _("At"), lambda row: row.visible_at, 18),
        Column("text", _("What"), lambda row: row.text, 80),
        Column("important", _("Important"), lambda row: row.important),
        Column("read", _("Read at"), lambda row: row.read_at, 18),
    ),
    keep=choices_of(BellFilter), rows=_notification_rows,
    words=lambda person, choices: in_words(BellFilter(choices)),
)  # fmt: skip


def _outbox_rows(person, choices):
    return OutboxFilter(choices).rows().order_by("-pk")


def _told(row):
    return row.get_purpose_display() if isinstance(row, CustomerMessage) else row.notification.text


def _recipient(row):
    if isinstance(row, CustomerMessage):
        return f"{row.branch} · {row.subject_type} {row.subject_id}"
    return str(row.robot or row.notification.person)


OUTBOX = Exporter(
    "outbox", _("Outbox"), "journal:outbox",
    (
        Column("at", _("At"), lambda row: row.created_at, 18),
        Column("what", _("What"), _told, 60),
        Column("channel", _("Channel"), lambda row: row.get_channel_display()),
        Column("to", _("To"), _recipient, 24),
        Column("state", _("State"), lambda row: row.get_state_display()),
        Column("tries", _("Tries"), lambda row: row.attempts),
        Column("problem", _("Problem"), lambda row: row.problem, 48),
    ),
    keep=choices_of(OutboxFilter), rows=_outbox_rows,
    words=lambda person, choices: in_words(OutboxFilter(choices)), verbs=(Verb.OUTBOX_MANAGE,),
)  # fmt: skip

register(ACCESS_LOG, PEOPLE, NOTIFICATIONS, OUTBOX)
