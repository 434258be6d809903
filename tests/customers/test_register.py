"""The action `register`: everything a paper form brings, in one transaction."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections
from django.utils import timezone

from customers.actions import ContactEntry, DuplicatesFound, FormEntry, SerialTaken, register
from customers.models import Consent, Customer, DuplicateVerdict, Kind, MatchKey, RegistrationForm, Source, Stage
from customers.values import phones


def entry(world, name="海天纸业有限公司", phone="13811112222", **changes):
    """Arguments of `register` for an ordinary form of East."""
    now = timezone.now()
    arguments = {
        "fields": {
            "name": name,
            "kind": Kind.COMPANY,
            "branch": world.east,
            "source": Source.COLD_VISIT,
            "address": "建国路 9 号",
        },
        "contacts": [ContactEntry(name="王芳", phones=(phones.read(phone),), emails=("wang@haitian.cn",))],
        "form": FormEntry(received_at=now - timedelta(hours=1), received_by=world.clerk, serial="0000123"),
        "by": world.accountant,
        "at": now,
    }
    return arguments | changes


@pytest.mark.clause("REC-01", "REC-02", "REC-03", "REC-04")
def test_a_form_brings_customer_contacts_keys_needs_consents_and_itself(world):
    customer = register(**entry(world, needs=["名片", "宣传册"], consents=[Consent.Purpose.SERVICE]))

    customer.refresh_from_db()
    assert (customer.channel, customer.source, customer.stage) == ("branch", "cold_visit", Stage.PROSPECT)
    assert [way.value for way in customer.ways.all()] == ["+8613811112222", "wang@haitian.cn"]
    assert [need.text for need in customer.needs.all()] == ["名片", "宣传册"]
    assert set(customer.match_keys.values_list("kind", "value")) >= {
        (MatchKey.Kind.PHONE, "+8613811112222"),
        (MatchKey.Kind.NAME, "海天纸业"),
    }
    form = customer.registration
    assert (form.serial, form.received_by, form.entered_by) == ("0000123", world.clerk, world.accountant)
    assert customer.consents.get().evidence == form


@pytest.mark.clause("REC-18")
def test_a_known_phone_asks_for_a_reason_and_the_reason_is_remembered(world):
    with pytest.raises(DuplicatesFound) as found:
        register(**entry(world, phone="139 1002 0001"))
    assert [match.customer for match in found.value.matches] == [world.ours]
    assert Customer.objects.count() == 3

    customer = register(**entry(world, phone="139 1002 0001", different_because="同一栋楼的总机"))
    verdict = DuplicateVerdict.objects.get()
    assert (verdict.first_id, verdict.second_id, verdict.reason) == (world.ours.pk, customer.pk, "同一栋楼的总机")


@pytest.mark.clause("REC-18")
def test_a_match_in_another_unit_is_found_but_not_visible(world):
    with pytest.raises(DuplicatesFound) as found:
        register(**entry(world, phone="13910020003"))
    match = found.value.matches[0]
    assert (match.customer, match.visible) == (world.theirs, False)


def test_the_same_submission_twice_makes_one_customer(world):
    form = FormEntry(received_at=timezone.now() - timedelta(hours=1), received_by=world.clerk, submission=uuid.uuid4())
    first = register(**entry(world, form=form))
    again = register(**entry(world, form=form))
    assert first == again
    assert RegistrationForm.objects.filter(submission=form.submission).count() == 1


@pytest.mark.clause("REC-04")
def test_a_serial_is_used_once_in_a_unit(world):
    register(**entry(world))
    with pytest.raises(SerialTaken):
        register(**entry(world, name="另一家纸业有限公司", phone="13811113333"))


@pytest.mark.clause("REC-18")
def test_of_two_clerks_saving_one_phone_at_the_same_moment_one_wins(live_world):
    world = live_world
    start, outcomes = threading.Barrier(2), []

    def save(name):
        try:
            start.wait(timeout=10)
            register(**entry(world, name=name, phone="13766665555", form=FormEntry(
                received_at=timezone.now() - timedelta(hours=1), received_by=world.clerk)))  # fmt: skip
            outcomes.append("saved")
        except DuplicatesFound as found:
            outcomes.append([str(match.customer) for match in found.matches])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=save, args=[name]) for name in ("甲乙印刷有限公司", "丙丁包装有限公司")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    assert MatchKey.objects.filter(kind=MatchKey.Kind.PHONE, value="+8613766665555").count() == 1
    assert sorted(map(type, outcomes), key=str) == [list, str]
    winner = MatchKey.objects.get(value="+8613766665555").customer
    assert [str(winner)] in outcomes


@pytest.mark.clause("REC-03")
def test_the_database_refuses_a_channel_that_is_not_the_units(world):
    Customer.objects.filter(pk=world.ours.pk).update(channel="direct")
    with pytest.raises(IntegrityError, match="customer_channel_of_unit"), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
