"""Messages to customers: asked of the gates, queued, printed, unsubscribed from. Source: GEN-02, REC-17."""

from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from staff.models import Company

from . import gates, links, outbox
from .models import CustomerMessage, Purpose, State, Unsubscribe


@transaction.atomic
def send(*, purpose, channel, subject, branch, address, body, dedupe, at, title=""):
    """Queue one message to a customer if the gates say yes, else record the refusal and its reason. Returns the row.

    `subject`: the customer or contact; `dedupe` names the message: asked for again, the first row is returned as it is.
    A letter waits for its printing (`letter`, `mark_printed`); the others leave by themselves.
    """
    to = gates.Recipient(subject._meta.label_lower, subject.pk, channel, address)
    decision = gates.may_send(to, purpose)
    message, created = CustomerMessage.objects.get_or_create(
        dedupe_key=dedupe,
        defaults={
            "purpose": purpose,
            "channel": channel,
            "subject_type": to.subject_type,
            "subject_id": to.subject_id,
            "branch": branch,
            "address": address,
            "title": title,
            "body": body,
            "gate_decision": decision.reason[:200],
            "state": State.QUEUED if decision else State.REFUSED,
            "created_at": at,
            "next_try_at": at,
        },
    )
    if created and decision:
        outbox.nudge_on_commit()
    return message


def recipient(message):
    return gates.Recipient(message.subject_type, message.subject_id, message.channel, message.address)


def unsubscribe_link(message):
    return links.absolute(reverse("journal:unsubscribe", args=[message.token]))


def unsubscribe_headers(message):
    """What makes a mail program show its own button. Source: RFC 2369, RFC 8058."""
    return {
        "List-Unsubscribe": f"<{unsubscribe_link(message)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def text_with_way_out(message):
    """The text, and under everything but service messages the way to have no more of it."""
    if message.purpose == Purpose.SERVICE:
        return message.body
    return f"{message.body}\n\n" + _("No more messages of this kind: %(link)s") % {"link": unsubscribe_link(message)}


@transaction.atomic
def unsubscribe(message, *, at):
    """Whoever has the link wants nothing more of this purpose at this address. Repeated, it changes nothing."""
    Unsubscribe.objects.bulk_create(
        [Unsubscribe(address=gates.plain(message.address), purpose=message.purpose, at=at, message=message)],
        ignore_conflicts=True,
    )


def letter(message):
    """A letter as a page to print on A4."""
    company = Company.objects.values_list("name", flat=True).first() or ""
    return render_to_string("journal/letter.html", {"message": message, "company_name": company})


@transaction.atomic
def mark_printed(message, *, by, at):
    """Note that a letter went to the post. The gates are asked again. Returns the Decision."""
    message = CustomerMessage.objects.select_for_update().get(pk=message.pk)
    decision = gates.may_send(recipient(message), message.purpose)
    if message.state == State.QUEUED:
        state = State.SENT if decision else State.REFUSED
        CustomerMessage.objects.filter(pk=message.pk).update(
            state=state, sent_at=at if decision else None, gate_decision=decision.reason[:200], decided_by=by,
            decided_at=at,
        )  # fmt: skip
    return decision
