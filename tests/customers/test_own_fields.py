"""The administrator adds fields to customer records; they are filled, found, narrowed by and kept. Source: REC-08."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from customers import code_tables, own_fields, proposals, search
from customers.exporters import CUSTOMERS
from customers.models import Customer, OwnField, ProposedChange
from journal.timeline import timeline

pytestmark = pytest.mark.clause("REC-08")

KINDS = {
    "press": ("choice", ["海德堡", "高宝"]),
    "plates": ("number", []),
    "since": ("date", []),
    "vat": ("yes_no", []),
    "motto": ("text", []),
}


@pytest.fixture
def office(world, sign_in):
    client = sign_in(world.administrator)
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def counter(world, sign_in):
    client = sign_in(world.accountant)
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def fields(world):
    return {
        code: code_tables.add(
            "own-fields", code=code, label_zh=code, label_en=f"our {code}", position=place, by=world.administrator,
            kind=kind, options=options,
        )
        for place, (code, (kind, options)) in enumerate(KINDS.items())
    }  # fmt: skip


def url(name, *args):
    return reverse(f"customers:{name}", args=args)


def fill(counter, customer, **values):
    customer.refresh_from_db()
    data = {"version": customer.version} | {f"own-{code}": value for code, value in values.items()}
    return counter.post(url("edit_block", customer.pk, "own"), data)


FILLED = {"press": "高宝", "plates": "1200.50", "since": "2024-02-29", "vat": "yes", "motto": "又快又好"}
STORED = {"press": "高宝", "plates": "1200.5", "since": "2024-02-29", "vat": True, "motto": "又快又好"}


def test_the_administrator_adds_a_field_in_the_browser(office):
    page = url("code_new", "own-fields")
    assert url("code_list", "own-fields") in office.get(url("codes")).text
    said = {"label_zh": "印刷机", "label_en": "press", "code": "press", "position": 1, "kind": "choice",
            "options": "海德堡\n高宝\n\n高宝"}  # fmt: skip
    assert office.post(page, said).status_code == 302
    field = OwnField.objects.get(code="press")
    assert (field.kind, field.options) == ("choice", ["海德堡", "高宝"])


@pytest.mark.parametrize(("kind", "options", "says"), [("choice", "", "one entry a line"), ("choice", "长" * 61, "60")])
def test_a_list_has_entries_that_fit(office, kind, options, says):
    said = {"label_zh": "印刷机", "label_en": "press", "code": "press", "position": 1, "kind": kind, "options": options}
    response = office.post(url("code_new", "own-fields"), said)
    assert says in response.text
    assert response.context["form"].errors["options"]
    assert not OwnField.objects.exists()


def test_the_kind_of_a_field_stays(office, fields):
    page = url("code_edit", "own-fields", fields["press"].pk)
    said = {"label_zh": "机型", "label_en": "press", "position": 1, "kind": "date", "options": "海德堡\n小森"}
    assert office.post(page, said).status_code == 302
    field = OwnField.objects.get(code="press")
    assert (field.kind, field.label_zh, field.options) == ("choice", "机型", ["海德堡", "小森"])


def test_without_fields_the_record_has_no_such_block(counter, world):
    assert 'id="own"' not in counter.get(url("record", world.ours.pk)).text


def test_values_of_every_kind_are_kept_and_shown(counter, world, fields):
    assert fill(counter, world.ours, **FILLED).status_code == 302
    world.ours.refresh_from_db()
    assert world.ours.custom == STORED
    page = counter.get(url("record", world.ours.pk)).text
    assert all(str(field) in page for field in fields.values())
    assert all(text in page for text in ("高宝", "1200.5", "2024-02-29", "又快又好"))
    assert fill(counter, world.ours, **FILLED | {"motto": "", "vat": ""}).status_code == 302
    world.ours.refresh_from_db()
    assert world.ours.custom == {code: value for code, value in STORED.items() if code not in ("motto", "vat")}


@pytest.mark.clause("SEC-05")
def test_the_history_names_field_and_value(counter, world, fields):
    fill(counter, world.ours, **FILLED)
    entries, _older = timeline(world.ours)
    said = " ".join(change.after for entry in entries for part in entry.parts for change in part.changes)
    assert "1200.5" in said
    assert "又快又好" in said


@pytest.mark.parametrize(
    ("code", "value"),
    [("plates", "many"), ("since", "2023-02-29"), ("press", "复印机"), ("vat", "maybe"), ("motto", "长" * 201)],
)
def test_what_does_not_fit_the_field_is_refused_and_nothing_is_lost(counter, world, fields, code, value):
    response = fill(counter, world.ours, **FILLED | {code: value})
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [f"own-{code}"]
    assert "又快又好" in response.text or code == "motto"
    world.ours.refresh_from_db()
    assert world.ours.custom == {}


def test_who_saves_second_sees_both_values(counter, world, fields):
    version = world.ours.version
    fill(counter, world.ours, motto="先写的")
    data = {"version": version, "own-motto": "后写的", "initial-own-motto": ""}
    response = counter.post(url("edit_block", world.ours.pk, "own"), data)
    assert response.context["conflicts"] == [("our motto", "先写的", "后写的")]
    world.ours.refresh_from_db()
    assert world.ours.custom == {"motto": "先写的"}


def test_a_retired_field_is_asked_of_those_who_have_it_only(counter, world, fields):
    fill(counter, world.ours, **FILLED)
    code_tables.retire(fields["motto"], by=world.administrator)
    assert "our motto" in counter.get(url("edit_block", world.ours.pk, "own")).text
    assert "our motto" not in counter.get(url("edit_block", world.unowned.pk, "own")).text
    fill(counter, world.ours, **FILLED | {"plates": "7"})
    world.ours.refresh_from_db()
    assert world.ours.custom["motto"] == "又快又好"


def test_an_entry_that_was_taken_off_the_list_stays_where_it_was_chosen(counter, world, fields):
    fill(counter, world.ours, **FILLED)
    code_tables.relabel(
        fields["press"], label_zh="机", label_en="press", position=1, options=["小森"], by=world.administrator
    )
    assert fill(counter, world.ours, **FILLED).status_code == 302
    world.ours.refresh_from_db()
    assert world.ours.custom["press"] == "高宝"


def test_values_are_found_by_search(counter, world, fields):
    fill(counter, world.ours, **FILLED)
    everything = Customer.objects.visible_to(world.accountant)
    assert list(search.matching(everything, "快又")) == [world.ours]
    assert list(search.matching(everything, "高宝")) == [world.ours]
    assert not search.matching(everything, "海德堡").exists()
    theirs = Customer.objects.visible_to(world.stranger)
    assert not search.matching(theirs, "高宝").exists()


def test_the_list_is_narrowed_by_what_is_chosen_of_a_list(counter, world, fields):
    fill(counter, world.ours, **FILLED)
    for query, found in (("own-press=高宝", [world.ours]), ("own-press=海德堡", []), ("own-vat=yes", [world.ours])):
        response = counter.get(f"{url('list')}?{query}")
        assert [row.pk for row in response.context["rows"]] == [customer.pk for customer in found], query


@pytest.mark.parametrize("text", ["KBA-105", "kba", "1200.5", "2024-02"])
def test_latin_letters_and_digits_of_a_value_are_found(counter, world, fields, text):
    fill(counter, world.ours, **FILLED | {"motto": "KBA-105 四色"})
    assert list(search.matching(Customer.objects.visible_to(world.accountant), text)) == [world.ours]


@pytest.mark.clause("SEC-04", "REC-19")
def test_who_may_not_edit_proposes_a_value_and_others_stay(world, sign_in, fields):
    """The clerk proposes one field; the accountant changes another meanwhile, then accepts."""
    Customer.objects.filter(pk=world.ours.pk).update(custom={"motto": "旧的", "press": "高宝"})
    client = sign_in(world.clerk)
    assert url("propose_block", world.ours.pk, "own") in client.get(url("record", world.ours.pk)).text
    page = client.get(url("propose_block", world.ours.pk, "own"))
    assert page.status_code == 200
    data = {"version": world.ours.version, "reason": "客户说的"}
    for code, value in (("motto", "旧的"), ("press", "高宝"), ("plates", ""), ("since", ""), ("vat", "")):
        data |= {f"own-{code}": value, f"initial-own-{code}": value}
    answer = client.post(url("propose_block", world.ours.pk, "own"), data | {"own-motto": "新的", "own-plates": "12"})
    assert answer.status_code == 302
    proposal = ProposedChange.objects.get()
    assert proposal.after == {"fields": {"custom": {"motto": "新的", "plates": "12"}}}

    client = sign_in(world.accountant)
    client.cookies["language"] = "en"
    fill(client, world.ours, **{"motto": "旧的", "press": "海德堡", "plates": "", "since": "", "vat": "yes"})
    shown = client.get(reverse("customers:proposal", args=[proposal.pk])).text
    assert all(text in shown for text in ("our motto", "旧的", "新的"))
    world.ours.refresh_from_db()
    proposals.accept(proposal, version=world.ours.version, by=world.accountant, at=timezone.now())
    world.ours.refresh_from_db()
    assert world.ours.custom == {"motto": "新的", "press": "海德堡", "plates": "12", "vat": True}


@pytest.mark.clause("GEN-03")
def test_a_file_has_a_column_for_each_field_with_real_numbers_and_dates(counter, world, fields):
    fill(counter, world.ours, **FILLED)
    world.ours.refresh_from_db()
    chosen = CUSTOMERS.chosen([f"own-{code}" for code in KINDS])
    values = {column.code: column.value(world.ours) for column in chosen}
    assert values["own-plates"] == Decimal("1200.5")
    assert values["own-since"] == date(2024, 2, 29)
    assert values["own-press"] == "高宝"
    assert [column.value(world.unowned) for column in chosen] == [None] * 5


@pytest.mark.parametrize("value", [None, ""])
def test_nothing_said_is_nothing_stored(value):
    assert own_fields.as_stored(OwnField(kind="number"), value) is None
