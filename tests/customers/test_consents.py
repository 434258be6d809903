"""What customers agreed to decides what leaves the house. Source: REC-17."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone, translation

from customers import consents
from customers.models import Consent, Contact, Customer, DeclinedConsent
from journal import customer_messages
from journal.models import State

pytestmark = pytest.mark.clause("REC-17")
PHONE = "+8613910020001"  # of `ours`


@pytest.fixture
def office(world, sign_in):
    client = sign_in(world.accountant)
    client.cookies["language"] = "en"
    return client


def given(world, purpose="marketing", **more):
    values = {"channel": "phone", "note": "来电时说", "given_at": timezone.now(), "by": world.clerk} | more
    return consents.give(world.ours, purpose=purpose, **values)


def sent(world, purpose="marketing", *, subject=None, address=PHONE, channel="sms"):
    return customer_messages.send(
        purpose=purpose, channel=channel, subject=subject or world.ours, branch=world.east, address=address,
        body="您好", dedupe=f"test:{timezone.now().timestamp()}", at=timezone.now(),
    )  # fmt: skip


@pytest.mark.parametrize("purpose", ["marketing", "survey"])
def test_without_consent_no_offer_and_no_survey_leaves(world, purpose):
    message = sent(world, purpose)
    assert (message.state, message.gate_decision) == (State.REFUSED, "consent: no_consent")
    given(world, purpose)
    assert sent(world, purpose).state == State.QUEUED


def test_what_serves_an_order_needs_none_until_it_is_taken_back(world):
    assert sent(world, "service").state == State.QUEUED
    consents.withdraw(given(world, "service"), note="书面", by=world.clerk, at=timezone.now())
    assert sent(world, "service").gate_decision == "consent: consent_withdrawn"


def test_a_consent_for_one_purpose_is_none_for_another(world):
    given(world, "survey")
    assert sent(world, "marketing").state == State.REFUSED


def test_a_consent_that_was_taken_back_lets_nothing_leave_and_stays_to_be_seen(world):
    consent = given(world)
    consents.withdraw(consent, note="电话告知", by=world.accountant, at=timezone.now())
    assert sent(world).gate_decision == "consent: consent_withdrawn"
    consent.refresh_from_db()
    assert (consent.withdrawn_note, consent.withdrawal_recorded_by) == ("电话告知", world.accountant)
    again = given(world)
    assert again != consent
    assert sent(world).state == State.QUEUED


def test_taking_back_twice_keeps_the_first_word(world):
    consent = given(world)
    for note in ("第一次", "第二次"):
        consents.withdraw(consent, note=note, by=world.clerk, at=timezone.now())
    consent.refresh_from_db()
    assert consent.withdrawn_note == "第一次"


def test_an_address_that_is_not_the_customers_is_no_address_to_write_to(world):
    given(world)
    assert sent(world, address="+8613999999999").gate_decision == "consent: not_their_address"
    assert sent(world, subject=Contact(pk=999_999)).gate_decision == "consent: unknown_customer"


def test_a_former_contact_is_left_alone(world):
    given(world)
    contact = world.ours.contacts.get()
    assert sent(world, subject=contact).state == State.QUEUED
    world.ours.contacts.update(valid_from=None, valid_until=timezone.localdate() - timedelta(days=1))
    assert sent(world, subject=contact).gate_decision == "consent: not_their_address"


def test_the_same_consent_is_recorded_once(world):
    given(world)
    with translation.override("en"), pytest.raises(ValidationError, match="recorded already"):
        given(world)
    assert world.ours.consents.filter(purpose="marketing").count() == 1


def test_a_clerk_records_a_consent_and_its_end_in_the_browser(world, office):
    page = reverse("customers:consent_new", args=[world.ours.pk])
    record = reverse("customers:record", args=[world.ours.pk])
    assert page in office.get(record).text
    today = timezone.localdate().isoformat()
    said = {"answer": "yes", "purpose": "survey", "channel": "phone", "given_on": today, "note": "call with Ms Li"}
    assert office.post(page, said).url == record
    consent = world.ours.consents.get(purpose="survey")
    assert (consent.channel, consent.evidence_note, consent.recorded_by) == ("phone", said["note"], world.accountant)
    assert "call with Ms Li" in office.get(record).text
    taken_back = reverse("customers:consent_withdraw", args=[world.ours.pk, consent.pk])
    assert taken_back in office.get(record).text
    assert office.post(taken_back, {"note": "by letter"}).url == record
    assert "taken back on" in office.get(record).text
    assert office.get(taken_back).status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("note", "", "How anybody can tell"),
        ("given_on", "2999-01-01", "has not come yet"),
        ("purpose", "everything", ""),
        ("answer", "", ""),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(world, office, field, value, says):
    page = reverse("customers:consent_new", args=[world.ours.pk])
    said = {
        "answer": "yes",
        "purpose": "survey",
        "channel": "phone",
        "given_on": "2026-01-05",
        "note": "call with Ms Li",
    } | {field: value}
    response = office.post(page, said)
    assert response.status_code == 200
    assert says in response.text
    assert response.context["form"].errors[field]
    assert field == "note" or "call with Ms Li" in response.text
    assert not Consent.objects.filter(customer=world.ours, purpose="survey").exists()


@pytest.mark.parametrize("who", ["sales_rep", "stranger"])
def test_a_consent_of_another_customer_is_out_of_reach(world, sign_in, who):
    consent = consents.give(
        world.theirs, purpose="survey", channel="phone", note="来电", given_at=timezone.now(), by=world.stranger
    )
    person = world.stranger if who == "stranger" else world.people[who]
    url = reverse("customers:consent_withdraw", args=[world.ours.pk, consent.pk])
    assert sign_in(person).post(url, {"note": "x"}).status_code == 404
    consent.refresh_from_db()
    assert consent.withdrawn_at is None


def declined(world, purpose="marketing", **more):
    values = {"channel": "phone", "note": "来电时说不要", "declined_at": timezone.now(), "by": world.clerk} | more
    return consents.decline(world.ours, purpose=purpose, **values)


def test_a_no_lets_nothing_leave_and_a_later_yes_does(world):
    no = declined(world)
    assert (no.channel, no.evidence_note, no.recorded_by) == ("phone", "来电时说不要", world.clerk)
    assert sent(world).gate_decision == "consent: consent_declined"
    consent = given(world)
    assert sent(world).state == State.QUEUED
    consents.withdraw(consent, note="改主意", by=world.clerk, at=timezone.now())
    assert sent(world).gate_decision == "consent: consent_withdrawn"
    assert DeclinedConsent.objects.get() == no, "it stays to be seen"


def test_whoever_wants_no_word_about_orders_gets_none(world):
    declined(world, "service")
    assert sent(world, "service").gate_decision == "consent: consent_declined"
    assert sent(world, "survey").gate_decision == "consent: no_consent", "a no to one purpose is none to another"


def test_a_no_is_recorded_once_and_not_beside_a_consent_that_stands(world):
    declined(world)
    with translation.override("en"):
        with pytest.raises(ValidationError, match="recorded already"):
            declined(world)
        consent = given(world, "survey")
        with pytest.raises(ValidationError, match="taken back"):
            declined(world, "survey")
        consents.withdraw(consent, note="改主意", by=world.clerk, at=timezone.now())
        with pytest.raises(ValidationError, match="recorded already"):
            declined(world, "survey")
    assert DeclinedConsent.objects.count() == 1


def test_a_no_is_recorded_in_the_browser_and_struck_out_after_a_yes(world, office):
    page = reverse("customers:consent_new", args=[world.ours.pk])
    record = reverse("customers:record", args=[world.ours.pk])
    today = timezone.localdate().isoformat()
    said = {"answer": "no", "purpose": "marketing", "channel": "phone", "given_on": today, "note": "call with Ms Li"}
    assert office.post(page, said).url == record
    assert DeclinedConsent.objects.get().recorded_by == world.accountant
    text = office.get(record).text
    assert "call with Ms Li" in text
    assert "said no" in text
    assert "<s>news and offers</s>" not in text
    assert "recorded already" in office.post(page, said).text
    assert office.post(page, said | {"answer": "yes"}).url == record
    assert "<s>news and offers</s>" in office.get(record).text
    history = office.get(reverse("journal:timeline", args=["customers.customer", world.ours.pk])).text
    assert "consent declined" in history.lower()


def test_the_form_says_yes_no_or_nothing(world, office):
    page, answers = reverse("customers:register"), {}
    for number, ticked in enumerate((["service", "no-marketing"], ["marketing"], [], ["marketing", "no-marketing"])):
        name = f"第{number}号海天纸业有限公司"
        answer = office.post(page, paper(world, number, name=name, consents=ticked))
        customer = Customer.objects.filter(name=name).first()
        if customer is None:
            assert "Yes and no at once to: news and offers" in answer.text
            continue
        for row in customer.declined_consents.all():
            assert (row.evidence, row.channel, row.declined_at) == (
                customer.registration, "paper", customer.registration.received_at
            )  # fmt: skip
        purposes = (customer.consents, customer.declined_consents)
        answers[number] = [list(rows.values_list("purpose", flat=True)) for rows in purposes]
    assert answers == {0: [["service"], ["marketing"]], 1: [["marketing"], []], 2: [[], []]}


def paper(world, number, **more):
    """What a browser sends for the registration form."""
    at = timezone.localtime() - timedelta(minutes=5)
    return {
        "submission": uuid.uuid4(), "received_at": f"{at:%Y-%m-%dT%H:%M}", "received_by": world.accountant.pk,
        "branch": world.east.pk, "kind": "company", "country": "CN", "source": "walk_in",
        "contacts-TOTAL_FORMS": 1, "contacts-INITIAL_FORMS": 0, "contacts-0-role": "general",
        "contacts-0-phones": f"1381111222{number}",
    } | more  # fmt: skip


@pytest.mark.clause("REC-21")
def test_a_no_of_the_form_outlives_a_draft_and_a_wrong_field(world, office):
    page = office.post(reverse("customers:register"), paper(world, 1, name="", consents=["no-marketing"]))
    assert re.search('value="no-marketing"[^>]* checked', page.text)
    sheet = paper(world, 1, name="海天", consents=["no-survey"])
    office.post(reverse("customers:draft_save"), sheet)
    page = office.get(reverse("customers:register"), {"draft": sheet["submission"]})
    assert re.search('value="no-survey"[^>]* checked', page.text)
