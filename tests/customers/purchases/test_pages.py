"""Purchases in the browser: entered, listed, corrected, taken into a file. Source: REC-16, SEC-04."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer, Product, Purchase, PurchaseAdjustment
from journal.timeline import timeline
from tests.customers.purchases.rows import NOW, ask, bought, decide, locked
from tests.journal.exporting import lines as file_lines
from tests.journal.exporting import written
from tests.policy.clocktime import at

pytestmark = pytest.mark.clause("REC-16")
LIST = reverse("customers:purchases")
NEW = reverse("customers:purchase_new")


def typed(customer=None, *lines, **more):
    lines = lines or (("名片", "2", "100"),)
    data = {"bought_on": "2026-11-20", "document_number": "XS-9", "about": customer.name if customer else "",
            "customer": customer.pk if customer else "", "remarks": "", "seller": "",
            "lines-TOTAL_FORMS": str(len(lines)), "lines-INITIAL_FORMS": "0"}  # fmt: skip
    for number, (product, quantity, amount) in enumerate(lines):
        data |= {f"lines-{number}-product": product, f"lines-{number}-quantity": quantity,
                 f"lines-{number}-amount": amount}  # fmt: skip
    return data | more


def enter(client, world, *args, **more):
    return client.post(NEW, {"branch": world.east.pk} | typed(*args, **more))


def test_a_document_of_several_lines_is_entered_in_one_go(world, sign_in):
    card = Product.objects.create(code="card", name="名片", unit_of_measure="盒")
    client = sign_in(world.accountant)
    lines = (("CARD", "2", "1,100.50元"), ("加急费", "", "-50"), ("", "", ""))
    answer = enter(client, world, world.ours, *lines, seller=world.owner.pk)
    first, second = Purchase.objects.order_by("pk")
    assert answer.url == reverse("customers:purchase", args=[first.pk])
    assert (first.product, first.product_text, first.quantity, first.amount) == (card, "名片", 2, Decimal("1100.50"))
    assert (second.product, second.product_text, second.quantity) == (None, "加急费", None)
    assert (second.amount, second.document_number, second.seller) == (Decimal(-50), "XS-9", world.owner)
    assert (second.created_by, second.branch, second.customer) == (world.accountant, world.east, world.ours)
    page = client.get(answer.url).text
    assert "1,100.50" in page
    assert reverse("customers:purchase", args=[second.pk]) in page, "the other line of the paper"
    assert "盒" in page


def test_the_customer_is_found_by_a_search_or_known_from_the_record(world, sign_in):
    client = sign_in(world.accountant)
    found = client.post(reverse("customers:purchase_find"), {"about": "东方红"}, headers={"HX-Request": "true"}).text
    assert world.ours.name in found
    assert world.theirs.name not in client.post(reverse("customers:purchase_find"), {"about": "西泠"}).text
    assert enter(client, world, about="东方红").status_code == 302, "only one is called so"
    assert enter(client, world, about="有限公司", document_number="XS-10").context["form"].errors["about"]
    assert enter(client, world, about="西泠").context["form"].errors["about"]
    answer = client.post(f"{NEW}?customer={world.unowned.pk}",
                         {"branch": world.east.pk} | typed(document_number="XS-11", another="1"))  # fmt: skip
    assert answer.url == f"{NEW}?customer={world.unowned.pk}"
    assert Purchase.objects.filter(customer=world.unowned).count() == 1


def test_what_is_wrong_is_said_beside_it(live, sign_in):
    client, world = sign_in(live.accountant), live
    assert enter(client, world, world.ours, bought_on="2026-11-27").context["form"].errors["bought_on"]
    assert enter(client, world, world.ours, bought_on="2026-10-31").context["form"].errors["bought_on"]
    assert enter(client, world, world.ours, document_number="").context["form"].errors["document_number"]
    twice = enter(client, world, world.ours, ("名片", "", "1"), ("名片", "", "2"))
    assert twice.context["lines"].errors[1]["product"]
    assert enter(client, world, world.ours, ("名片", "", "一百")).context["lines"].errors[0]["amount"]
    assert enter(client, world, world.ours, branch=world.west.pk).context["form"].errors["branch"]
    assert not Purchase.objects.exists()
    row = bought(world, number="XS-9")
    same = enter(client, world, world.ours, ("海报", "", "1"), ("名片", "", "5"))
    assert same.context["lines"].errors[1]["product"]
    assert reverse("customers:purchase", args=[row.pk]) in same.text
    assert Purchase.objects.count() == 1, "all lines or none"


@pytest.mark.clause("SEC-06")
def test_a_document_that_is_there_is_shown_to_whom_the_customer_is_shown(world, sign_in):
    row = bought(world, number="XS-9")
    Customer.objects.filter(pk=world.ours.pk).update(branch=world.west, owner=None)
    same = enter(sign_in(world.accountant), world, world.unowned)
    assert same.context["lines"].errors[0]["product"]
    assert reverse("customers:purchase", args=[row.pk]) not in same.text


@pytest.mark.clause("SEC-05")
def test_a_row_of_an_open_month_is_edited_and_deleted_and_the_history_keeps_it(world, sign_in):
    client, row = sign_in(world.manager), Purchase.objects.get(pk=bought(world).pk)
    path = reverse("customers:purchase_edit", args=[row.pk])
    form = client.get(path).context["form"]
    data = {name: "" if (value := form[name].value()) is None else value for name in form.fields}
    assert client.post(path, data | {"amount": "90", "product": "海报"}).status_code == 302
    row.refresh_from_db()
    assert (row.amount, row.product_text, row.seller) == (Decimal(90), "海报", world.owner)
    assert client.post(path, data | {"amount": "80"}).status_code == 302
    row.refresh_from_db()
    assert row.amount == 90, "the form was of an older state"
    remove = reverse("customers:purchase_remove", args=[row.pk])
    assert client.post(remove, {"mark": row.mark, "reason": ""}).context["form"].errors["reason"]
    assert client.post(remove, {"mark": row.mark, "reason": "误录"}).url == LIST
    assert not Purchase.objects.exists()
    entries, _older = timeline(world.ours)
    gone = next(entry for entry in entries if any(part.what == "delete" for part in entry.parts))
    assert (gone.reason, gone.person) == ("误录", world.manager)


def test_pages_of_open_months_lead_to_the_correction_once_the_month_is_locked(live, sign_in):
    client, row = sign_in(live.accountant), locked(live)
    correct = reverse("customers:purchase_correct", args=[row.pk])
    for name in ("purchase_edit", "purchase_remove"):
        assert client.get(reverse(f"customers:{name}", args=[row.pk])).url == correct
    page = client.get(reverse("customers:purchase", args=[row.pk])).text
    assert correct in page
    assert reverse("customers:purchase_edit", args=[row.pk]) not in page


@pytest.mark.clause("SEC-04")
def test_a_correction_is_asked_for_and_decided_in_the_browser(live, sign_in):
    row = Purchase.objects.get(pk=locked(live).pk)
    correct = reverse("customers:purchase_correct", args=[row.pk])
    client = sign_in(live.accountant)
    assert client.post(correct, {"mark": row.mark, "amount": "100", "reason": "x"}).context["form"].errors["amount"]
    assert client.post(correct, {"mark": row.mark, "amount": "120.5", "reason": "少记了"}).status_code == 302
    asked = PurchaseAdjustment.objects.get()
    page = reverse("customers:correction", args=[asked.pk])
    client.post(page, {"word": "x", "approve": "1"})
    asked.refresh_from_db()
    assert asked.state == "pending", "who asked does not decide"
    client = sign_in(live.manager)
    assert "+20.50" in client.get(page).text
    assert row.customer.name in client.get(f"{LIST}?state=decide").text
    assert client.post(page, {"word": "", "decline": "1"}).context["form"].errors["word"]
    client.post(page, {"word": "", "approve": "1"})
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by, asked.row.amount) == ("approved", live.manager, Decimal("20.50"))
    client.post(page, {"word": "", "decline": "1"})
    assert PurchaseAdjustment.objects.get().state == "approved"


@pytest.mark.clause("SEC-01")
def test_purchases_are_seen_by_whoever_sees_the_customer(live, sign_in):
    ours, theirs = locked(live), locked(live, customer=live.theirs, branch=live.west, by=live.stranger)
    asked = ask(theirs, live, by=live.stranger)
    client = sign_in(live.accountant)
    assert {row.pk for row in client.get(LIST).context["rows"]} == {ours.pk}
    for name in ("purchase", "purchase_edit", "purchase_remove", "purchase_correct"):
        assert client.get(reverse(f"customers:{name}", args=[theirs.pk])).status_code == 404
    assert client.get(reverse("customers:correction", args=[asked.pk])).status_code == 404
    for reader, found in ((live.owner, {ours.pk}), (live.colleague, set()), (live.stranger, {theirs.pk})):
        assert {row.pk for row in sign_in(reader).get(LIST).context["rows"]} == found
    assert sign_in(live.owner).get(NEW).status_code == 403


def test_the_list_is_narrowed_sorted_and_summed(live, sign_in):
    world, client = live, sign_in(live.accountant)
    card = Product.objects.create(code="card", name="名片")
    others = {"customer": world.unowned, "seller": world.colleague}
    rows = {
        "old": bought(world, day="2026-08-03", number="A", amount="300", when="2026-08-04 09:00"),
        "mine": bought(world, day="2026-11-02", number="B", amount="200", **others),
        "back": bought(world, day="2026-11-05", number="C", amount="-40"),
        "locked": locked(world, number="D", amount="10"),
    }
    Purchase.objects.filter(pk=rows["old"].pk).update(product=card)
    ask(rows["locked"], world, amount="11")

    def found(**query):
        return [name for row in client.get(LIST, query).context["rows"] for name in rows if rows[name].pk == row.pk]

    assert found() == ["back", "mine", "locked", "old"]
    assert found(sort="oldest") == ["old", "locked", "mine", "back"]
    assert found(sort="amount") == ["old", "mine", "locked", "back"]
    assert found(sort="smallest") == ["back", "locked", "mine", "old"]
    assert found(since="2026-11-01", until="2026-11-30") == ["back", "mine"]
    assert found(seller=world.colleague.pk) == ["mine"]
    assert found(product=card.pk) == ["old"]
    assert found(customer=world.unowned.pk) == ["mine"]
    assert found(state="waiting") == ["locked"]
    assert found(state="returns") == ["back"]
    assert found(state="decide") == []
    assert found(since="soon", seller="x", sort="x") == found()
    context = client.get(LIST).context
    assert (context["count"], context["sum"]) == (4, Decimal(470))
    where = client.post(LIST, {"q": "天光", "sort": "amount"}).url
    assert "%" not in where and "天光" not in where  # noqa: PT018 - no name in an address, however written
    assert [row.pk for row in client.get(where).context["rows"]] == [rows["mine"].pk]


def test_pages_follow_each_other_without_counting(world, sign_in):
    client = sign_in(world.accountant)
    fill(world, 120)
    seen, address = [], LIST
    while address:
        context = client.get(address).context
        seen += [row.pk for row in context["rows"]]
        address = context["next_url"] and LIST + context["next_url"]
    assert len(seen) == len(set(seen)) == 120


def fill(world, number):
    before = Purchase.objects.count()
    Purchase.objects.bulk_create(
        Purchase(customer=world.ours, branch=world.east, bought_on=date(2026, 11, 1 + n % 20), amount=n,
                 seller=world.owner, product_text="名片", document_number=f"N{before}-{n}", created_at=at(NOW))
        for n in range(number)
    )  # fmt: skip


@pytest.mark.clause("GEN-03")
def test_as_many_queries_at_three_rows_as_at_three_hundred(world, sign_in):
    client = sign_in(world.accountant)
    slot = reverse("customers:purchases_of", args=[world.ours.pk])

    def queries(path):
        with CaptureQueriesContext(connection) as found:
            assert client.get(path, headers={"HX-Request": "true"}).status_code == 200
        return len(found)

    fill(world, 3)
    for path in (LIST, f"{LIST}?sort=amount&state=waiting", slot):
        queries(path)
    few = [queries(path) for path in (LIST, slot)]
    fill(world, 297)
    assert [queries(path) for path in (LIST, slot)] == few
    assert max(few) <= 15


def test_the_record_shows_the_last_ones_and_the_sum_of_twelve_months(live, sign_in):
    client = sign_in(live.accountant)
    bought(live, day="2025-11-26", number="A", amount="5000", when="2025-11-26 15:00")
    bought(live, day="2025-11-27", number="B", amount="300", when="2025-11-27 15:00")
    bought(live, number="C", amount="1200.50")
    slot = reverse("customers:purchases_of", args=[live.ours.pk])
    assert slot in client.get(reverse("customers:record", args=[live.ours.pk])).text
    page = client.get(slot, headers={"HX-Request": "true"})
    assert page.context["year"] == {"count": 2, "sum": Decimal("1500.50")}
    assert "1,500.50" in page.text
    assert client.get(slot).url == f"{LIST}?customer={live.ours.pk}"


@pytest.mark.clause("GEN-03", "SEC-06")
def test_the_file_holds_the_rows_of_the_list(live, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    row = locked(live, amount="1234.5")
    decide(ask(row, live, amount="1000"), live.manager)
    bought(live, customer=live.theirs, branch=live.west, by=live.stranger)
    job = written(live.accountant, "purchases", sort="oldest")
    assert (job.state, job.problem) == ("done", "")
    _head, first, second, _mark = file_lines(job)
    assert first[:2] == ["2026-10-20", live.ours.name]
    assert (first[4], first[8], second[4], second[8]) == ("XS-1", "1234.50", "XS-1", "-234.50")


def test_the_months_are_said_on_the_pages(live, sign_in):
    for page in (LIST, NEW):
        text = sign_in(live.accountant).get(page).text
        assert "2026-12-07" in text
        assert "18:00" in text


def test_purchases_of_archived_customers_are_entered_no_more(world, sign_in):
    Customer.objects.filter(pk=world.ours.pk).update(archived_at=timezone.now(), archived_by=world.manager)
    with pytest.raises(ValidationError):
        bought(world)
    assert enter(sign_in(world.accountant), world, world.ours).context["form"].errors["about"]
