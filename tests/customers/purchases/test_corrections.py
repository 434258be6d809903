"""Purchases stand once and are corrected by approved rows only, whoever else is at it. Source: REC-16, SEC-04."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from customers import purchases
from customers.models import Purchase, PurchaseAdjustment
from customers.policies import correction_approvers
from journal.models import Notification
from staff.models import Absence, Person
from staff.verbs import PositionCode
from tests.customers.purchases.rows import NOW, ask, bought, decide, go_live, locked
from tests.policy.clocktime import at
from tests.world import hire

pytestmark = pytest.mark.clause("REC-16")


@pytest.mark.clause("SEC-04")
def test_a_correction_is_a_row_of_the_day_of_approval(live):
    row = locked(live)
    asked = ask(row, live)
    assert (asked.amount, asked.state) == (Decimal(-20), "pending")
    assert Purchase.objects.count() == 1
    done = decide(asked, live.manager)
    row.refresh_from_db()
    assert (row.amount, row.corrected_amount) == (Decimal(100), Decimal(80))
    wrote = done.row
    assert (wrote.adjusts, wrote.amount, wrote.bought_on) == (row, Decimal(-20), date(2026, 11, 26))
    assert (wrote.customer, wrote.branch, wrote.product_text, wrote.seller) == (
        row.customer, row.branch, row.product_text, row.seller)  # fmt: skip
    assert wrote.shown_document == "XS-1"


@pytest.mark.clause("SEC-04")
def test_a_second_correction_starts_from_what_counts_now(live):
    row = locked(live)
    decide(ask(row, live), live.manager)
    with pytest.raises(ValidationError):
        ask(row, live)  # 80 counts already
    second = ask(row, live, amount="0")
    with pytest.raises(ValidationError):
        ask(row, live, amount="5")  # one waits at a time
    assert second.amount == Decimal(-80)
    decide(second, live.manager)
    assert row.corrected_amount == 0


@pytest.mark.clause("SEC-04")
def test_nobody_decides_on_an_own_correction(live):
    asked = ask(locked(live), live, by=live.manager)
    with pytest.raises(purchases.OwnCorrection):
        decide(asked, live.manager)
    assert not PurchaseAdjustment.objects.to_decide(live.manager).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        PurchaseAdjustment.objects.update(
            state="declined", decided_by=live.manager, decided_at=at(NOW), decision_word="x"
        )


def told(kind):
    return set(Notification.objects.filter(kind=f"customers.correction_{kind}").values_list("person__name", flat=True))


@pytest.mark.clause("SEC-04", "GEN-02")
def test_the_units_manager_decides_and_the_author_is_told(live):
    asked = ask(locked(live), live)
    assert told("asked") == {live.manager.name}
    seen_by = [p for p in Person.objects.all() if PurchaseAdjustment.objects.to_decide(p).exists()]
    assert seen_by == [live.manager]
    decide(asked, live.manager, approve=False, word="单据为准")
    assert told("declined") == {live.accountant.name}
    assert not Purchase.objects.filter(adjusts__isnull=False).exists()


@pytest.mark.clause("SEC-04")
def test_where_the_manager_asks_the_head_of_service_decides(live):
    head = live.people[PositionCode.SERVICE_HEAD]
    row = locked(live)
    asked = ask(row, live, by=live.manager)
    assert told("asked") == {head.name}
    assert PurchaseAdjustment.objects.to_decide(head).get() == asked
    second = hire("E777", "副店长", PositionCode.BRANCH_MANAGER, branch=live.east)
    assert correction_approvers(row, besides=live.manager) == [second]
    assert not PurchaseAdjustment.objects.to_decide(head).exists()
    decide(asked, second)
    assert told("approved") == {live.manager.name}


@pytest.mark.clause("SEC-04")
def test_a_correction_is_decided_once_and_corrections_are_not_corrected(live):
    asked = ask(locked(live), live)
    done = decide(asked, live.manager)
    with pytest.raises(purchases.Decided):
        decide(asked, live.manager, approve=False, word="x")
    for act in (lambda row: purchases.change(row, mark=row.mark, fields={}, by=live.accountant, at=at(NOW)),
                lambda row: ask(row, live)):  # fmt: skip
        with pytest.raises(ValidationError):
            act(Purchase.objects.get(pk=done.row_id))


def test_an_open_month_needs_no_correction(live):
    with pytest.raises(ValidationError):
        ask(bought(live), live)


def together(*acts):
    """Each act in a thread of its own; what they raised."""
    raised, start = [], threading.Barrier(len(acts))

    def run(act):
        try:
            start.wait()
            act()
        except Exception as error:
            raised.append(type(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_two_people_at_once_ask_once_and_decide_once(live_world):
    go_live(live_world)
    row = locked(live_world)
    raised = together(lambda: ask(row, live_world), lambda: ask(row, live_world, amount="70.00", by=live_world.manager))
    assert raised == [ValidationError]
    asked = PurchaseAdjustment.objects.get()
    other = hire("E778", "值班店长", PositionCode.BRANCH_MANAGER, branch=live_world.east)
    third = hire("E779", "代理店长", PositionCode.BRANCH_MANAGER, branch=live_world.east)
    raised = together(lambda: decide(asked, other), lambda: decide(asked, third, approve=False, word="不"))
    assert raised == [purchases.Decided]
    asked.refresh_from_db()
    assert Purchase.objects.filter(adjusts=row).count() == (asked.state == "approved")


def test_two_people_entering_one_document_enter_it_once(live_world):
    raised = together(lambda: bought(live_world), lambda: bought(live_world, by=live_world.manager))
    assert (raised, Purchase.objects.count()) == ([purchases.AlreadyThere], 1)


@pytest.mark.clause("SEC-04")
def test_nobody_overwrites_what_a_colleague_saved(world):
    row = Purchase.objects.get(pk=bought(world).pk)
    stale = row.mark
    purchases.change(row, mark=stale, fields={"amount": Decimal(90)}, by=world.accountant, at=at(NOW))
    for act in (
        lambda: purchases.change(row, mark=stale, fields={"amount": Decimal(1)}, by=world.manager, at=at(NOW)),
        lambda: purchases.remove(row, mark=stale, reason="x", by=world.manager, at=at(NOW)),
    ):
        with pytest.raises(purchases.ChangedMeanwhile):
            act()


def test_documents_are_unique_by_unit_and_product_and_fingerprints_for_all(world):
    row = bought(world)
    bought(world, product="海报")
    bought(world, branch=world.west)
    for values in ({"document_number": row.document_number, "product_text": row.product_text}, {"fingerprint": "f"}):
        fields = {"customer": world.ours, "branch": world.east, "bought_on": "2026-11-01", "amount": 0}
        if "fingerprint" in values:
            Purchase.objects.create(**fields | values | {"branch": world.west}, created_at=at(NOW))
        with pytest.raises(IntegrityError), transaction.atomic():
            Purchase.objects.create(**fields | values, created_at=at(NOW))
    for _twice in range(2):  # without a number and a fingerprint rows are their own
        Purchase.objects.create(**fields, created_at=at(NOW))


def test_a_manager_away_has_the_deputy_told(live):
    Absence.objects.create(person=live.manager, deputy=live.colleague, starts_on="2026-11-26", ends_on="2026-11-27")
    ask(locked(live), live)
    assert told("asked") == {live.manager.name, live.colleague.name}
