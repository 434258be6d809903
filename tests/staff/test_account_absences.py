"""Absences and deputies. Source: SEC-02, architecture, "Settled" (absence with deputy)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from journal.actions import notify
from journal.models import Notification
from staff import absences
from staff.models import Absence

TODAY = date(2026, 12, 1)
LIST, NEW = reverse("staff:absences"), reverse("staff:absence_new")


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2026-12-01T09:00+08:00")


def day(number):
    return TODAY + timedelta(days=number)


def enter(person, deputy, start=0, end=3, by=None, **more):
    return absences.enter(
        person, starts_on=day(start), ends_on=day(end), deputy=deputy, by=by or person, on=TODAY, **more
    )


def typed(deputy, start=0, end=3, **more):
    return {"starts_on": day(start), "ends_on": day(end), "deputy": deputy.pk, **more}


@pytest.fixture
def english(sign_in):
    def _english(person):
        client = sign_in(person)
        client.cookies["language"] = "en"
        return client

    return _english


def test_a_person_enters_the_own_absence(world, english):
    client = english(world.owner)
    answer = client.post(NEW, typed(world.colleague, note="holiday"), follow=True)
    absence = Absence.objects.get()
    assert (absence.person, absence.deputy, absence.note) == (world.owner, world.colleague, "holiday")
    assert "was saved" in answer.content.decode()
    assert world.colleague.name in client.get(LIST).content.decode()


def test_who_manages_nobody_enters_nobody_elses(world, english):
    english(world.owner).post(NEW, typed(world.clerk, person=world.colleague.pk))
    assert Absence.objects.get().person == world.owner


def test_a_manager_enters_for_people_of_the_unit_only(world, english):
    client = english(world.manager)
    client.post(NEW, typed(world.owner, person=world.colleague.pk))
    assert Absence.objects.get().person == world.colleague
    assert client.post(NEW, typed(world.owner, person=world.stranger.pk)).status_code == 200
    assert Absence.objects.count() == 1


def test_an_administrator_enters_for_everybody(world, english):
    english(world.administrator).post(NEW, typed(world.west_manager, person=world.stranger.pk))
    assert Absence.objects.get().person == world.stranger


def test_somebody_elses_absence_is_not_there(world, english):
    absence = enter(world.stranger, world.west_manager)
    for person in (world.owner, world.manager):
        client = english(person)
        assert client.get(reverse("staff:absence_edit", args=[absence.pk])).status_code == 404
        assert client.post(reverse("staff:absence_end", args=[absence.pk])).status_code == 404
        assert world.stranger.name not in client.get(LIST).content.decode()
    assert Absence.objects.get().ends_on == day(3)


@pytest.mark.parametrize(("change", "field"), [
    ({"start": -1}, "starts_on"),
    ({"start": 2, "end": 1}, "ends_on"),
    ({"deputy": "owner"}, "deputy"),
    ({"deputy": "disabled"}, "deputy"),
])  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_field(world, change, field):
    values = {"start": 0, "end": 3, "deputy": "colleague"} | change
    deputy = getattr(world, values.pop("deputy"))
    with pytest.raises(ValidationError) as refusal:
        enter(world.owner, deputy, **values)
    assert list(refusal.value.error_dict) == [field]
    assert not Absence.objects.exists()


def test_two_absences_never_share_a_day(world, english):
    enter(world.owner, world.colleague, 2, 4)
    answer = english(world.owner).post(NEW, typed(world.colleague, 4, 6))
    assert "entered for some of these days already" in answer.content.decode()
    enter(world.owner, world.colleague, 5, 6)
    assert Absence.objects.count() == 2


def test_the_database_itself_keeps_the_rules(world):
    enter(world.owner, world.colleague, 2, 4)
    for wrong in (
        {"person": world.owner, "deputy": world.colleague, "starts_on": day(4), "ends_on": day(5)},
        {"person": world.clerk, "deputy": world.clerk, "starts_on": day(0), "ends_on": day(1)},
        {"person": world.clerk, "deputy": world.owner, "starts_on": day(1), "ends_on": day(0)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Absence.objects.create(**wrong)


def test_a_deputy_who_is_away_then_is_refused(world):
    enter(world.colleague, world.clerk, 3, 5)
    with pytest.raises(ValidationError, match=r"2026-12-04|away"):
        enter(world.owner, world.colleague)
    enter(world.owner, world.colleague, 0, 2)


def test_whoever_is_somebodys_deputy_then_is_told(world, english):
    enter(world.owner, world.colleague)
    answer = english(world.colleague).post(NEW, typed(world.clerk), follow=True)
    said = " ".join(str(message) for message in answer.context["messages"])
    assert f"{world.colleague.name} is the deputy of {world.owner.name}" in said


def test_the_dates_can_change_until_they_have_passed(world, english, time_machine):
    absence = enter(world.owner, world.colleague)
    client, where = english(world.owner), reverse("staff:absence_edit", args=[absence.pk])
    assert client.post(where, typed(world.clerk, 1, 5)).url == LIST
    absence.refresh_from_db()
    assert (absence.starts_on, absence.ends_on, absence.deputy) == (day(1), day(5), world.clerk)
    time_machine.move_to("2026-12-03T09:00+08:00")
    client = english(world.owner)
    assert "has passed" in client.post(where, typed(world.clerk, 2, 5)).content.decode()
    assert client.post(where, typed(world.clerk, 1, 2)).url == LIST
    time_machine.move_to("2026-12-09T09:00+08:00")
    assert "is over" in english(world.owner).post(where, typed(world.clerk, 1, 20)).content.decode()


def test_coming_back_early_and_what_never_began(world, english):
    now_away, later = enter(world.owner, world.colleague), enter(world.owner, world.colleague, 9, 10)
    Absence.objects.filter(pk=now_away.pk).update(starts_on=day(-2))
    client = english(world.owner)
    for absence in (now_away, now_away, later):
        client.post(reverse("staff:absence_end", args=[absence.pk]))
    assert Absence.objects.get().ends_on == day(-1)
    labels = Absence.pgh_event_model.objects.filter(pgh_obj_id=later.pk).values_list("pgh_label", flat=True)
    assert "delete" in set(labels)


def test_the_deputy_is_told_what_the_absent_person_is_told(world):
    enter(world.owner, world.colleague, 0, 1)
    for number, moment in enumerate((timezone.now(), timezone.now() + timedelta(days=2))):
        notify(kind="test.absence", recipients=[world.owner], at=moment, dedupe=f"absence {number}")
    assert Notification.objects.filter(person=world.owner).count() == 2
    assert Notification.objects.filter(person=world.colleague).count() == 1


def test_the_person_page_and_the_account_page_show_it(world, office, english):
    enter(world.owner, world.colleague)
    shown = f"deputy: {world.colleague.name}"
    assert shown in office.get(reverse("staff:person", args=[world.owner.pk])).content.decode()
    assert shown in english(world.owner).get(reverse("account")).content.decode()


def test_as_many_queries_for_three_rows_as_for_one(world, english):
    counts = []
    client = english(world.manager)
    client.get(LIST)
    for person in (world.owner, world.clerk, world.accountant):
        enter(person, world.manager)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[2]
