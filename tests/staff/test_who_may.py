"""Nobody but the system administrator opens these pages, and what is refused changes nothing. Source: SEC-01."""

import pytest
from django.urls import get_resolver, reverse

from staff.models import Branch, Person, Position
from staff.urls import urlpatterns
from staff.verbs import PositionCode

FOR_EVERYBODY = {"districts", "absences", "absence_new", "absence_edit", "absence_end", "device_check"}
NAMES = [pattern.name for pattern in urlpatterns if pattern.name not in FOR_EVERYBODY]


def address(name, world):
    keys = {"person": world.stranger, "position": world.stranger.positions.get(), "branch": world.east,
            "area": world.east.areas.get(), "department": world.administrator.positions.get().department}  # fmt: skip
    if not get_resolver().reverse_dict.getlist(name) and "<int:pk>" not in _route(name):
        return reverse(f"staff:{name}")
    kind = "person" if name == "position_new" else "branch" if name == "area_new" else name.split("_")[0]
    return reverse(f"staff:{name}", args=[keys[kind].pk])


def _route(name):
    return str(next(pattern.pattern for pattern in urlpatterns if pattern.name == name))


@pytest.mark.clause("SEC-01")
@pytest.mark.parametrize("name", NAMES)
def test_signed_out_visitors_are_sent_to_sign_in(world, client, name):
    for method in (client.get, client.post):
        response = method(address(name, world))
        assert response.status_code == 405 or response.url.startswith("/sign-in/")


@pytest.mark.clause("SEC-01")
@pytest.mark.parametrize("name", NAMES)
def test_no_other_position_opens_them(world, sign_in, name):
    where = address(name, world)
    before = Person.objects.count(), Position.objects.count(), Branch.objects.count()
    for code in PositionCode:
        if code != PositionCode.ADMINISTRATOR:
            client = sign_in(world.people[code])
            assert {client.get(where).status_code, client.post(where).status_code} <= {403, 405}
    assert (Person.objects.count(), Position.objects.count(), Branch.objects.count()) == before
    assert Person.objects.get(pk=world.stranger.pk).is_active


@pytest.mark.clause("SEC-01")
def test_a_refusal_says_who_can_help(world, sign_in):
    client = sign_in(world.clerk)
    client.cookies["language"] = "en"
    assert "system administrator" in client.get(reverse("staff:people")).content.decode()


def test_what_was_typed_when_the_session_ended_is_there_after_signing_in_again(world, client):
    new = reverse("staff:branch_new")
    typed = {"typed_by": world.administrator.pk, "name": "南城分店", "code": "south", "hours_0": "9-12"}
    client.get(new)
    assert client.post(new, typed).status_code == 302
    client.force_login(world.administrator)
    form = client.get(new).context["form"]
    assert (form["name"].value(), form["hours_0"].value()) == ("南城分店", "9-12")
