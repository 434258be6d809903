"""Proposed changes: who proposes, who decides, what becomes of it, and that nobody learns a phone by it."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.actions import ArchivedRecord, ContactEntry, DuplicatesFound, StaleEdit, edit, entries_of
from customers.archiving import archive
from customers.models import Customer, Industry, ProposedChange
from customers.proposals import AlreadyDecided, NothingProposed, OwnProposal, accept, decline, propose
from customers.values import phones
from journal.models import Notification
from staff.models import Position
from staff.verbs import PositionCode
from tests.customers.test_record_page import identity
from tests.world import LONG_AGO

HTMX = {"HX-Request": "true"}
WORKLIST = reverse("customers:proposals")
pytestmark = pytest.mark.clause("SEC-04", "REC-19")


def offer(world, customer=None, *, by=None, **arguments):
    arguments = {"fields": {"address": "新地址 8 号"}, "why": "客户来电说搬了"} | arguments
    return propose(customer or world.ours, by=by or world.clerk, at=timezone.now(), **arguments)


def take(world, proposal, *, by=None, **arguments):
    version = Customer.objects.get(pk=proposal.customer_id).version
    return accept(proposal, **{"version": version, "by": by or world.accountant, "at": timezone.now()} | arguments)


def propose_url(customer, block="identity"):
    return reverse("customers:propose_block", args=[customer.pk, block])


def page_of(proposal):
    return reverse("customers:proposal", args=[proposal.pk])


def told(kind):
    return {notification.person for notification in Notification.objects.filter(kind=kind)}


def test_a_proposal_holds_what_differs_and_changes_nothing(world):
    industry = Industry.objects.first()
    proposal = offer(world, fields={"address": "新地址", "name": world.ours.name, "industry": industry})
    assert proposal.before == {"fields": {"address": world.ours.address, "industry": None}}
    assert proposal.after == {"fields": {"address": "新地址", "industry": industry.pk}}
    assert Customer.objects.get(pk=world.ours.pk).version == 1


def test_owner_and_accountant_are_told_and_managers_where_nobody_is_in_charge(world):
    offer(world)
    assert told("customers.proposed") == {world.owner, world.accountant}
    Notification.objects.all().delete()
    offer(world, world.unowned)
    assert told("customers.proposed") == {world.manager, world.accountant}


def test_accepting_changes_the_record_with_its_reason_and_tells_the_proposer(world):
    proposal = take(world, offer(world, fields={"name": "东方红彩印有限公司"}, new_needs=["画册"]), word="谢谢")
    world.ours.refresh_from_db()
    assert (world.ours.name, world.ours.updated_by) == ("东方红彩印有限公司", world.accountant)
    assert [need.text for need in world.ours.needs.all()] == ["画册"]
    context = world.ours.events.order_by("pgh_id").last().pgh_context
    assert context["reason"] == f"客户来电说搬了 · {world.clerk.name}"
    assert (proposal.state, proposal.decided_by) == ("accepted", world.accountant)
    assert told("customers.proposal_accepted") == {world.clerk}


def test_declining_leaves_the_record_and_tells_why(world):
    proposal = decline(offer(world), word="地址已核实", by=world.owner, at=timezone.now())
    assert (proposal.state, Customer.objects.get(pk=world.ours.pk).version) == ("declined", 1)
    assert Notification.objects.get(kind="customers.proposal_declined").params["word"] == "地址已核实"


def test_nobody_decides_on_a_proposal_of_their_own(world, sign_in):
    """The owner proposes through a visit, say; the accountant decides."""
    proposal = offer(world, by=world.owner)
    with pytest.raises(OwnProposal):
        take(world, proposal, by=world.owner)
    client = sign_in(world.owner)
    assert client.post(page_of(proposal), {"version": 1, "accept": "1"}).status_code == 404
    assert client.get(WORKLIST).context["rows"] == []
    assert [row.pk for row in client.get(WORKLIST, {"show": "mine"}).context["rows"]] == [proposal.pk]


def test_each_proposal_is_answered_once(world):
    proposal = offer(world)
    take(world, proposal)
    with pytest.raises(AlreadyDecided):
        decline(proposal, word="不", by=world.owner, at=timezone.now())


def test_what_the_record_says_by_now_is_overtaken(world):
    proposal = offer(world)
    edit(world.ours, version=1, fields={"address": "新地址 8 号"}, by=world.owner, at=timezone.now())
    assert take(world, proposal).state == "overtaken"
    assert Customer.objects.get(pk=world.ours.pk).version == 2
    with pytest.raises(NothingProposed):
        offer(world)


def test_a_stale_answer_saves_nothing_and_shows_the_value_of_now(world, sign_in):
    proposal = offer(world)
    edit(world.ours, version=1, fields={"address": "第三个地址"}, by=world.owner, at=timezone.now())
    with pytest.raises(StaleEdit):
        take(world, proposal, version=1)
    response = sign_in(world.accountant).post(page_of(proposal), {"version": 1, "accept": "1", "word": "我的话"})
    for text in ("第三个地址", "新地址 8 号", "中山路 1 号", "我的话", 'name="version" value="2"'):
        assert text in response.text
    assert ProposedChange.objects.get().state == "pending"


def test_accepting_keeps_what_others_changed_beside_it(world):
    first = entries_of(world.ours)[0]
    changed = ContactEntry(name="李娜娜", role=first.role, phones=first.phones, pk=first.pk)
    newcomer = ContactEntry(name="何静", emails=("he@dfh.cn",))
    proposal = offer(world, fields={}, contacts=[changed, newcomer])
    others = [ContactEntry(name="李娜", role=first.role, title="经理", phones=first.phones, pk=first.pk),
              ContactEntry(name="周明", phones=(phones.read("13722221111"),))]  # fmt: skip
    edit(world.ours, version=1, contacts=others, by=world.owner, at=timezone.now())
    take(world, proposal)
    assert list(world.ours.contacts.values_list("name", "title")) == [("李娜娜", "经理"), ("周明", ""), ("何静", "")]


def test_removing_a_contact_can_be_proposed(world):
    take(world, offer(world, fields={}, contacts=[]))
    assert not world.ours.contacts.exists()


def test_a_look_alike_is_asked_about_at_the_decision(world, sign_in):
    contacts = [*entries_of(world.ours), ContactEntry(name="周明", phones=(phones.read("13910020002"),))]
    proposal = offer(world, fields={}, contacts=contacts)
    with pytest.raises(DuplicatesFound):
        take(world, proposal)
    client = sign_in(world.accountant)
    assert world.unowned.name in client.post(page_of(proposal), {"version": 1, "accept": "1"}).text
    client.post(page_of(proposal), {"version": 1, "accept": "1", "different_because": "夫妻两家店"})
    assert world.ours.ways.count() == 2


def test_only_columns_of_the_blocks_can_be_proposed(world):
    for name in ("owner", "tier", "branch", "archived_at", "version"):
        with pytest.raises(ValueError, match=name):
            offer(world, fields={name: None})


def test_an_archived_record_takes_no_proposal_and_its_open_ones_wait(world):
    offer(world)
    archive(world.ours, version=1, reason="歇业", by=world.manager, at=timezone.now())
    assert not ProposedChange.objects.to_decide(world.accountant).exists()
    with pytest.raises(ArchivedRecord):
        offer(world)


# On the pages


@pytest.mark.parametrize("block", ["identity", "business", "interaction"])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_who_may_not_edit_is_offered_to_propose_in_the_same_form(world, sign_in, block, headers):
    client = sign_in(world.clerk)
    record = client.get(reverse("customers:record", args=[world.ours.pk])).text
    assert propose_url(world.ours, block) in record
    assert reverse("customers:edit_block", args=[world.ours.pk, block]) not in record
    response = client.get(propose_url(world.ours, block), headers=headers)
    assert response.status_code == 200
    assert 'name="reason"' in response.text


def test_a_clerk_proposes_and_the_accountant_accepts_on_the_worklist(world, client):
    client.force_login(world.clerk)
    data = identity(world.ours, address="新地址 8 号", reason="客户说搬了", owner=world.colleague.pk, tier="key")
    assert client.post(propose_url(world.ours), data).status_code == 302
    proposal = ProposedChange.objects.get()
    assert set(proposal.after) == {"fields"}
    assert proposal.after["fields"] == {"address": "新地址 8 号"}

    client.force_login(world.accountant)
    page = client.get(WORKLIST)
    assert page.context["count"] == 1
    assert "新地址 8 号" in page.text
    assert any(item.url == WORKLIST and item.count == "1" for item in page.context["navigation"])
    client.post(page_of(proposal), {"version": 1, "accept": "1"})
    assert Customer.objects.get(pk=world.ours.pk).address == "新地址 8 号"


def test_a_proposal_says_why_and_declining_takes_a_word(world, client):
    client.force_login(world.clerk)
    response = client.post(propose_url(world.ours), identity(world.ours, address="别丢了我"), headers=HTMX)
    assert not ProposedChange.objects.exists()
    assert "别丢了我" in response.text
    proposal = offer(world)
    client.force_login(world.accountant)
    assert client.post(page_of(proposal), {"version": 1, "decline": "1"}).context["form"].errors["word"]
    assert ProposedChange.objects.get().state == "pending"


def test_editors_are_led_to_the_real_form(world, sign_in):
    client = sign_in(world.owner)
    response = client.post(propose_url(world.ours), identity(world.ours, address="新地址", reason="搬了"))
    assert response.headers["Location"] == reverse("customers:edit_block", args=[world.ours.pk, "identity"])
    assert not ProposedChange.objects.exists()


@pytest.mark.clause("SEC-06")
def test_who_sees_phones_masked_neither_learns_nor_destroys_them(world, client):
    inspector = world.people[PositionCode.INSPECTOR]
    client.force_login(inspector)
    page = client.get(propose_url(world.ours)).text
    assert "139****0001" in page
    assert "1391002" not in page.replace(" ", "").replace("-", "")

    masked = {"contacts-0-phones": "139****0001", "contacts-0-name": "李娜娜", "reason": "名字听错了"}
    client.post(propose_url(world.ours), identity(world.ours) | masked)
    proposal = ProposedChange.objects.get()
    assert "1391002" not in client.get(page_of(proposal)).text.replace(" ", "")
    client.force_login(world.owner)
    assert "139 1002 0001" in client.get(page_of(proposal)).text
    take(world, proposal)
    contact = world.ours.contacts.get()
    assert (contact.name, contact.ways.get().value) == ("李娜娜", "+8613910020001")
    history = client.get(reverse("journal:timeline", args=["customers.customer", world.ours.pk])).text
    assert "1391002" not in history.replace(" ", "")


@pytest.mark.clause("SEC-06")
def test_a_masked_number_is_added_to_and_never_invented(world, sign_in):
    client = sign_in(world.people[PositionCode.INSPECTOR])
    for phones_typed in ("138****0001", "137****9999 / 139****0001"):
        data = identity(world.ours) | {"contacts-0-phones": phones_typed, "reason": "x"}
        assert not client.post(propose_url(world.ours), data).context["contacts"].is_valid()
    theirs = world.theirs.contacts.get()
    data = identity(world.ours) | {"contacts-0-pk": theirs.pk, "contacts-0-phones": "139****0003", "reason": "x"}
    assert not client.post(propose_url(world.ours), data).context["contacts"].is_valid()

    data = identity(world.ours) | {"contacts-0-phones": "139****0001 / 13722221111", "reason": "又一个号码"}
    client.post(propose_url(world.ours), data)
    take(world, ProposedChange.objects.get())
    assert set(world.ours.ways.values_list("value", flat=True)) == {"+8613910020001", "+8613722221111"}


@pytest.mark.clause("SEC-01")
def test_another_branchs_proposal_does_not_exist(world, sign_in):
    proposal = offer(world, world.theirs, by=world.people[PositionCode.INSPECTOR])
    client = sign_in(world.accountant)
    assert client.get(page_of(proposal)).status_code == 404
    assert client.post(page_of(proposal), {"version": 1, "accept": "1"}).status_code == 404
    assert client.post(propose_url(world.theirs), {"reason": "x"}, headers=HTMX).status_code == 404
    assert client.get(WORKLIST).context["count"] == 0


@pytest.mark.clause("SEC-01")
def test_a_colleague_who_may_not_edit_does_not_decide(world, sign_in):
    proposal = offer(world)
    client = sign_in(world.people[PositionCode.INSPECTOR])
    assert client.get(page_of(proposal)).status_code == 404
    assert client.post(page_of(proposal), {"version": 1, "accept": "1"}).status_code == 404


@pytest.mark.clause("SEC-05")
def test_history_names_the_position_that_accepted(world, sign_in):
    Position.objects.create(
        person=world.stranger, code=PositionCode.ACCOUNT_MANAGER, branch=world.east, starts_on=LONG_AGO
    )
    Customer.objects.filter(pk=world.ours.pk).update(owner=world.stranger)
    sign_in(world.stranger).post(page_of(offer(world)), {"version": 1, "accept": "1"})
    context = world.ours.events.order_by("pgh_id").last().pgh_context
    assert context["position"] == PositionCode.ACCOUNT_MANAGER


def test_proposals_need_the_token_of_the_session(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.clerk)
    data = identity(world.ours, address="新地址", reason="x")
    for headers in ({}, HTMX):
        assert client.post(propose_url(world.ours), data, headers=headers).status_code == 403
    assert not ProposedChange.objects.exists()


def test_many_proposals_take_as_many_queries_as_few(world, sign_in, django_assert_max_num_queries):
    for number in range(12):
        customer = world.customer(f"批量客户{number}号", phone=f"1372222{number:04}")
        offer(world, customer, contacts=[], new_needs=["样品"])
    client = sign_in(world.accountant)
    with django_assert_max_num_queries(25):
        assert client.get(WORKLIST).context["count"] == 12


def test_what_was_learned_at_other_work_says_which_and_waits_for_the_accountant(world, sign_in):
    """Upper apps propose by the same action: moved, a contact has left. Here a form stands for the visit."""
    world.ours.contacts.update(valid_from=None)
    work, entries = world.ours.registration, entries_of(world.ours)
    moved = offer(world, by=world.colleague, source=work)
    left = offer(world, by=world.colleague, source=work, fields={}, contacts=[])
    assert {(row.source_type, row.source_id) for row in (moved, left)} == {("customers.registrationform", work.pk)}
    page = sign_in(world.accountant).get(WORKLIST)
    assert [card.proposal for card in page.context["cards"]] == [moved, left]
    assert all(card.decidable for card in page.context["cards"])
    take(world, left)
    assert not world.ours.contacts.current().exists()
    assert [contact.name for contact in world.ours.contacts.former()] == [entries[0].name]
