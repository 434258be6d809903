"""Whether a message may leave to a customer. Apps register gates; every one must let it pass. Source: REC-17.

A gate is a callable `gate(recipient, purpose)` that answers True (yes), a short reason code such as "no_consent" (no),
or None (not its business). At least one gate must say yes and none no: without a gate nothing leaves.
"""

from dataclasses import dataclass

from .models import Purpose, Unsubscribe


@dataclass(frozen=True)
class Recipient:
    """Whom a message goes to: a record of an upper floor, and the way to reach it."""

    subject_type: str
    subject_id: int
    channel: str
    address: str


@dataclass(frozen=True)
class Decision:
    allowed: bool
    reason: str  # "yes", "nobody_said_yes", or the gate's name and its reason code

    def __bool__(self):
        return self.allowed


_gates = {}


def register(gate, name=None):
    """Add a gate. Usable as a decorator. The name (module.function) stands in the recorded decision."""
    _gates[name or f"{gate.__module__}.{gate.__name__}"] = gate
    return gate


def unregister(name):
    _gates.pop(name, None)


def may_send(recipient, purpose):
    """The Decision on one message, made of all gates' answers. An unsubscribed address is always refused."""
    purpose = Purpose(purpose)
    if unsubscribed(recipient.address, purpose):
        return Decision(False, "unsubscribed")
    said_yes = False
    for name, gate in _gates.items():
        answer = gate(recipient, purpose)
        if answer is True:
            said_yes = True
        elif answer is not None:
            return Decision(False, f"{name}: {answer or 'no'}")
    return Decision(True, "yes") if said_yes else Decision(False, "nobody_said_yes")


def plain(address):
    """An address as it is compared."""
    return address.strip().lower()


def unsubscribed(address, purpose):
    return Unsubscribe.objects.filter(address=plain(address), purpose=purpose).exists()
