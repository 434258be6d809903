"""Letting somebody in: tries are slowed, the second step is asked for, every outcome is logged. Source: SEC-02."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.actions import notify, record
from journal.models import AccessLog
from staff import browsers
from staff.models import Person

from . import addresses, devices, notifications, rules, throttle

PENDING = "second_step"  # session key: who has given the right password
PENDING_FOR = 300  # seconds
BACKEND = "django.contrib.auth.backends.ModelBackend"


def begin_try(request, staff_number, *, at):
    """Count a try at the password. Raises throttle.TooMany.

    Who has been signed in here before has a bucket of their own; everybody else shares those of account and address.
    """
    number = staff_number.strip().upper()
    person = Person.objects.filter(staff_number__iexact=number).first()
    return _begin("password", number, person, request, rules.TRIES_ON_ACCOUNT, at)


def begin_second_try(request, person, *, at):
    """Count a try at the second step: whoever is here knows the password, so unknown devices get few tries in all."""
    return _begin("code", person.staff_number.upper(), person, request, rules.TRIES, at)


def _begin(what, number, person, request, on_account, at):
    today = timezone.localdate(at)
    few = rules.TRIES.value(on=today)
    if device := devices.known_to(request, person):
        buckets = [throttle.Bucket(f"{what}:device:{device}:{number}", few)]
    else:
        place = addresses.network(request)
        buckets = [
            throttle.Bucket(f"{what}:account:{number}:{place}", few),
            throttle.Bucket(f"{what}:account:{number}", on_account.value(on=today)),
            throttle.Bucket(f"address:{place}", rules.TRIES_FROM_ADDRESS.value(on=today)),
        ]
    return throttle.begin(buckets, at=at)


def begin_own_try(person, *, at):
    """Count a try at the own password or code by somebody who is signed in. Raises throttle.TooMany."""
    few = rules.TRIES.value(on=timezone.localdate(at))
    return throttle.begin([throttle.Bucket(f"own:{person.pk}", few)], at=at)


def too_many(refusal):
    """The sentence for a form."""
    until = timezone.localtime(refusal.until)
    return _("Too many failed tries. Wait until %(time)s, then try again.") % {"time": f"{until:%H:%M}"}


def slow(response, refusal, *, at):
    """The answer as a refusal for a while."""
    response.status_code = 429
    response["Retry-After"] = max(1, round((refusal.until - at).total_seconds()))
    return response


def needs_second_step(person):
    return hasattr(person, "second_factor")


def await_second_step(request, person, *, way, at):
    """Remember that the password was right. Nobody is signed in yet."""
    request.session.cycle_key()
    request.session[PENDING] = {
        "person": person.pk, "password": person.get_session_auth_hash(), "way": way, "at": at.timestamp(),
    }  # fmt: skip


def awaited(request, *, at):
    """(person, way) of whom the second step is expected here; None where nobody is, or no longer."""
    pending = request.session.get(PENDING)
    if not pending or at.timestamp() - pending["at"] > PENDING_FOR:
        return None
    person = Person.objects.enabled().select_related("second_factor").filter(pk=pending["person"]).first()
    if person is None or not needs_second_step(person) or pending["password"] != person.get_session_auth_hash():
        return None
    return person, pending["way"]


def let_in(request, person, *, way, at):
    """Sign a person in, under a new session key. `way` stands in the access log."""
    if request.user.is_authenticated:
        logout(request)
    known = devices.known_to(request, person)
    first = person.last_login is None
    request.session.pop(PENDING, None)
    login(request, person, backend=BACKEND)
    record(AccessLog.Action.SIGN_IN, by=person, at=at, request=request, detail={"way": way} if way else None)
    if not known and not first and not settings.DEMO:
        tell(
            person, notifications.NEW_DEVICE, at=at,
            browser=browsers.in_words(request.META.get("HTTP_USER_AGENT", "")) or _("unknown browser"),
            address=addresses.of(request) or "—",
        )  # fmt: skip


def tell(person, kind, *, at, **params):
    """A piece of news about the own account, once."""
    notify(
        kind=kind, recipients=[person], at=at, dedupe=f"{kind}:{person.pk}:{at.isoformat()}", url_name="account",
        params={"done_at": at.isoformat(), **params},
    )  # fmt: skip
