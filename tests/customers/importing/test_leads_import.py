"""Leads of a campaign from a spreadsheet. Source: REC-15 ("Kinds"), REC-11."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from customers.forms.imports import WordsForm
from customers.models import Campaign, CampaignEntry, Customer, CustomerGrant, Import, Source
from staff.verbs import PositionCode

from . import steps

pytestmark = [pytest.mark.django_db, pytest.mark.clause("REC-15", "REC-11")]


@pytest.fixture
def path(tmp_path):
    return steps.file_of(
        tmp_path,
        {"客户名称": "远山广告有限公司", "联系电话": "13910246801", "分店": "东城分店"},
        {"客户名称": "远山广告公司", "联系电话": "13910246802", "分店": "东城分店"},
        {"客户名称": "东方红印务有限公司", "联系电话": "13910020001", "分店": "东城分店"},
    )


def leads(path, by, campaign):
    return steps.checked(path, by, kind=Import.Kind.LEADS, campaign=campaign)


def test_leads_become_members_of_a_campaign_that_is_made_with_them(world, by, path):
    job = leads(path, by, "春季广告")
    assert not Campaign.objects.exists()
    job = steps.commit(job, by)
    campaign = Campaign.objects.get(name="春季广告")
    new = Customer.objects.get(name="远山广告有限公司")
    assert (new.stage, new.source, job.campaign) == ("lead", "campaign", campaign)
    assert world.ours.stage == Customer.objects.get(pk=world.ours.pk).stage == "prospect"
    members = dict(CampaignEntry.objects.filter(campaign=campaign).values_list("customer", "was_new"))
    assert members == {new.pk: True, world.ours.pk: False}
    again = steps.commit(leads(path, by, "春季广告"), by)
    assert (again.counts["new"], CampaignEntry.objects.count()) == (0, 2)
    assert (job.counts["unchanged"], again.counts["unchanged"]) == (0, 2), "who becomes a member is not unchanged"


def test_undone_the_members_go_and_the_campaign_that_nobody_else_is_in(world, by, path):
    job = steps.undo(steps.commit(leads(path, by, "春季广告"), by), by)
    assert job.counts["undone"] == {"deleted": 1, "restored": 0, "kept": 0}
    assert not any(model.objects.exists() for model in (Campaign, CampaignEntry, CustomerGrant))
    assert Customer.objects.filter(pk=world.ours.pk).exists()


def test_leads_of_a_campaign_that_is_there_are_open_to_whoever_set_it_up(world, by, path):
    marketing = world.people[PositionCode.MARKETING]
    now = timezone.now()
    campaign = Campaign.objects.create(name="秋季展", starts_on=now.date(), created_at=now, created_by=marketing)
    old = CampaignEntry.objects.create(campaign=campaign, customer=world.theirs, entered_at=now, was_new=False)
    job = steps.commit(leads(path, by, "秋季展"), by)
    new = Customer.objects.get(name="远山广告有限公司")
    assert new in Customer.objects.visible_to(marketing)
    steps.undo(job, by)
    assert list(CampaignEntry.objects.all()) == [old]
    assert Campaign.objects.get() == campaign
    assert not Customer.objects.filter(pk=new.pk).exists()


def test_whoever_is_in_another_campaign_since_is_kept(by, path):
    job = steps.commit(leads(path, by, "春季广告"), by)
    now = timezone.now()
    other = Campaign.objects.create(name="秋季展", starts_on=now.date(), created_at=now, created_by=by)
    new = Customer.objects.get(name="远山广告有限公司")
    CampaignEntry.objects.create(campaign=other, customer=new, entered_at=now, was_new=False)
    job = steps.undo(job, by)
    assert Customer.objects.filter(pk=new.pk).exists()
    assert job.counts["undone"]["kept"] == 2


def test_the_shell_asks_for_the_campaign(world, path):
    with pytest.raises(CommandError):
        call_command("import", str(path), kind="leads", stdout=StringIO(), stderr=StringIO())
    call_command("import", str(path), kind="leads", campaign="秋季展", stdout=StringIO(), stderr=StringIO())
    assert CampaignEntry.objects.filter(campaign__name="秋季展", campaign__created_by=None).count() == 2


def test_the_upload_page_asks_for_the_campaign(world, by, path, sign_in):
    client = sign_in(by)
    with path.open("rb") as file:
        page = client.post(reverse("customers:import_new"), {"file": file, "kind": "leads", "campaign": ""})
    assert (page.status_code, "campaign" in page.context["form"].errors) == (200, True)
    with path.open("rb") as file:
        client.post(reverse("customers:import_new"), {"file": file, "kind": "leads", "campaign": "秋季展"})
    assert Import.objects.get().campaign_name == "秋季展"


@pytest.mark.parametrize(("kind", "source"), [("fair", "exhibition"), ("marketing", "campaign")])
def test_leads_that_say_nothing_come_from_where_the_cards_of_their_campaign_do(world, by, path, kind, source):
    now = timezone.now()
    Campaign.objects.create(name="秋季展", kind=kind, starts_on=now.date(), created_at=now, created_by=by)
    job = leads(path, by, "秋季展")
    default = WordsForm(job=job).fields["default-source"]
    assert str(Source(source).label) in default.choices[0][1]
    steps.commit(job, by)
    assert Customer.objects.get(name="远山广告有限公司").source == source
