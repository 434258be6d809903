"""Two-step sign-in: one-time codes of an authenticator app (RFC 6238) and recovery codes. Source: SEC-02."""

import secrets
import unicodedata
from base64 import b32encode

import pghistory
import pyotp
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from pyotp.utils import strings_equal

from . import refusals, sessions
from .history import action
from .models import EndReason, RecoveryCode, SecondFactor

CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another
RANDOM_LETTERS = 9
STEPS_OFF = (0, -1, 1)  # phones may be half a minute wrong


def new_seed():
    return secrets.token_urlsafe(24)


def _apps(seed):
    """What makes the codes of a seed: one for the secret key in force and one for each that it replaced."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        digest = salted_hmac("staff.second_factor", seed, secret=key, algorithm="sha256").digest()
        yield pyotp.TOTP(b32encode(digest[:20]).decode())


def secret(seed):
    """What is typed into an authenticator app by hand: 32 letters and digits."""
    return next(_apps(seed)).secret


def address(seed, *, person, issuer):
    """What the QR code says."""
    return pyotp.TOTP(secret(seed)).provisioning_uri(name=person.staff_number, issuer_name=issuer)


def _step(seed, code, at):
    """The half minute to which the code belongs, near the instant; None for a wrong code."""
    now = int(at.timestamp()) // 30
    for app in _apps(seed):
        for step in (now + off for off in STEPS_OFF):
            if strings_equal(app.generate_otp(step), code):
                return step
    return None


@action
def turn_on(person, *, seed, code, by, at):
    """Switch two-step sign-in on, as the code proves that the app knows the secret. Returns new recovery codes.

    Raises ValidationError for a wrong code, and where it is on already.
    """
    step = _step(seed, plain(code), at)
    if step is None:
        raise ValidationError({"code": wrong_code()})
    with refusals.in_words({"staff_secondfactor_pkey": (NON_FIELD_ERRORS, _("Two-step sign-in is on already."))}):
        SecondFactor.objects.create(person=person, seed=seed, since=at, last_step=step)
    return _new_codes(person)


@action
def renew_codes(person, *, by):
    """Ten new recovery codes; the old ones end. Returns them; only their hashes are kept."""
    return _new_codes(person)


def _new_codes(person):
    codes = [str(slot) + "".join(secrets.choice(LETTERS) for _letter in range(RANDOM_LETTERS)) for slot in range(CODES)]
    RecoveryCode.objects.filter(person=person).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(person=person, slot=slot, hashed=make_password(code)) for slot, code in enumerate(codes)
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


@action
def turn_off(person, *, by):
    """Switch two-step sign-in off. Repeated, it changes nothing."""
    SecondFactor.objects.filter(person=person).delete()
    RecoveryCode.objects.filter(person=person).delete()


@action
def reset(person, *, reason, by, at):
    """Somebody has lost phone and codes: switch it off and end every session. Returns whether it was on.

    Raises ValidationError for one's own: that would make it worthless.
    """
    if person == by:
        raise ValidationError(_("You cannot reset your own. Another system administrator can."))
    with pghistory.context(reason=reason):
        return clear(person, at=at)


@transaction.atomic
def clear(person, *, at):
    """Switch it off from outside the person's own account, and end every session. Returns whether it was on."""
    deleted, _rows = SecondFactor.objects.filter(person=person).delete()
    RecoveryCode.objects.filter(person=person).delete()
    if deleted:
        sessions.end_all(person, because=EndReason.RESET, at=at)
    return bool(deleted)


def use(person, text, *, at):
    """Take a code of the app, or a recovery code, once. Returns "app", "recovery" or, where it is wrong, ""."""
    text = plain(text)
    if len(text) == RANDOM_LETTERS + 1:
        return "recovery" if _use_recovery_code(person, text, at) else ""
    factor = SecondFactor.objects.filter(person=person).first()
    step = _step(factor.seed, text, at) if factor else None
    if step is None:
        return ""
    # Compare and set: the same code sent twice at the same moment is taken once.
    taken = SecondFactor.objects.filter(person=person, last_step__lt=step).update(last_step=step)
    return "app" if taken else ""


def _use_recovery_code(person, code, at):
    slot = code[0]
    unused = RecoveryCode.objects.filter(person=person, slot=int(slot) if slot in "0123456789" else -1, used_at=None)
    row = unused.first()
    return row is not None and check_password(code, row.hashed) and unused.update(used_at=at) == 1


def plain(text):
    """A code as it is compared: people write it with spaces and hyphens, in full width, in capitals."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isascii() and c.isalnum())


def codes_left(person):
    return RecoveryCode.objects.filter(person=person, used_at=None).count()


def wrong_code():
    return _("This code is wrong or was used already. Wait for the next one; check that the phone's clock is right.")
