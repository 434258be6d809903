"""Where pieces of a Chinese page meet, nothing stands behind a full-width mark. Source: GEN-01, ux section 6."""

import re

import pytest
import time_machine
from django.urls import reverse

from customers.models import Import
from staff.verbs import PositionCode
from tests.customers.imports import jobs as imports
from tests.customers.purchases import rows as purchases
from tests.customers.test_campaigns import set_up
from tests.customers.test_fair import sheet
from tests.policy.clocktime import at

pytestmark = pytest.mark.clause("GEN-01")
IN_LINE = re.compile(r"</?(?:a|b|strong|em|span|q|time|ins|del|kbd)\b[^>]*>")
OTHER_TAG = re.compile(r"<(?:script|style|svg)\b.*?</(?:script|style|svg)>|<[^>]*>", re.DOTALL)
GAP = re.compile(r"[^\n]{0,12}[：。，、；？！][ \t\n]+[^\s·|][^\n]{0,12}")


def gaps(text):
    """What a reader sees with a gap behind a mark, of the text of a page."""
    blocks = OTHER_TAG.sub("\0", IN_LINE.sub("", text))
    return [found for block in blocks.split("\0") for found in GAP.findall(block)]


def pages_of_imports(world, by):
    for state in ("mapping", "checked", "done", "undone", "cancelled"):
        job = imports.at(state, by=by, record=world.ours, sha256="7" * 64)
        yield reverse("customers:import", args=[job.pk])
        if state == "checked":
            Import.objects.filter(pk=job.pk).update(unknown={}, counts=job.counts | {"rejected": {"branch": 1}})
            yield from (reverse(f"customers:import_{name}", args=[job.pk]) for name in ("rows", "words", "commit"))
    yield reverse("customers:imports")
    yield reverse("customers:import_new")


def look(client, addresses):
    client.cookies["language"] = "zh-hans"
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert (address, gaps(answer.text)) == (address, [])


def test_gaps_are_seen():
    assert gaps("<b>已录入：</b> <a>新客户</a>")
    assert gaps("<p>已锁账。\n  2026-11 将锁账</p>")
    assert not gaps("<p>已锁账。</p> <p>2026-11</p><b>已录入：</b><a>新客户 5</a>")


def test_pages_of_imports(world, sign_in, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    by = world.administrator
    imports.at("done", by=by, record=world.ours, sha256="7" * 64)  # the same file
    look(sign_in(by), pages_of_imports(world, by))


@time_machine.travel(at(purchases.NOW), tick=False)
def test_pages_of_purchases(world, sign_in):
    purchases.go_live(world)
    row = purchases.locked(world)
    purchases.locked(world, product="画册")
    first = purchases.ask(row, world)
    purchases.decide(first, world.manager)
    second = purchases.ask(row, world, "70.00")
    names = [("purchases", []), ("purchase_new", []), ("purchase", [row.pk]), ("purchase_correct", [row.pk])]
    names += [("correction", [asked.pk]) for asked in (first, second)]
    client = sign_in(world.accountant)
    look(client, [reverse(f"customers:{name}", args=args) for name, args in names])
    look(client, [f"{reverse('customers:purchases')}?customer={world.ours.pk}"])


def test_pages_of_fairs(world, sign_in):
    campaign = set_up(world)
    client = sign_in(world.people[PositionCode.INSPECTOR])
    address = reverse("customers:fair_cards", args=[campaign.pk])
    look(client, [address, reverse("customers:campaigns"), reverse("customers:campaign", args=[campaign.pk])])
    cards = ({"name": "海天纸业有限公司", "phones": "13811112222"}, {"name": "北山", "phones": "1"})
    rows = sheet(*cards, unit=world.east.pk)
    assert gaps(client.post(address, rows, follow=True).text) == []
