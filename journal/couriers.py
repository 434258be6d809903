"""Who brings what: the rows of each way out, and how one of them becomes a message. Source: GEN-02."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from . import customer_messages, gates, kinds, links
from .models import Channel, CustomerMessage, Delivery, PushSettings
from .senders import robots, sms
from .senders.mail import Mailbox
from .senders.outcomes import Refused, Withheld


def message_id(kind, row):
    """The same for every try of the same row, so that a mail server or reader can drop a repetition."""
    return f"<{kind}-{row.pk}@{urlsplit(settings.SITE_URL).hostname}>"


class EmailCourier:
    """Notifications by e-mail, in the reader's language."""

    def __init__(self):
        self.mailbox = Mailbox()

    def rows(self, down=()):
        return Delivery.objects.none() if down else Delivery.objects.filter(channel=Channel.EMAIL)

    def line(self, row):
        return "email"

    def send(self, row):
        notification, person = row.notification, row.notification.person
        if not person.is_active or not person.email:
            return Refused(_("The person has no e-mail address or left."))
        wanted = getattr(person, "push_settings", None) or PushSettings()
        with override(wanted.language):
            text = kinds.outside_text(notification.kind, notification.params)
            return self.mailbox.send(
                to=person.email, title=text, body=_body(text, notification), message_id=message_id("notification", row)
            )

    def close(self):
        self.mailbox.close()


def _body(text, notification):
    lines = [text]
    if path := links.path(notification):
        lines.append(links.absolute(path))
    return "\n\n".join(lines) + "\n"


class RobotCourier:
    """Posts in staff groups, in the company's language: the name of a customer and a link, nothing more."""

    def rows(self, down=()):
        return Delivery.objects.filter(channel=Channel.ROBOT).exclude(robot__in=down)

    def line(self, row):
        return row.robot_id

    def send(self, row):
        if not row.robot.active:
            return Refused(_("The robot is not in use any more."))
        with override(settings.LANGUAGE_CODE):
            text = kinds.outside_text(row.notification.kind, row.notification.params)
            return robots.send(row.robot, _body(text, row.notification).strip())

    def close(self):
        """Nothing is kept open."""


class MessageCourier:
    """E-mails and short messages to customers. The gates are asked again right before: consent may be gone."""

    def __init__(self):
        self.mailbox = Mailbox()

    def rows(self, down=()):
        return CustomerMessage.objects.exclude(channel__in=[CustomerMessage.Channel.LETTER, *down])

    def line(self, row):
        return row.channel

    def send(self, row):
        decision = gates.may_send(customer_messages.recipient(row), row.purpose)
        if not decision:
            return Withheld(decision.reason)
        text = customer_messages.text_with_way_out(row)
        if row.channel == CustomerMessage.Channel.SMS:
            return sms.send(to=row.address, text=text, key=row.dedupe_key)
        return self.mailbox.send(
            to=row.address, title=row.title, body=text, message_id=message_id("message", row),
            headers=customer_messages.unsubscribe_headers(row),
        )  # fmt: skip

    def close(self):
        self.mailbox.close()


COURIERS = {"email": EmailCourier, "robot": RobotCourier, "message": MessageCourier}
