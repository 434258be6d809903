"""Messages to customers: only what every gate lets pass, and a way out of it."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from journal import customer_messages, delivery, gates
from journal.couriers import MessageCourier
from journal.models import CustomerMessage, Unsubscribe

from .conftest import NOON

pytestmark = [pytest.mark.clause("GEN-02", "REC-17")]


@pytest.fixture(autouse=True)
def _mail_on(mail_on):
    """There is a mail server, except where a test says otherwise."""


@pytest.fixture
def doors(monkeypatch):
    """No gates but those that a test puts there."""
    monkeypatch.setattr(gates, "_gates", {})
    return gates


def yes(recipient, purpose):
    return True


def message(world, dedupe="one", **changes):
    fields = {
        "purpose": "marketing", "channel": "email", "subject": world.ours, "branch": world.east,
        "address": "Li@Example.com ", "title": "新品", "body": "新品到店", "dedupe": dedupe, "at": NOON,
    } | changes  # fmt: skip
    return customer_messages.send(**fields)


def run():
    return delivery.deliver(MessageCourier(), now=lambda: NOON)


def test_without_a_gate_nothing_leaves_and_the_refusal_is_recorded(world, doors):
    refused = message(world)
    assert (refused.state, refused.gate_decision) == ("refused", "nobody_said_yes")
    assert run() == 0
    assert not mail.outbox


@pytest.mark.parametrize(
    ("answers", "state", "decision"),
    [
        ([True], "queued", "yes"),
        ([True, None], "queued", "yes"),
        ([None], "refused", "nobody_said_yes"),
        ([True, "no_consent"], "refused", "gate1: no_consent"),
        (["too_often", True], "refused", "gate0: too_often"),
        ([True, ""], "refused", "gate1: no"),
        ([True, False], "refused", "gate1: no"),
    ],
)
def test_one_must_say_yes_and_none_no(world, doors, answers, state, decision):
    for number, answer in enumerate(answers):
        doors.register(lambda recipient, purpose, answer=answer: answer, name=f"gate{number}")
    made = message(world)
    assert (made.state, made.gate_decision) == (state, decision)


def test_a_gate_is_asked_about_the_recipient_and_the_purpose(world, doors):
    asked = []
    doors.register(lambda recipient, purpose: asked.append((recipient, purpose)) or True, name="gate")
    message(world)
    [(recipient, purpose)] = asked
    assert (recipient.subject_type, recipient.subject_id, purpose) == ("customers.customer", world.ours.pk, "marketing")


def test_the_same_message_is_queued_once(world, doors):
    doors.register(yes)
    assert message(world) == message(world)
    assert run() == 1
    assert run() == 0
    assert len(mail.outbox) == 1


def test_consent_withdrawn_after_queueing_stops_it(world, doors):
    doors.register(yes, name="consent")
    message(world)
    doors.register(lambda *_asked: "withdrawn", name="consent")
    assert run() == 1
    stopped = CustomerMessage.objects.get()
    assert (stopped.state, stopped.problem) == ("refused", "consent: withdrawn")
    assert not mail.outbox


def test_a_mail_carries_its_way_out(world, doors, settings):
    settings.SITE_URL = "https://crm.example"
    doors.register(yes)
    sent = message(world)
    run()
    [mailed] = mail.outbox
    link = f"https://crm.example/journal/unsubscribe/{sent.token}/"
    assert mailed.extra_headers["List-Unsubscribe"] == f"<{link}>"
    assert mailed.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in mailed.body


def test_service_messages_have_no_way_out_in_their_text(world, doors):
    doors.register(yes)
    message(world, purpose="service")
    run()
    assert "unsubscribe" not in mail.outbox[0].body


def test_whoever_unsubscribed_gets_nothing_more_of_that_purpose(world, doors, client):
    doors.register(yes)
    sent = message(world)
    page = reverse("journal:unsubscribe", args=[sent.token])
    assert client.get(page).status_code == 200
    assert not Unsubscribe.objects.exists()
    for _twice in range(2):
        assert client.post(page).status_code == 200
    assert Unsubscribe.objects.get().address == "li@example.com"
    assert run() == 1  # queued before, stopped at the door
    assert not mail.outbox
    again = message(world, dedupe="two", address="LI@example.com")
    assert (again.state, again.gate_decision) == ("refused", "unsubscribed")
    assert message(world, dedupe="three", purpose="service").state == "queued"


def test_one_click_of_a_mail_program_needs_no_cookie(world, doors):
    sent = message(world)
    page = reverse("journal:unsubscribe", args=[sent.token])
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(page, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Unsubscribe.objects.count() == 1
    assert strict.get(reverse("journal:unsubscribe", args=["guess"])).status_code == 404


def test_the_page_says_nothing_about_the_customer(world, doors, client):
    sent = message(world)
    shown = client.get(reverse("journal:unsubscribe", args=[sent.token])).content.decode()
    assert world.ours.name not in shown
    assert "example.com" not in shown.lower().replace("crm.example", "")


def test_a_short_message_goes_to_the_gateway_with_its_key(world, doors, stand_in, settings):
    settings.SMS_GATEWAY_TOKEN = "secret"
    doors.register(yes)
    sent = message(world, channel="sms", address="+8613910020001", purpose="service")
    run()
    [taken] = stand_in.taken
    assert taken["body"] == {"to": "+8613910020001", "text": "新品到店", "id": "one"}
    assert taken["headers"]["Idempotency-Key"] == "one"
    assert taken["headers"]["Authorization"] == "Bearer secret"
    sent.refresh_from_db()
    assert sent.state == "sent"


@pytest.mark.parametrize(
    ("behaviour", "state"),
    [("reset", "possibly_sent"), ("500", "queued"), ("429", "queued"), ("4001", "dead")],
)
def test_what_the_gateway_answers_decides(world, doors, stand_in, behaviour, state):
    doors.register(yes)
    message(world, channel="sms", address="+8613910020001")
    stand_in.behave(behaviour)
    run()
    assert CustomerMessage.objects.get().state == state
    run()
    assert len(stand_in.taken) == 1


def test_without_a_gateway_short_messages_wait(world, doors, settings):
    settings.SMS_GATEWAY_URL = ""
    doors.register(yes)
    message(world, channel="sms", address="+8613910020001")
    run()
    waiting = CustomerMessage.objects.get()
    assert (waiting.state, waiting.attempts) == ("queued", 0)
    assert waiting.problem


def test_without_a_mail_server_a_mail_waits_and_is_never_called_sent(world, doors, settings):
    settings.EMAIL_ENABLED = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # what such an installation has
    doors.register(yes)
    message(world)
    run()
    waiting = CustomerMessage.objects.get()
    assert (waiting.state, waiting.attempts, waiting.sent_at) == ("queued", 0, None)
    assert waiting.problem


def test_a_letter_waits_for_its_printing(world, doors):
    doors.register(yes, name="consent")
    sent = message(
        world, channel="letter", address="中山路 1 号\n李娜 女士", title="致客户 <b>", body="第一段\n\n第二段"
    )
    assert run() == 0
    page = customer_messages.letter(sent)
    assert "中山路 1 号<br>李娜 女士" in page
    assert "致客户 &lt;b&gt;" in page
    assert "试验公司" in page
    assert customer_messages.mark_printed(sent, by=world.clerk, at=NOON)
    assert customer_messages.mark_printed(sent, by=world.clerk, at=NOON)
    sent.refresh_from_db()
    assert (sent.state, sent.decided_by) == ("sent", world.clerk)


def test_a_letter_is_stopped_when_consent_is_gone(world, doors):
    doors.register(yes, name="consent")
    sent = message(world, channel="letter")
    doors.unregister("consent")
    assert not customer_messages.mark_printed(sent, by=world.clerk, at=NOON)
    sent.refresh_from_db()
    assert sent.state == "refused"
