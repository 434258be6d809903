"""Today: the figures of each position, and that each leads to exactly the rows that it counts."""

import pytest

from staff.verbs import PositionCode


def shown_behind(client, figure):
    response = client.get(figure.url)
    assert response.status_code == 200
    return response.context.get("count", len(response.context["rows"]))


@pytest.mark.clause("GEN-01")
@pytest.mark.parametrize("code", PositionCode.values)
def test_each_figure_leads_to_the_rows_it_counts(code, world, sign_in):
    client = sign_in(world.people[code])
    figures = client.get("/").context["figures"]
    assert figures
    for figure in figures:
        assert shown_behind(client, figure) == figure.number, figure.url


@pytest.mark.clause("GEN-01", "SEC-01")
def test_the_latest_customers_are_those_of_the_scope(world, sign_in):
    assert sign_in(world.accountant).get("/").context["latest"] == [world.unowned, world.ours]
    assert sign_in(world.people["executive"]).get("/").context["latest"][0] == world.theirs
    assert sign_in(world.people["call_agent"]).get("/").context["latest"] == []


def test_who_holds_no_position_is_told_so(world, sign_in):
    client = sign_in(world.nobody)
    client.cookies["language"] = "en"
    response = client.get("/")
    assert "You hold no position today" in response.text
    assert response.context["figures"] == response.context["latest"] == []


def test_the_rail_shows_only_what_opens(world, sign_in):
    for code in PositionCode.values:
        client = sign_in(world.people[code])
        for destination in client.get("/").context["navigation"]:
            assert client.get(destination.url).status_code == 200, (code, destination.url)
