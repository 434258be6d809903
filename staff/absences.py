"""When people are away and who stands in for them. Source: architecture, "Settled" (absence with deputy)."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from . import refusals
from .history import action
from .models import Absence, Person, Position
from .scope import ScopeFields
from .verbs import Verb


def in_charge_of(manager, *, on):
    """People whose absences somebody may set: oneself, and those of the units that the position gives."""
    rows = manager.rows(Verb.ABSENCE_MANAGE, ScopeFields(owner="person", channel="branch__channel"))
    held = Position.objects.current(on).filter(rows)
    return Person.objects.enabled().filter(Q(pk=manager.pk) | Q(pk__in=held.values("person")))


def visible_to(person, *, on):
    """Absences that somebody may set and change."""
    return Absence.objects.filter(person__in=in_charge_of(person, on=on))


@action
def enter(person, *, starts_on, ends_on, deputy, note="", by, on):
    """Say when a person is away. Raises ValidationError for days gone by, an unfit deputy, days already entered."""
    if starts_on < on:
        raise ValidationError({"starts_on": _("This day has passed. Today is the earliest.")})
    return _save(Absence(person=person, starts_on=starts_on, ends_on=ends_on, deputy=deputy, note=note), on=on)


@action
def change(absence, *, starts_on, ends_on, deputy, note="", by, on):
    """Change what has not passed yet. The first day of an absence that has begun stays."""
    stored = Absence.objects.select_for_update().get(pk=absence.pk)
    if stored.ends_on < on:
        raise ValidationError(_("This absence is over. Enter a new one."))
    if starts_on != stored.starts_on and (stored.starts_on < on or starts_on < on):
        raise ValidationError({"starts_on": _("The first day cannot move to or from a day that has passed.")})
    if ends_on < on - timedelta(days=1):
        raise ValidationError({"ends_on": _("The last day can be yesterday at the earliest: back since today.")})
    stored.starts_on, stored.ends_on, stored.deputy, stored.note = starts_on, ends_on, deputy, note
    return _save(stored, on=on)


@action
def end(absence, *, by, on):
    """Back since today: the absence ends yesterday; one that has not begun is struck out, which history keeps."""
    stored = Absence.objects.select_for_update().filter(pk=absence.pk).first()
    if stored is None or stored.ends_on < on:
        return
    if stored.starts_on >= on:
        stored.delete()
        return
    stored.ends_on = on - timedelta(days=1)
    stored.save(update_fields=["ends_on"])


def _save(absence, *, on):
    _check_deputy(absence)
    sentences = {
        "absence_ends_after_start": ("ends_on", _("The last day lies before the first.")),
        "absence_once_at_a_time": ("starts_on", _("An absence is entered for some of these days already.")),
        "absence_deputy_is_somebody_else": ("deputy", _not_oneself(absence)),
    }
    with refusals.in_words(sentences):
        absence.save()
    return absence


def _check_deputy(absence):
    # Asked anew and locked: the deputy's account may be closed, or an absence entered, at this moment.
    deputy = Person.objects.select_for_update(no_key=True).get(pk=absence.deputy_id)
    if not deputy.is_active:
        raise ValidationError({"deputy": _("The account of %(name)s is disabled.") % {"name": deputy.name}})
    away = Absence.objects.filter(person=deputy).touching(absence.starts_on, absence.ends_on).first()
    if away:
        sentence = _("%(name)s is away from %(start)s to %(end)s. Choose somebody who is there.")
        values = {"name": deputy.name, "start": away.starts_on, "end": away.ends_on}
        raise ValidationError({"deputy": sentence % values})


def _not_oneself(absence):
    return _("%(name)s cannot be the deputy of the own absence.") % {"name": absence.person.name}


def stands_in_for(absence):
    """Absences of others in which whoever is away now was to stand in."""
    others = Absence.objects.filter(deputy=absence.person_id).touching(absence.starts_on, absence.ends_on)
    return others.select_related("person")
