"""The clauses as data, and the side sheet behind each chip."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from policy.models import Clause
from policy.templatetags import clauses

FILE = json.loads((Path(settings.BASE_DIR) / "policy/data/clauses.json").read_text(encoding="utf-8"))


def sheet(client, pk, **options):
    return client.get(reverse("policy:clause", args=[pk]), **options)


def test_every_clause_of_the_file_is_loaded_in_its_order(db):
    assert list(Clause.objects.values_list("pk", flat=True)) == [clause["id"] for clause in FILE]
    assert list(Clause.objects.values_list("number", flat=True)) == list(range(1, len(FILE) + 1))


def test_every_clause_says_everything_in_both_languages(db):
    for clause in Clause.objects.all():
        for language in ("zh-hans", "en"):
            with translation.override(language):
                assert clause.chip, clause.pk
                assert clause.title, clause.pk
                assert len(clause.text) > 20, clause.pk


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_side_sheet_opens_in_the_readers_language(language, world, sign_in):
    client = sign_in(world.clerk)
    client.cookies["language"] = language
    said = language[:2]
    for clause in FILE:
        text = sheet(client, clause["id"], headers={"HX-Request": "true"}).text
        for wanted in (clause["id"], clause[f"title_{said}"], clause[f"text_{said}"]):
            assert escape(wanted) in text, clause["id"]
        assert "<html" not in text


def test_chinese_comes_first_and_a_sheet_opened_by_address_is_a_page(world, sign_in):
    text = sheet(sign_in(world.nobody), "SEC-01", headers={"Accept-Language": "en"}).text
    clause = Clause.objects.get(pk="SEC-01")
    assert f"<title>SEC-01 · {clause.title_zh}" in text
    assert clause.title_en not in text
    assert clause.text_zh in text
    assert f"<h1>SEC-01 · {clause.title_zh}</h1>" in text
    assert text.count(clause.title_zh) == 2, "in the title and as the one heading"


@pytest.mark.parametrize("pk", ["SEC-99", "sec-01", "x" * 200, "%00", "SEC-01%00", "%ED%A0%80", "<script>"])
def test_an_unknown_clause_is_not_found(pk, world, sign_in):
    assert sign_in(world.clerk).get(f"/policy/clauses/{pk}/").status_code == 404


def test_a_sheet_is_for_the_signed_in(client, db):
    response = sheet(client, "SEC-01", headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"].startswith(reverse("sign_in"))
    assert not response.text


@pytest.mark.parametrize(("language", "chip"), [("zh-hans", "chip_zh"), ("en", "chip_en")])
def test_the_chip_says_the_duty_and_opens_the_sheet(language, chip, db):
    with translation.override(language):
        page = Template("{% load clauses %}{% clause 'REC-05' %}").render(
            Context({"request": RequestFactory().get("/")})
        )
    assert escape(getattr(Clause.objects.get(pk="REC-05"), chip)) in page
    assert reverse("policy:clause", args=["REC-05"]) in page


def test_many_chips_on_a_page_cost_one_query_and_later_pages_none(db, django_assert_num_queries):
    template = Template("{% load clauses %}{% clause 'REC-05' %}{% clause 'SEC-05' %}{% clause 'REC-17' %}")
    clauses._kept.clear()
    pages = set()
    for language in ("zh-hans", "en"):
        with translation.override(language):
            with django_assert_num_queries(1):
                template.render(Context())
            with django_assert_num_queries(0):
                pages.add(template.render(Context()))
    assert len(pages) == 2, "each in its language"
