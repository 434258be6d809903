"""What people are told at pages that are not theirs. Who may open them says the access matrix. Source: SEC-01."""

import pytest
from django.urls import reverse


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
