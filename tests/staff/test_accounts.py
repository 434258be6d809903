"""Disabling, enabling, one-time links. Source: SEC-02."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from staff import actions
from staff.models import Person
from staff.models.people import LINK_ISSUED
from staff.verbs import PositionCode
from tests.world import PASSWORD, hire


def address(name, person):
    return reverse(f"staff:person_{name}", args=[person.pk])


def said(response):
    return " ".join(str(message) for message in response.context["messages"])


@pytest.mark.clause("SEC-02")
def test_disabling_ends_sessions_at_once_and_for_good(world, office):
    theirs = Client()
    theirs.force_login(world.stranger)
    assert theirs.get("/").status_code == 200
    office.post(address("disable", world.stranger))
    assert theirs.get("/").status_code == 302
    office.post(address("enable", world.stranger))
    assert theirs.get("/").status_code == 302


@pytest.mark.clause("SEC-02")
def test_a_disabled_person_cannot_sign_in_and_the_old_password_never_comes_back(world, office):
    office.post(address("disable", world.stranger))
    assert authenticate(username="W001", password=PASSWORD) is None
    office.post(address("enable", world.stranger))
    assert authenticate(username="W001", password=PASSWORD) is None


def test_disabling_names_the_person_and_keeps_positions(world, office):
    response = office.post(address("disable", world.stranger), follow=True)
    assert "The account of 西湖会计 is disabled." in said(response)
    assert world.stranger.positions.count() == 1


def test_disabling_twice_keeps_the_first_time(world, office):
    first, later = timezone.now(), timezone.now() + timedelta(hours=1)
    actions.disable_person(world.stranger, by=world.administrator, at=first)
    actions.disable_person(world.stranger, by=world.administrator, at=later)
    assert Person.objects.get(pk=world.stranger.pk).disabled_at == first


def test_nobody_disables_the_own_account(world, office):
    hire("A002", "另一个管理员", PositionCode.ADMINISTRATOR)
    response = office.post(address("disable", world.administrator), follow=True)
    assert "You cannot disable your own account" in said(response)
    assert Person.objects.get(pk=world.administrator.pk).is_active
    assert address("disable", world.administrator) not in response.content.decode()


def test_the_last_administrator_who_can_sign_in_stays(world):
    second = hire("A002", "另一个管理员", PositionCode.ADMINISTRATOR)
    actions.disable_person(world.administrator, by=second, at=timezone.now())
    with pytest.raises(ValidationError):
        actions.disable_person(second, by=world.administrator, at=timezone.now())
    assert Person.objects.get(pk=second.pk).is_active


@pytest.mark.parametrize("flaw", ["no password", "ends", "begins later", "disabled"])
def test_an_administrator_who_cannot_take_over_does_not_count(world, flaw):
    today = timezone.localdate()
    second = hire(
        "A002", "另一个管理员", PositionCode.ADMINISTRATOR,
        since=today + timedelta(days=2) if flaw == "begins later" else today,
        until=today + timedelta(days=30) if flaw == "ends" else None,
        disabled_at=timezone.now() if flaw == "disabled" else None,
    )  # fmt: skip
    if flaw == "no password":
        second.set_unusable_password()
        second.save()
    with pytest.raises(ValidationError):
        actions.disable_person(world.administrator, by=world.manager, at=timezone.now())


def test_enabling_gives_a_link(world, office):
    response = office.post(address("enable", world.disabled), follow=True)
    assert response.redirect_chain[-1][0] == address("link", world.disabled)
    assert Person.objects.get(pk=world.disabled.pk).is_active


def test_enabling_an_active_account_changes_nothing(world, office):
    response = office.post(address("enable", world.stranger))
    assert response.url == reverse("staff:person", args=[world.stranger.pk])
    assert authenticate(username="W001", password=PASSWORD) == world.stranger


def one_time_link(office, person):
    page = office.post(address("new_link", person), follow=True)
    return re.search(r'value="http://testserver(/welcome/[^"]+)"', page.content.decode())[1]


@pytest.mark.clause("SEC-02")
def test_the_link_sets_the_password_once(world, office):
    link = one_time_link(office, world.stranger)
    theirs, password = Client(), "a new long word 7"
    response = theirs.post(link, {"new_password1": password, "new_password2": password})
    assert response.status_code == 302
    assert authenticate(username="W001", password=password) == world.stranger
    assert Client().get(link).status_code == 410


def test_the_old_password_works_until_the_link_is_used(world, office):
    one_time_link(office, world.stranger)
    assert authenticate(username="W001", password=PASSWORD) == world.stranger


def test_a_link_dies_with_the_account(world, office):
    link = one_time_link(office, world.stranger)
    office.post(address("disable", world.stranger))
    assert Client().get(link).status_code == 410
    office.post(address("enable", world.stranger))
    assert Client().get(link).status_code == 410


def test_there_is_no_link_to_a_disabled_account(world, office):
    response = office.post(address("new_link", world.disabled), follow=True)
    assert "is disabled" in said(response)
    assert office.get(address("link", world.disabled)).status_code == 404


def test_a_link_is_shown_only_to_whom_it_was_made_for(world, office):
    """Opening the address makes no link: making one is a deed that history records."""
    response = office.get(address("link", world.stranger), follow=True)
    assert response.redirect_chain[-1][0] == reverse("staff:person", args=[world.stranger.pk])
    one_time_link(office, world.owner)
    assert office.get(address("link", world.stranger)).status_code == 302
    assert office.get(address("link", world.owner)).status_code == 200


@pytest.mark.clause("SEC-05")
def test_history_says_who_made_a_link(world, office):
    one_time_link(office, world.stranger)
    event = Person.pgh_event_model.objects.filter(pgh_obj=world.stranger.pk).latest("pgh_id")
    assert (event.pgh_label, event.pgh_context["person"]) == (LINK_ISSUED, world.administrator.pk)
