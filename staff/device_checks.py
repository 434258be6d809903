"""Who has confirmed this quarter that the own devices are kept safe, and who has not. Source: SEC-09."""

from django.db.models import OuterRef

from .confirmations import with_confirmation
from .history import action
from .models import DeviceCheck, Person, Position, quarter_of


def open_for(person, *, on):
    """The quarter that a person has yet to confirm; None where there is nothing to do."""
    quarter = quarter_of(on)
    if not person.current_positions or DeviceCheck.objects.filter(person=person, quarter=quarter).exists():
        return None
    return quarter


def asked(*, on):
    """Everybody who is asked on a day, with `confirmed_at` of the quarter: enabled people with a position."""
    mine = DeviceCheck.objects.filter(person=OuterRef("pk"), quarter=quarter_of(on))
    people = Person.objects.enabled().holding(Position.objects.current(on))
    return with_confirmation(people, mine)


@action
def confirm(person, *, by, on, at):
    """The person confirms for the quarter of a day. Once; repeated, it changes nothing."""
    return DeviceCheck.objects.get_or_create(person=person, quarter=quarter_of(on), defaults={"at": at})[0]
