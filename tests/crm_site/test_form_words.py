"""What all forms say alike."""

import pytest
from django.urls import reverse


@pytest.mark.parametrize(
    "page",
    ["journal:robot_new", "journal:notice_new", "staff:branch_new", "staff:department_new", "staff:person_new"],
)
def test_a_select_in_which_nothing_is_chosen_asks_to_choose(world, sign_in, page):
    client = sign_in(world.administrator)
    client.cookies["language"] = "en"
    shown = client.get(reverse(page)).content.decode()
    assert '<option value="" selected>' in shown
    assert "---------" not in shown


def test_the_form_of_a_customer_asks_to_choose(world, sign_in):
    client = sign_in(world.accountant)
    client.cookies["language"] = "en"
    for page in (reverse("customers:register"), reverse("customers:edit_block", args=[world.ours.pk, "business"])):
        shown = client.get(page).content.decode()
        assert ">choose</option>" in shown
        assert "---------" not in shown
