"""The lists of this floor and of the one below, as files. Source: GEN-03."""

from django.db.models import F, Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staff import absences
from staff.forms.people import PeopleFilter
from staff.models import Branch, Department, Position
from staff.templatetags.words import listed
from staff.verbs import Verb
from staff.views.units import managers_of

from .exports import Column, Exporter, choices_of, in_words, nothing_chosen, register
from .forms.access_log import AccessFilter
from .forms.notices import NoticeFilter
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


def _notices(person, choices):
    return NoticeFilter(choices, writer=person.can(Verb.NOTICE_WRITE))


def _notice_rows(person, choices):
    rows = _notices(person, choices).rows(person, timezone.localdate())
    return rows.prefetch_related("units").order_by(F("published_at").desc(nulls_first=True), "-pk")


NOTICES = Exporter(
    "notices", _("Notices"), "journal:notices",
    (
        Column("published", _("Published at"), lambda notice: notice.published_at, 18),
        Column("title", _("Title"), lambda notice: notice.title, 48),
        Column("kind", _("Kind"), lambda notice: notice.get_kind_display()),
        Column("author", _("Author"), lambda notice: notice.author.name),
        Column("for", _("For"), lambda notice: notice.audience_text, 36),
        Column("until", _("Last day"), lambda notice: notice.expires_on, 12),
        Column("withdrawn", _("Withdrawn at"), lambda notice: notice.withdrawn_at, 18),
        Column("read", _("Read by me"), lambda notice: notice.seen),
    ),
    keep=choices_of(NoticeFilter), rows=_notice_rows,
    words=lambda person, choices: in_words(_notices(person, choices)),
)  # fmt: skip


def _absence_rows(person, choices):
    today = timezone.localdate()
    rows = absences.visible_to(person, on=today).not_over(today)
    return rows.select_related("person", "deputy").order_by("starts_on", "pk")


ABSENCES = Exporter(
    "absences", _("Absences"), "staff:absences",
    (
        Column("person", _("Who is away"), lambda absence: absence.person.name),
        Column("staff_number", _("Staff number"), lambda absence: absence.person.staff_number),
        Column("from", _("First day away"), lambda absence: absence.starts_on, 12),
        Column("until", _("Last day away"), lambda absence: absence.ends_on, 12),
        Column("deputy", _("Deputy"), lambda absence: absence.deputy.name),
        Column("note", _("Note"), lambda absence: absence.note, 36),
    ),
    keep=nothing_chosen, rows=_absence_rows,
)  # fmt: skip


def _name_managers(person, rows):
    names = managers_of(rows, on=timezone.localdate())
    for unit in rows:
        unit.managers = listed(names.get(unit.pk, []))


UNITS = Exporter(
    "units", _("Units"), "staff:branches",
    (
        Column("name", _("Name"), lambda unit: unit.name, 24),
        Column("code", _("Code"), lambda unit: unit.code),
        Column("channel", _("Channel"), lambda unit: unit.get_channel_display()),
        Column("manager", _("Manager"), lambda unit: unit.managers),
        Column("district", _("District"), lambda unit: unit.district and str(unit.district), 24),
        Column("address", _("Address"), lambda unit: unit.address, 36),
        Column("phone", _("Phone"), lambda unit: unit.phone),
        Column("closed", _("Closed on"), lambda unit: unit.closed_on, 12),
    ),
    keep=nothing_chosen, rows=lambda person, choices: Branch.objects.select_related("district").order_by("pk"),
    prepare=_name_managers, verbs=(Verb.BRANCH_MANAGE,),
)  # fmt: skip

DEPARTMENTS = Exporter(
    "departments", _("Departments"), "staff:departments",
    (
        Column("name", _("Name"), lambda department: department.name, 24),
        Column("code", _("Code"), lambda department: department.code),
        Column("head", _("Head"), lambda department: department.head and department.head.name),
        Column("staff_number", _("Staff number"), lambda department: department.head and department.head.staff_number),
    ),
    keep=nothing_chosen, rows=lambda person, choices: Department.objects.select_related("head").order_by("pk"),
    verbs=(Verb.BRANCH_MANAGE,),
)  # fmt: skip

register(ACCESS_LOG, PEOPLE, NOTIFICATIONS, OUTBOX, NOTICES, ABSENCES, UNITS, DEPARTMENTS)
