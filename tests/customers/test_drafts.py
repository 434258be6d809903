"""The draft of the registration form: kept, offered, for its writer only, gone when saved. Source: ux 9, 39."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from customers import drafts
from customers.models import Draft
from customers.tasks import drop_expired_drafts
from tests.customers.test_register_page import REGISTER, typed

pytestmark = pytest.mark.clause("REC-04")
SAVE = "/customers/new/draft/"


def keep(client, data):
    return client.post(SAVE, data, headers={"HX-Request": "true"})


def test_what_is_typed_is_kept_and_said_with_the_time(world, sign_in):
    answer = keep(sign_in(world.accountant), typed(world, remarks="别丢了我"))
    at = timezone.localtime(Draft.objects.get().saved_at)
    assert f"{at:%H:%M:%S}" in answer.text
    assert "%E5%88%AB" in Draft.objects.get().data


def test_the_same_sheet_has_one_draft_and_another_sheet_its_own(world, sign_in):
    client, data = sign_in(world.accountant), typed(world)
    keep(client, data)
    keep(client, data | {"remarks": "第二遍"})
    assert Draft.objects.count() == 1
    keep(client, data | {"submission": str(uuid.uuid4())})
    assert Draft.objects.count() == 2


def test_it_is_offered_and_not_forced(world, sign_in):
    client = sign_in(world.accountant)
    keep(client, typed(world, remarks="别丢了我", name=""))
    page = client.get(REGISTER)
    assert page.context["draft"] == Draft.objects.get()
    assert "别丢了我" not in page.text
    back = client.get(f"{REGISTER}?draft={Draft.objects.get().key}")
    assert "别丢了我" in back.text
    assert "data-error-summary" not in back.text
    assert "has-error" not in back.text
    assert str(Draft.objects.get().key) in back.text  # the same sheet goes on


def test_it_is_nobody_else_s(world, sign_in):
    keep(sign_in(world.accountant), typed(world, remarks="别丢了我"))
    key = Draft.objects.get().key
    client = sign_in(world.clerk)
    assert client.get(REGISTER).context["draft"] is None
    assert "别丢了我" not in client.get(f"{REGISTER}?draft={key}").text
    client.post("/customers/new/draft/discard/", {"draft": key})
    assert Draft.objects.count() == 1


def test_it_goes_when_the_form_is_saved_and_does_not_come_back(world, sign_in):
    client, data = sign_in(world.accountant), typed(world)
    keep(client, data)
    client.post(REGISTER, data)
    assert not Draft.objects.exists()
    assert keep(client, data).status_code == 204  # one that was still under way
    assert not Draft.objects.exists()


def test_a_form_that_is_refused_keeps_its_draft(world, sign_in):
    client, data = sign_in(world.accountant), typed(world, name="")
    keep(client, data)
    client.post(REGISTER, data)
    assert Draft.objects.count() == 1


def test_its_writer_can_throw_it_away(world, sign_in):
    client = sign_in(world.accountant)
    keep(client, typed(world))
    client.post("/customers/new/draft/discard/", {"draft": Draft.objects.get().key})
    assert not Draft.objects.exists()


def test_after_seven_days_it_is_neither_offered_nor_kept(world, sign_in):
    client = sign_in(world.accountant)
    keep(client, typed(world))
    Draft.objects.update(saved_at=timezone.now() - timedelta(days=7))
    assert client.get(REGISTER).context["draft"] is None
    drop_expired_drafts()
    drop_expired_drafts()
    assert not Draft.objects.exists()


def test_what_was_pasted_is_not_kept(world, sign_in):
    keep(sign_in(world.accountant), typed(world, pasted="李娜 13800138000"))
    assert "pasted" not in Draft.objects.get().data


@pytest.mark.parametrize("change", [{"submission": "x"}, {"submission": ""}, {"remarks": "x" * 70_000}])
def test_what_is_no_sheet_of_ours_is_not_kept(change, world, sign_in):
    assert keep(sign_in(world.accountant), typed(world) | change).status_code == 204
    assert not Draft.objects.exists()


def test_an_expired_session_keeps_the_typing_of_an_automatic_draft(world, client):
    data = typed(world, remarks="别丢了我", typed_on=REGISTER)
    answer = keep(client, data)
    assert answer.headers["HX-Redirect"].startswith("/sign-in/?next=/customers/new/")
    client.force_login(world.accountant)
    assert "别丢了我" in client.get(REGISTER).text


def test_the_latest_draft_is_offered(world):
    now = timezone.now()
    for minutes in (1, 5):
        Draft.objects.create(
            person=world.clerk, form=drafts.REGISTRATION, key=uuid.uuid4(), data=f"serial={minutes}",
            saved_at=now - timedelta(minutes=minutes),
        )  # fmt: skip
    assert drafts.offered(world.clerk, drafts.REGISTRATION, at=now).data == "serial=1"
