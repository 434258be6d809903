"""What no honest form sends: it is escaped or refused in words, and never a fault of the server. Source: REC-07."""

import uuid
from urllib.parse import quote

import pytest
from django.urls import reverse

from customers.models import Contact, Customer, Need

REGISTER = reverse("customers:register")
FORM = "application/x-www-form-urlencoded"
MEGABYTE = "长" * (1024 * 1024 // 3)

pytestmark = pytest.mark.clause("REC-07")


def typed(world, **changes):
    data = {
        "received_at": "2026-01-05T10:20", "received_by": world.clerk.pk, "branch": world.east.pk,
        "name": "海天纸业有限公司", "kind": "company", "source": "walk_in", "country": "CN",
        "submission": str(uuid.uuid4()), "contacts-TOTAL_FORMS": "1", "contacts-INITIAL_FORMS": "0",
        "contacts-0-name": "王芳", "contacts-0-phones": "138 1111 2222",
    }  # fmt: skip
    return data | changes


def encoded(data):
    """As a browser sends it, lone surrogates included, which no library would encode."""
    return "&".join(f"{name}={quote(str(value).encode('utf-8', 'surrogatepass'))}" for name, value in data.items())


TEXTS = ("name", "serial", "address", "needs", "preferences", "remarks", "different_because", "contacts-0-name",
         "contacts-0-title")  # fmt: skip
CHOICES = ("received_at", "received_by", "branch", "kind", "source", "industry", "size", "business_type", "country",
           "province", "city", "district", "consents", "submission", "credit_code", "contacts-0-role",
           "contacts-0-phones", "contacts-0-emails", "contacts-0-pk", "contacts-TOTAL_FORMS", "pins",
           "typed_by")  # fmt: skip
STRANGE = ["\x00", "海天\x00纸业", "海天\ud83d", "\u202e纸业海天", "9" * 400, "-1", "٣٤", "\ufffe"]


@pytest.mark.parametrize("field", [*TEXTS, *CHOICES])
def test_strange_characters_in_any_field_are_no_fault(field, world, sign_in):
    client = sign_in(world.clerk)
    for text in STRANGE:
        response = client.post(REGISTER, encoded(typed(world) | {field: text}), FORM)
        assert response.status_code in (200, 302), text
        if response.status_code == 200:
            context = response.context
            assert context["matches"] or not (context["form"].is_valid() and context["contacts"].is_valid())
    for customer in Customer.objects.all():
        assert not {"\x00", "\u202e"} & set(customer.name + customer.address + customer.remarks)


@pytest.mark.parametrize("field", [*TEXTS, "credit_code", "contacts-0-phones", "contacts-0-emails"])
def test_a_megabyte_in_any_text_field_is_refused_in_words_and_quickly(field, world, sign_in):
    response = sign_in(world.clerk).post(REGISTER, encoded(typed(world) | {field: MEGABYTE}), FORM)
    assert response.status_code == 200
    errors = response.context["form"].errors or response.context["contacts"].errors
    assert field.rpartition("-")[2] in str(errors.as_data() if hasattr(errors, "as_data") else errors)
    assert not Customer.objects.filter(name__startswith="海天").exists()


SCRIPTS = ["<script>alert(1)</script>公司", "{{7*7}}{% now 'Y' %}公司", "公司\"><img src=x onerror=alert(1)>",
           "公司' onmouseover='alert(1)", "javascript:alert(1) 公司", "=cmd|' /C calc'!A0 公司"]  # fmt: skip


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_is_text_on_every_page(script, world, sign_in):
    """Entered in each free text, then looked at wherever it is shown."""
    client = sign_in(world.manager)
    filled = {name: script for name in TEXTS if name not in ("serial", "different_because")}
    response = client.post(REGISTER, encoded(typed(world) | filled), FORM)
    assert response.status_code == 302, response.context["form"].errors
    customer = Customer.objects.latest("pk")
    assert "公司" in customer.name
    assert Contact.objects.filter(customer=customer).exists()
    pages = [
        client.get(response.url),
        client.get(reverse("customers:list")),
        client.get("/"),
        client.get(reverse("customers:owner", args=[customer.pk])),
        client.get(reverse("journal:timeline", args=["customers.customer", customer.pk])),
        client.post(reverse("customers:search"), {"text": script[:20]}, headers={"HX-Request": "true"}),
        client.post(reverse("customers:search"), {"text": script[:20]}, follow=True),
        client.post(REGISTER, encoded(typed(world, name=script)), FORM),  # the duplicate card
    ]
    pages += [
        client.get(reverse("customers:edit_block", args=[customer.pk, block]), headers={"HX-Request": "true"})
        for block in ("identity", "business", "interaction")
    ]
    for page in pages:
        assert page.status_code == 200
        text = page.text
        for raw in ("<script>alert", "<img src=x", "' onmouseover='alert", "49公司"):
            assert raw not in text
        assert 'href="javascript' not in text


@pytest.mark.parametrize(
    ("block", "field"),
    [("identity", "name"), ("identity", "address"), ("identity", "contacts-0-name"), ("business", "needs"),
     ("interaction", "preferences"), ("interaction", "remarks")],
)  # fmt: skip
def test_the_same_holds_for_editing(block, field, world, sign_in):
    client = sign_in(world.accountant)
    address = reverse("customers:edit_block", args=[world.ours.pk, block])
    contact = world.ours.contacts.get()
    for text in [*STRANGE, *SCRIPTS, MEGABYTE]:
        world.ours.refresh_from_db()
        data = {
            "version": world.ours.version, "name": world.ours.name, "kind": "company", "source": "walk_in",
            "address": "中山路 1 号", "country": "CN", "reason": "核对",
            "contacts-TOTAL_FORMS": "1", "contacts-INITIAL_FORMS": "1", "contacts-0-pk": contact.pk,
            "contacts-0-name": "李娜", "contacts-0-phones": "13910020001",
        }  # fmt: skip
        response = client.post(address, encoded(data | {field: text}), FORM, headers={"HX-Request": "true"})
        assert response.status_code == 200, text[:20]
        assert "<script>alert" not in response.text
    world.ours.refresh_from_db()
    assert len(world.ours.name) <= 120
    assert not Need.objects.filter(text__contains="\ufffe").exists()


@pytest.mark.parametrize(
    "changes",
    [{"version": "x"}, {"version": "\x00"}, {"version": "9" * 30}, {"contacts-0-pk": "9" * 30}, {"contacts-0-pk": "-1"},
     {"contacts-TOTAL_FORMS": "x"}, {"contacts-TOTAL_FORMS": "100000"}, {"contacts-INITIAL_FORMS": "9"},
     {"district": "\x00"}],
)  # fmt: skip
def test_forged_hidden_fields_change_nothing(changes, world, sign_in):
    address = reverse("customers:edit_block", args=[world.ours.pk, "identity"])
    data = {"version": 1, "reason": "更名", "name": "改名有限公司", "kind": "company", "country": "CN",
            "contacts-TOTAL_FORMS": "1", "contacts-INITIAL_FORMS": "1",
            "contacts-0-pk": world.ours.contacts.get().pk, "contacts-0-name": "李娜",
            "contacts-0-phones": "13910020001"}  # fmt: skip
    response = sign_in(world.accountant).post(address, encoded(data | changes), FORM)
    assert response.status_code in (200, 302)
    world.ours.refresh_from_db()
    assert [contact.name for contact in world.ours.contacts.all()] == ["李娜"]
    assert world.theirs.contacts.count() == 1


@pytest.mark.clause("SEC-01")
def test_ids_of_other_records_and_columns_that_are_no_field_are_ignored(world, sign_in):
    """Mass assignment and foreign ids in the body: the branch, the owner, the tier, another customer's contact."""
    address = reverse("customers:edit_block", args=[world.ours.pk, "identity"])
    theirs = world.theirs.contacts.get()
    data = {"version": 1, "reason": "x", "name": world.ours.name, "kind": "company", "country": "CN",
            "branch": world.west.pk,
            "owner": world.stranger.pk, "tier": "strategic", "stage": "active", "created_by": world.stranger.pk,
            "contacts-TOTAL_FORMS": "1", "contacts-INITIAL_FORMS": "1", "contacts-0-pk": theirs.pk,
            "contacts-0-name": "被偷", "contacts-0-phones": "13811112222"}  # fmt: skip
    client = sign_in(world.accountant)
    client.post(address, data)
    client.post(address, data | {"contacts-0-pk": world.ours.contacts.get().pk})
    world.ours.refresh_from_db()
    theirs.refresh_from_db()
    assert (world.ours.branch, world.ours.owner, world.ours.tier) == (world.east, world.owner, "normal")
    assert (world.ours.stage, world.ours.created_by) == ("prospect", world.accountant)
    assert (theirs.name, theirs.customer) == ("李娜", world.theirs)


@pytest.mark.parametrize("pk", ["0", "9" * 30, "-1", "%00", "1%00", "x", "１"])
def test_a_record_number_that_is_none_is_not_found(pk, world, sign_in):
    client = sign_in(world.people["executive"])
    for tail in ("", "identity/", "identity/edit/", "owner/"):
        assert client.get(f"/customers/{pk}/{tail}").status_code in (403, 404)
