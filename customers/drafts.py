"""Forms half filled in, kept on the server for their writer only. Source: ux section 2."""

from uuid import UUID

from django.http import QueryDict

from .models import Draft, RegistrationForm

REGISTRATION = "customers.register"
AT_MOST = 64 * 1024  # characters
IN_A_GRID = 512 * 1024  # a hundred rows; a character of Chinese takes nine
NOT_KEPT = ("csrfmiddlewaretoken", "typed_by", "typed_on", "pasted", "filled", "save_new")


def _registered(key):
    return RegistrationForm.objects.filter(submission=key).exists()


def keep(*, person, form, data, at, entered=_registered, at_most=AT_MOST):
    """Keep what a form holds; the same sheet replaces its earlier draft. Returns the draft, or None.

    Nothing is kept of a sheet that has just been entered, as `entered(key)` tells: the browser may send it once more.
    """
    key = _key(data)
    kept = data.copy()
    for name in NOT_KEPT:
        kept.pop(name, None)
    text = kept.urlencode()
    if key is None or len(text) > at_most or entered(key):
        return None
    draft, _made = Draft.objects.update_or_create(
        person=person, form=form, key=key, defaults={"data": text, "saved_at": at}
    )
    return draft


def _key(data):
    try:
        return UUID(data.get("submission", ""))
    except ValueError:
        return None


def offered(person, form, *, at):
    """The person's latest draft of a form, for the offer to go on with it."""
    return Draft.objects.of(person, form, at=at).first()


def typed(draft):
    """What the draft holds, as the browser sent it."""
    return QueryDict(draft.data)


def drop(person, form, key):
    """The sheet is entered, or its writer wants it no more."""
    Draft.objects.filter(person=person, form=form, key=key).delete()


def drop_expired(*, at):
    return Draft.objects.expired(at).delete()[0]
