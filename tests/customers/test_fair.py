"""Cards of a fair: matched as typed, an existing customer filled up and not doubled, nobody twice. Source: REC-11."""

import threading
import uuid

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from customers import archiving, fair
from customers.actions import ContactEntry
from customers.duplicates import find, find_many
from customers.models import CampaignEntry, Customer, CustomerGrant, Draft, DuplicateVerdict, Source, Stage
from customers.models import RegistrationForm as Registered
from customers.values import phones
from journal.models import AccessLog
from staff.verbs import PositionCode
from tests.customers.test_campaigns import set_up

pytestmark = pytest.mark.clause("REC-11")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def campaign(world):
    return set_up(world)


@pytest.fixture
def inspector(world):
    return world.people[PositionCode.INSPECTOR]


def card(world, row, name, contact="", phone="", *, branch=None, title="", email="", **more):
    entry = ContactEntry(
        name=contact, title=title, phones=(phones.read(phone),) if phone else (), emails=(email,) if email else ()
    )
    return fair.Card(row, name, entry, branch or world.east, **more)


def enter(campaign, by, *cards, submission=None):
    submission = submission or uuid.uuid4()
    return fair.enter_cards(campaign, cards=list(cards), submission=submission, by=by, at=timezone.now())


def outcomes(lines):
    return [line.outcome.value for line in lines]


def sheet(*rows, **head):
    """What the browser sends of the grid."""
    data = {
        "submission": str(uuid.uuid4()),
        "unit": "",
        "cards-TOTAL_FORMS": str(len(rows)),
        "cards-INITIAL_FORMS": "0",
    }
    for number, row in enumerate(rows):
        data |= {f"cards-{number}-{name}": value for name, value in row.items()}
    return data | head


# Entering


def test_a_new_one_becomes_a_lead_of_the_unit_in_nobodys_charge(world, campaign, inspector):
    lines, refused = enter(
        campaign, inspector, card(world, 0, "海天纸业有限公司", "王芳", "13811112222", need="画册", remark="展位 B2")
    )
    made = Customer.objects.get(name="海天纸业有限公司")
    assert (outcomes(lines), refused) == (["new"], {})
    assert (made.stage, made.source, made.owner, made.branch) == (Stage.LEAD, Source.EXHIBITION, None, world.east)
    assert (made.contacts.get().name, made.needs.get().text) == ("王芳", "画册")
    assert {key.kind for key in made.match_keys.all()} >= {"phone", "name"}
    entry = CampaignEntry.objects.get(customer=made)
    assert (entry.was_new, entry.remark, entry.entered_by) == (True, "展位 B2", inspector)
    assert "138" not in entry.card_text
    assert not Registered.objects.filter(customer=made).exists()  # there is no form LC 16.06.302.01 of it
    assert made.missing != []


def test_an_existing_one_is_filled_up_and_not_entered_twice(world, campaign, inspector):
    before = Customer.objects.count()
    lines, _refused = enter(
        campaign, inspector,
        card(world, 0, "东方红印务", "李娜", "13910020001", title="采购", email="li@example.com", need="名片"),
    )  # fmt: skip
    contact = world.ours.contacts.get()
    assert (outcomes(lines), Customer.objects.count()) == (["updated"], before)
    assert (contact.title, [way.value for way in contact.ways.all()][-1]) == ("采购", "li@example.com")
    assert world.ours.needs.get().text == "名片"
    world.ours.refresh_from_db()
    assert (world.ours.name, world.ours.updated_by, world.ours.stage) == ("东方红印务有限公司", inspector, "prospect")
    assert lines[0].kept == (("name", "东方红印务有限公司", "东方红印务"),)
    assert CampaignEntry.objects.get().was_new is False


def test_what_the_record_says_otherwise_stays_and_is_told(world, campaign, inspector):
    enter(campaign, inspector, card(world, 0, world.ours.name, "李娜", "13910020001", title="经理", remark="一"))
    lines, _refused = enter(
        campaign, inspector, card(world, 0, world.ours.name, "李娜", "13910020001", title="主任", remark="二")
    )
    assert outcomes(lines) == ["known"]
    assert {*lines[0].kept} == {("title", "经理", "主任"), ("remark", "一", "二")}
    assert world.ours.contacts.get().title == "经理"


def test_a_further_person_becomes_a_further_contact_and_a_number_stays_with_whom_it_is(world, campaign, inspector):
    lines, _refused = enter(
        campaign, inspector,
        card(world, 0, world.ours.name, "张强", "13910020001"), card(world, 1, world.ours.name, "赵敏", "13522223333"),
    )  # fmt: skip
    people = {c.name: [way.value for way in c.ways.all()] for c in world.ours.contacts.current()}
    assert people == {"李娜": ["+8613910020001"], "张强": [], "赵敏": ["+8613522223333"]}
    assert [what for what, *_values in lines[0].kept] == ["phone"]
    assert "139****0001" in lines[0].kept[0]


def test_a_nameless_contact_gets_the_name_of_the_card(world, campaign, inspector):
    world.ours.contacts.update(name="")
    enter(campaign, inspector, card(world, 0, world.ours.name, "李娜", "13910020001"))
    assert [contact.name for contact in world.ours.contacts.all()] == ["李娜"]


def test_the_same_row_twice_is_one_customer(world, campaign, inspector):
    lines, refused = enter(
        campaign, inspector,
        card(world, 0, "海天纸业有限公司", "王芳", "13811112222"),
        card(world, 1, "海天纸业有限公司", "王芳", "13811112222", email="wang@example.com"),
        card(world, 2, "海天纸业", "", "13811112222"),
    )  # fmt: skip
    assert (outcomes(lines), refused) == (["new", "updated", "known"], {})
    assert len({line.customer_id for line in lines}) == 1
    assert CampaignEntry.objects.count() == 1


def test_a_repeated_row_waits_for_the_row_that_it_repeats(world, campaign, inspector):
    lines, refused = enter(
        campaign,
        inspector,
        card(world, 0, "海天纸业有限公司"),
        card(world, 1, "海天纸业有限公司", "王芳", "13811112222"),
    )
    assert (lines, {row: field for row, (field, _sentence) in refused.items()}) == ([], {0: "phones", 1: "name"})


@pytest.mark.clause("REC-18")
def test_who_only_may_be_the_same_is_asked_about(world, campaign, inspector):
    asked = card(world, 0, "南山木业有限公司", "李娜", "13910020001")
    lines, refused = enter(campaign, inspector, asked)
    assert (lines, refused[0][0]) == ([], "same")
    other = card(world, 0, "南山木业有限公司", "李娜", "13910020001", same=fair.OTHER)
    _lines, refused = enter(campaign, inspector, other)
    assert refused[0][0] == "different_because"
    why = card(world, 0, "南山木业有限公司", "李娜", "13910020001", same=fair.OTHER, different_because="同一前台")
    lines, _refused = enter(campaign, inspector, why)
    assert outcomes(lines) == ["new"]
    verdict = DuplicateVerdict.objects.get()
    assert (verdict.reason, verdict.first, verdict.second_id) == ("同一前台", world.ours, lines[0].customer_id)


@pytest.mark.clause("REC-18")
def test_who_is_chosen_as_the_same_is_filled_up(world, campaign, inspector):
    same = str(world.ours.pk)
    lines, _refused = enter(
        campaign, inspector, card(world, 0, "南山木业有限公司", "周平", "13910020001", same=same, need="展架")
    )
    assert (outcomes(lines), lines[0].customer_id) == (["updated"], world.ours.pk)
    assert lines[0].kept[0][0] == "name"


@pytest.mark.clause("SEC-06")
def test_only_a_match_can_be_chosen(world, campaign, inspector):
    lines, refused = enter(
        campaign, inspector, card(world, 0, "海天纸业有限公司", "王芳", "13811112222", same=str(world.theirs.pk))
    )
    assert (lines, refused[0][0]) == ([], "same")
    assert not world.theirs.needs.exists()


def test_the_name_of_another_units_customer_asks_and_its_phone_and_name_are_it(world, campaign, inspector):
    _lines, refused = enter(campaign, inspector, card(world, 0, world.theirs.name, "何伟", "13811113333"))
    assert refused[0][0] == "same"
    lines, _refused = enter(campaign, inspector, card(world, 0, world.theirs.name, "李娜", "13910020003", need="x"))
    assert (outcomes(lines), lines[0].customer_id) == (["updated"], world.theirs.pk)


def test_an_archived_record_is_not_touched(world, campaign, inspector):
    archiving.archive(
        world.ours, version=world.ours.version, reason="停业", by=world.accountant, at=timezone.now()
    )  # fmt: skip
    lines, refused = enter(campaign, inspector, card(world, 0, world.ours.name, "李娜", "13910020001"))
    assert (lines, refused[0][0]) == ([], "same")


def test_a_phone_of_a_third_customer_needs_a_word(world, campaign, inspector):
    chosen = {"same": str(world.ours.pk), "contact": "李娜", "phone": "13910020002"}
    lines, refused = enter(campaign, inspector, card(world, 0, world.ours.name, **chosen))
    assert (lines, refused[0][0]) == ([], "different_because")
    lines, _refused = enter(campaign, inspector, card(world, 0, world.ours.name, **chosen, different_because="共用"))
    assert outcomes(lines) == ["updated"]


def test_a_closed_campaign_takes_no_more(world, campaign, inspector, sign_in):
    client = sign_in(world.people[PositionCode.MARKETING])
    client.post(reverse("customers:campaign_close", args=[campaign.pk]))
    with pytest.raises(fair.CampaignClosed):
        enter(campaign, inspector, card(world, 0, "海天纸业有限公司", "王芳", "13811112222"))
    answer = sign_in(inspector).get(reverse("customers:fair_cards", args=[campaign.pk]))
    assert answer.url == reverse("customers:campaign", args=[campaign.pk])


@pytest.mark.clause("SEC-01")
def test_leads_are_open_to_who_set_the_campaign_up(world, campaign, inspector):
    enter(
        campaign, inspector,
        card(world, 0, "海天纸业有限公司", "王芳", "13811112222"),
        card(world, 1, world.ours.name, "李娜", "13910020001"),
    )  # fmt: skip
    marketing = world.people[PositionCode.MARKETING]
    assert [customer.name for customer in Customer.objects.visible_to(marketing)] == ["海天纸业有限公司"]
    assert CustomerGrant.objects.count() == 1


# Nobody twice


def test_the_same_sheet_again_enters_nobody_twice_even_with_a_word(world, campaign, inspector):
    again = uuid.uuid4()
    why = card(world, 0, "南山木业有限公司", "李娜", "13910020001", same=fair.OTHER, different_because="同一前台")
    first, _refused = enter(campaign, inspector, why, submission=again)
    second, _refused = enter(campaign, inspector, why, submission=again)
    assert first == second
    assert Customer.objects.filter(name="南山木业有限公司").count() == 1


def test_two_people_at_once_enter_one(live_world):
    world = live_world
    campaign, lines = set_up(world), []
    ready = threading.Barrier(2)

    def save(person):
        ready.wait()
        entered, _refused = enter(campaign, person, card(world, 0, "海天纸业有限公司", "王芳", "13811112222"))
        lines.extend(entered)
        connection.close()

    people = (world.people[PositionCode.INSPECTOR], world.people[PositionCode.SERVICE_HEAD])
    threads = [threading.Thread(target=save, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes(lines)) == ["known", "new"]
    assert Customer.objects.filter(name="海天纸业有限公司").count() == 1


def test_pressed_twice_the_page_tells_the_same(world, campaign, inspector, sign_in):
    client, address = sign_in(inspector), reverse("customers:fair_cards", args=[campaign.pk])
    row = {"name": world.ours.name, "contact": "李娜", "phones": "13910020001", "need": "名片"}
    data = sheet(row, {"name": "海天纸业有限公司", "phones": "13811112222"}, unit=world.east.pk)
    answers = [client.post(address, data) for _again in range(2)]
    assert answers[0].url == answers[1].url
    page = client.get(answers[1].url)
    assert page.context["head"]["unit"].value() == world.east.pk, "the next sheet is for the same unit"
    assert [number for _label, number, _address in page.context["entered"]] == [1, 1, 0]
    shown = client.get(page.context["entered"][0][2])
    assert [line["name"] for line in shown.context["rows"]] == ["海天纸业有限公司"]
    cache.clear()
    assert client.get(page.context["entered"][0][2]).context["known"] is False


# The page


def test_rows_that_cannot_be_entered_stay_with_a_sentence(world, campaign, inspector, sign_in):
    client = sign_in(inspector)
    page = client.post(
        reverse("customers:fair_cards", args=[campaign.pk]),
        sheet(
            {"name": "海天纸业有限公司", "phones": "1381111222", "unit": "west"},
            {"name": "北山纸业有限公司", "phones": "13811113333", "unit": "西湖分店"},
            {"name": "测试", "phones": "13811114444"},
            {"name": "", "contact": ""},
            {"name": "远山纸业有限公司", "phones": "13811115555", "unit": "没有的店"},
        ),
    )
    assert Customer.objects.get(name="北山纸业有限公司").branch == world.west
    rows = page.context["formset"].forms
    assert [{*form.errors} for form in rows[:3]] == [{"phones"}, {"name", "unit"}, {"unit"}]
    assert rows[0]["name"].value() == "海天纸业有限公司"
    assert [number for _label, number, _address in page.context["entered"]] == [1, 0, 0]
    assert page.context["waiting"] == 3
    kept = Draft.objects.get()
    assert str(kept.key) == page.context["head"]["submission"].value()
    assert Customer.objects.filter(name="海天纸业有限公司").count() == 0


def test_without_a_unit_a_row_asks_for_one(world, campaign, inspector, sign_in):
    page = sign_in(inspector).post(
        reverse("customers:fair_cards", args=[campaign.pk]),
        sheet({"name": "海天纸业有限公司", "phones": "13811112222"}),
    )
    assert {*page.context["formset"].forms[0].errors} == {"unit"}


def check(client, campaign, data, rows):
    return client.post(reverse("customers:fair_check", args=[campaign.pk]), data | {"rows": rows}, headers=HTMX)


@pytest.mark.clause("REC-18")
def test_a_row_is_matched_as_typed(world, campaign, inspector, sign_in):
    data = sheet(
        {"name": world.ours.name, "phones": "13910020001"},
        {"name": "海天纸业有限公司", "phones": "13811112222"},
        {"name": "南山木业有限公司", "phones": "13910020001"},
        {"name": "海天纸业", "phones": "13811112222"},
        {"name": "远山纸业有限公司", "phones": "1381111"},
        unit=world.east.pk,
    )
    answer = check(sign_in(inspector), campaign, data, "0,1,2,3,4")
    forms = [form for _row, form in answer.context["rows"]]
    assert [form.placed and form.placed.state.value for form in forms] == ["known", "new", "asks", "repeated", None]
    assert f"/customers/{world.ours.pk}/" in answer.text
    assert 'data-cell-error="phones"' in answer.text
    assert Customer.objects.count() == 3
    only = check(sign_in(inspector), campaign, data, "2,77,x")
    assert [row for row, _form in only.context["rows"]] == [2]


@pytest.mark.clause("SEC-06")
def test_who_cannot_see_a_customer_gets_name_unit_and_owner_and_it_is_logged(
    world, campaign, inspector, sign_in, monkeypatch
):
    monkeypatch.setattr(
        "customers.models.customer.CustomerQuerySet.visible_to", lambda self, person, **_verb: self.none()
    )
    data = sheet({"name": world.theirs.name, "phones": "13910020003"}, unit=world.east.pk)
    answer = check(sign_in(inspector), campaign, data, "0")
    assert world.theirs.name in answer.text
    assert f"/customers/{world.theirs.pk}/" not in answer.text
    assert AccessLog.objects.filter(action=AccessLog.Action.MASKED_MATCH).count() == 1


@pytest.mark.clause("REC-18")
def test_many_are_matched_as_one_by_one_and_in_few_queries(world, inspector):
    names = ["东方红印务", "东方红印刷有限公司", "西泠图文有限公司", "天光广告", "海天纸业有限公司", "啊啊啊啊啊", "东"]
    drafts = [
        card(world, row, name, "李娜", phone).draft()
        for row, (name, phone) in enumerate(zip(names, ["13910020001", "", "", "13910020003", "", "", ""], strict=True))
    ]
    one_by_one = [find(draft, person=inspector) for draft in drafts]
    assert find_many(drafts, person=inspector) == one_by_one
    assert any(one_by_one)
    with CaptureQueriesContext(connection) as asked:
        find_many(drafts * 15, person=inspector)
    assert len(asked) <= 8


def test_a_hundred_rows_are_checked_in_few_queries(world, campaign, inspector, sign_in):
    client = sign_in(inspector)
    rows = [{"name": f"第{n}号纸业有限公司", "phones": f"138111{n:05}", "contact": "王芳"} for n in range(100)]
    data = sheet(*rows, unit=world.east.pk)
    with CaptureQueriesContext(connection) as few:
        check(client, campaign, data, "0")
    with CaptureQueriesContext(connection) as many:
        answer = check(client, campaign, data, ",".join(map(str, range(100))))
    assert len(answer.context["rows"]) == 100
    assert len(many) <= len(few) + 6


# Nothing typed is lost


def test_the_draft_is_kept_offered_and_gone_when_entered(world, campaign, inspector, sign_in):
    client, address = sign_in(inspector), reverse("customers:fair_cards", args=[campaign.pk])
    keep, data = (
        reverse("customers:fair_draft", args=[campaign.pk]),
        sheet({"name": "海天纸业有限公司", "phones": "13811112222"}, unit=world.east.pk),
    )
    assert client.post(keep, data, headers=HTMX).status_code == 200
    draft = client.get(address).context["draft"]
    assert "海天" not in client.get(address).text
    assert "海天纸业有限公司" in client.get(address, {"draft": draft.key}).text
    assert sign_in(world.people[PositionCode.SERVICE_HEAD]).get(address).context["draft"] is None
    client = sign_in(inspector)
    client.post(address, data)
    assert not Draft.objects.exists()
    assert client.post(keep, data, headers=HTMX).status_code == 204  # one that was still under way
    assert not Draft.objects.exists()


def test_a_hundred_rows_of_chinese_have_a_draft(world, campaign, inspector, sign_in):
    row = {"name": "华" * 30, "contact": "王芳", "need": "画册" * 20, "remark": "展后回电" * 10}
    sign_in(inspector).post(reverse("customers:fair_draft", args=[campaign.pk]), sheet(*[row] * 100), headers=HTMX)
    assert Draft.objects.count() == 1


def test_the_end_of_the_session_keeps_the_rows(world, campaign, inspector, client):
    address = reverse("customers:fair_cards", args=[campaign.pk])
    data = sheet({"name": "海天纸业有限公司"}, typed_by=inspector.pk, typed_on=address)
    client.post(address, data)
    client.force_login(inspector)
    assert "海天纸业有限公司" in client.get(address).text
