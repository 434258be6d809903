"""E-mail over SMTP: what certainly did not leave is told apart from what perhaps did."""

import pytest

from crm_site.bench.mail_server import MailServer
from journal.senders.mail import Mailbox
from journal.senders.outcomes import NotSent, PossiblySent, Refused, Sent

pytestmark = pytest.mark.clause("GEN-02")


@pytest.fixture
def server(settings):
    server = MailServer()
    settings.EMAIL_ENABLED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield server
    server.close()


def send(mailbox, number=1, **changes):
    message = {"to": "li@keke.example", "title": "到期提醒", "body": "正文", "message_id": f"<{number}@keke>"} | changes
    return mailbox.send(**message)


def test_messages_arrive_with_their_own_ids_over_one_line(server):
    mailbox = Mailbox()
    assert [send(mailbox, number) for number in (1, 2)] == [Sent(), Sent()]
    mailbox.close()
    mailbox.close()
    assert dict(server.taken) == {"<1@keke>": 1, "<2@keke>": 1}


def test_a_line_that_breaks_after_the_message_leaves_a_doubt_and_the_next_opens_a_new_one(server):
    mailbox = Mailbox()
    assert send(mailbox, 1) == Sent()
    server.cut_after_data = True
    assert isinstance(send(mailbox, 2), PossiblySent)
    assert send(mailbox, 3) == Sent()
    mailbox.close()
    assert server.taken["<2@keke>"] == 1


def test_a_server_that_is_gone_means_not_sent(server):
    mailbox = Mailbox()
    server.close()
    outcome = send(mailbox)
    assert isinstance(outcome, NotSent)
    assert outcome.line_down


@pytest.mark.parametrize(
    ("replies", "outcome"),
    [
        ({"RCPT": "550 unknown"}, Refused),
        ({"RCPT": "451 later"}, NotSent),
        ({"MAIL": "452 full"}, NotSent),
        ({"DATA": "554 spam"}, Refused),
        ({"DATA": "451 greylisted"}, NotSent),
    ],
)
def test_what_the_server_says_decides(server, replies, outcome):
    server.replies = replies
    mailbox = Mailbox()
    assert isinstance(send(mailbox), outcome)
    mailbox.close()


def test_a_line_break_in_the_title_cannot_add_a_header(server):
    mailbox = Mailbox()
    assert send(mailbox, title="x\r\nBcc: evil@example.com") == Sent()
    assert b"\r\nBcc:" not in server.last
    assert isinstance(send(mailbox, to="a@b\nBcc: evil@example.com"), Refused)
    mailbox.close()
