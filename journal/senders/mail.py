"""E-mail over one SMTP line, kept open for a run of messages."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from .outcomes import NotSent, PossiblySent, Refused, Sent


class Mailbox:
    """A line to the mail server for one run; `close` it at the end."""

    def __init__(self):
        self.backend = get_connection()

    def send(self, *, to, title, body, message_id, headers=None):
        """Send one plain text. `message_id`: the same for every try of the same message. Returns an Outcome."""
        if not settings.EMAIL_ENABLED:  # Django would throw it away and call it sent
            return NotSent(_("No mail server is set up."), counts=False, line_down=True)
        mail = EmailMessage(
            subject=" ".join(title.split()), body=body, to=[to], headers={"Message-ID": message_id, **(headers or {})}
        )
        try:
            self._open()
        except (OSError, smtplib.SMTPException) as error:
            return NotSent(_reason(error), line_down=True)
        try:
            mail.connection = self.backend
            mail.send()
        except ValueError as error:  # a line break in a header, no address
            return Refused(_reason(error))
        except smtplib.SMTPRecipientsRefused as error:
            return _by_code(error, *next(iter(error.recipients.values())))
        except smtplib.SMTPServerDisconnected as error:
            self.close()
            return PossiblySent(_reason(error))
        except smtplib.SMTPResponseException as error:
            return _by_code(error, error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            return PossiblySent(_reason(error))
        return Sent()

    def _open(self):
        """Be sure that somebody listens before anything is sent: only then a broken line leaves a doubt."""
        line = getattr(self.backend, "connection", None)
        if line is not None:
            try:
                if line.noop()[0] == 250:
                    return
            except (OSError, smtplib.SMTPException):
                pass  # opened anew below
            self.close()
        self.backend.open()

    def close(self):
        try:
            self.backend.close()
        except (OSError, smtplib.SMTPException):
            self.backend.connection = None


def _by_code(error, code, words):
    words = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
    reason = f"{code} {words}"[:300]
    return NotSent(reason) if 400 <= code < 500 else Refused(reason)


def _reason(error):
    return (str(error) or type(error).__name__)[:300]
