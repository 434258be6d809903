"""What administrators do to accounts, positions and units. Each action is one transaction and is told who does it.

An action that may not be done raises ValidationError with a sentence for the form. Source: SEC-01, SEC-02.
"""

from datetime import timedelta

import pghistory
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from . import refusals, sessions
from .history import action
from .models import Area, Branch, Channel, Department, EndReason, OpeningPeriod, Person, Position
from .models.people import LINK_ISSUED
from .opening_hours import week
from .verbs import PositionCode

# People and accounts


@action
def create_person(*, staff_number, name, email="", phone="", position, by):
    """A new person with a first position, to be given a one-time link. `position`: as for assign_position."""
    with refusals.in_words(_number_taken(staff_number)):
        person = Person.objects.create_user(staff_number, name=name, email=email, phone=phone)
    assign_position(person, **position, by=by)
    issue_link(person, by=by)
    return person


@action
def edit_person(person, *, staff_number, name, email="", phone="", by):
    changed = Person(pk=person.pk, staff_number=staff_number, name=name, email=email, phone=phone)
    with refusals.in_words(_number_taken(staff_number)):
        changed.save(update_fields=["staff_number", "name", "email", "phone"])


def _number_taken(staff_number):
    owner = Person.objects.filter(staff_number__iexact=staff_number).first()
    sentence = _("%(name)s has this staff number already.") % {"name": owner or _("Somebody")}
    constraints = "staff_person_staff_number_key", "staff_number_any_case"
    return dict.fromkeys(constraints, ("staff_number", sentence))


@action
def disable_person(person, *, by, at):
    """Close the account at once: sessions, password and one-time links end for good. Repeated, it changes nothing.

    Refused for the own account and where nobody would be left to administer the system. Source: SEC-02.
    """
    if person == by:
        raise ValidationError(_("You cannot disable your own account. Another system administrator can."))
    _keep_an_administrator(on=timezone.localdate(at), without_person=person)
    account = Person.objects.select_for_update().get(pk=person.pk)
    if account.is_active:
        account.disabled_at = at
        account.set_unusable_password()
        account.save(update_fields=["disabled_at", "password"])
        sessions.end_all(account, because=EndReason.DISABLED, at=at)


@action
def enable_person(person, *, by):
    """Open a disabled account again, to be given a one-time link, since its password is gone."""
    Person.objects.filter(pk=person.pk).update(disabled_at=None)
    person.refresh_from_db()
    issue_link(person, by=by)


@action
def issue_link(person, *, by):
    """Note in history that somebody was given a one-time link to this account. Refused for a disabled one."""
    if not person.is_active:
        raise ValidationError(_("The account of %(name)s is disabled. Enable it first.") % {"name": person.name})
    pghistory.create_event(person, label=LINK_ISSUED)


# Positions


@action
def assign_position(person, *, code, branch=None, department=None, area=None, starts_on, ends_on=None, by):
    """Give a person a position in a unit or a department. Refused while the same one is held on the same days."""
    overlap = _("%(name)s holds this position here on these days already.") % {"name": person.name}
    constraints = "position_once_at_a_time_in_branch", "position_once_at_a_time_in_department"
    with refusals.in_words(dict.fromkeys(constraints, ("starts_on", overlap))):
        return Position.objects.create(
            person=person, code=code, branch=branch, department=department, area=area,
            starts_on=starts_on, ends_on=ends_on,
        )  # fmt: skip


@action
def end_position(position, *, ends_on, by, on):
    """Set or move the last day of a position. Yesterday ends it at once; what was held before stays as it was.

    Refused for positions that are over and where nobody would be left to administer the system.
    """
    if position.code == PositionCode.ADMINISTRATOR and (position.ends_on is None or ends_on < position.ends_on):
        _keep_an_administrator(on=ends_on + timedelta(days=1), without_position=position)
    held = Position.objects.select_for_update().get(pk=position.pk)
    if held.ends_on == ends_on:
        return
    if held.state(on) == "past":
        raise ValidationError(_("This position has ended already. Assign it anew if it is held again."))
    if ends_on < earliest_end(held, on=on):
        earliest = earliest_end(held, on=on).isoformat()
        raise ValidationError({"ends_on": _("The last day can be %(date)s at the earliest.") % {"date": earliest}})
    held.ends_on = ends_on
    held_later = _("Before this day the same position begins anew. End that one instead.")
    constraints = "position_once_at_a_time_in_branch", "position_once_at_a_time_in_department"
    with refusals.in_words(dict.fromkeys(constraints, ("ends_on", held_later))):
        held.save(update_fields=["ends_on"])


def earliest_end(position, *, on):
    """The first day that can be a position's last one: yesterday, or its first day where that is later."""
    return max(position.starts_on, on - timedelta(days=1))


def _keep_an_administrator(*, on, without_person=None, without_position=None):
    """Refuse what leaves no active administrator from a day on. Two such acts at once wait for each other."""
    if without_person and not without_person.positions.filter(code=PositionCode.ADMINISTRATOR).not_over(on).exists():
        return
    lasting = Position.objects.filter(code=PositionCode.ADMINISTRATOR, ends_on__isnull=True)
    locked = list(lasting.order_by("pk").select_for_update().values_list("pk", flat=True))
    left = lasting.filter(pk__in=locked, starts_on__lte=on, person__disabled_at__isnull=True)
    left = left.exclude(person__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    if not left.exclude(person=without_person).exclude(pk=without_position and without_position.pk).exists():
        raise ValidationError(
            _(
                "This is the last system administrator who can sign in. Give somebody else this position without an "
                "end date first, and let them sign in once."
            )
        )


# Units, areas, departments


@action
def create_branch(*, hours, by, **fields):
    """A new unit. `hours`: seven days, Monday first, each as opening_hours.read gives it."""
    return _save_branch(Branch(**fields), hours)


@action
def edit_branch(branch, *, hours, by, **fields):
    """Change a unit. Its channel stays once customers belong to it. Source: REC-03."""
    branch = Branch.objects.select_for_update().get(pk=branch.pk)
    for name, value in fields.items():
        setattr(branch, name, value)
    return _save_branch(branch, hours)


def _save_branch(branch, hours):
    channel = Channel(branch.channel).label
    constraints = {
        "staff_branch_code_key": ("code", _("Another unit has this code already.")),
        "staff_branch_name_key": ("name", _("Another unit has this name already.")),
        "one_unit_per_channel_without_shops": (
            "channel",
            _("The channel “%(channel)s” has its one unit already.") % {"channel": channel},
        ),
        "customer_channel_of_unit": ("channel", _("Customers belong to this unit, so its channel cannot change.")),
    }
    with refusals.in_words(constraints):
        branch.save()
    _set_hours(branch, hours)
    return branch


def _set_hours(branch, hours):
    """Write only what differs, so that history shows only what changed."""
    stored = list(branch.opening_periods.all())
    if [tuple(day) for day in hours] == week(stored):
        return
    wanted = {(weekday, opens, closes) for weekday, day in enumerate(hours) for opens, closes in day}
    there = {(period.weekday, period.opens, period.closes): period.pk for period in stored}
    branch.opening_periods.filter(pk__in=[pk for period, pk in there.items() if period not in wanted]).delete()
    OpeningPeriod.objects.bulk_create(
        OpeningPeriod(branch=branch, weekday=weekday, opens=opens, closes=closes)
        for weekday, opens, closes in sorted(wanted - there.keys())
    )


@action
def create_area(branch, *, name, districts, by):
    return _save_area(Area(branch=branch, name=name), districts)


@action
def edit_area(area, *, name, districts, by):
    return _save_area(Area(pk=area.pk, branch=area.branch, name=name), districts)


def _save_area(area, districts):
    """A district belongs to at most one area of a branch; whoever saves second is told which area has it."""
    Branch.objects.select_for_update().get(pk=area.branch_id)
    for other in Area.objects.filter(branch=area.branch_id, districts__in=districts).exclude(pk=area.pk).distinct():
        names = _(", ").join(district.name for district in other.districts.filter(pk__in=[d.pk for d in districts]))
        message = _("%(districts)s: belongs to the area %(area)s. Take it out there first.")
        raise ValidationError({"districts": message % {"districts": names, "area": other.name}})
    with refusals.in_words({"area_name_once_per_branch": ("name", _("Another area of this unit has this name."))}):
        area.save(force_update=bool(area.pk))
    area.districts.set(districts)
    return area


@action
def create_department(*, code, name, head=None, by):
    return _save_department(Department(code=code, name=name, head=head))


@action
def edit_department(department, *, code, name, head=None, by):
    return _save_department(Department(pk=department.pk, code=code, name=name, head=head))


def _save_department(department):
    taken = _("Another department has this code already.")
    with refusals.in_words({"staff_department_code_key": ("code", taken)}):
        department.save()
    return department
