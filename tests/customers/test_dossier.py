"""What a record's page reads in one round trip is what the rows say, of this record and no other."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers import consents, dossier
from customers.models import Consent, Contact, ContactWay, Customer, DeclinedConsent, Need, RegistrationForm

pytestmark = pytest.mark.clause("REC-01")


def values(rows):
    return [{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields} for row in rows]


@pytest.fixture
def full(world):
    """Our customer and West's with something in every part."""
    now = timezone.now()
    for customer, by in ((world.ours, world.accountant), (world.theirs, world.stranger)):
        former = Contact.objects.create(
            customer=customer, name="王芳 <旧>", title='"经理"', valid_from=None, valid_until=timezone.localdate()
        )
        for contact in (former, customer.contacts.first()):
            ContactWay.objects.create(customer=customer, contact=contact, kind="phone", value="+862588888888",
                                      extension="801", as_written="025-8888 8888 转 801")  # fmt: skip
        Need.objects.create(customer=customer, text="名片\n“画册”", noted_at=now, noted_by=by)
        no = {"purpose": "marketing", "channel": "phone", "note": "来电", "declined_at": now}
        consents.decline(customer, **no, by=by)
        given = consents.give(customer, purpose="survey", channel="phone", note="来电", given_at=now, by=by)
        consents.withdraw(given, note="改主意", by=by, at=now + timedelta(microseconds=120000))
    Customer.objects.filter(pk=world.ours.pk).update(archived_at=now, archived_by=world.manager)
    return Customer.objects.get(pk=world.ours.pk)


def test_it_is_what_the_rows_say(full, django_assert_num_queries):
    with django_assert_num_queries(1):
        read = dossier.read(full)
        people = [full.owner, full.created_by, full.updated_by, full.archived_by, read["form"].received_by]
        names = [str(person) for person in [*people, *(need.noted_by for need in read["needs"])]]
    assert values(read["people"]) == values(Contact.objects.filter(customer=full).order_by("pk"))
    assert values(read["needs"]) == values(Need.objects.filter(customer=full))
    assert values(read["consents"]) == values(Consent.objects.filter(customer=full))
    assert values(read["declined"]) == values(DeclinedConsent.objects.filter(customer=full))
    assert values([read["form"]]) == values(RegistrationForm.objects.filter(customer=full))
    for contact in read["people"]:
        assert values(contact.listed_ways) == values(ContactWay.objects.filter(contact=contact).order_by("pk"))
    stored = Customer.objects.get(pk=full.pk)
    wanted = [stored.owner, stored.created_by, stored.updated_by, stored.archived_by, stored.registration.received_by]
    assert names == [person.name for person in [*wanted, stored.needs.get().noted_by]]


def test_a_record_without_anything_reads_as_empty(world):
    bare = Customer.objects.get(pk=world.customer("空白纸业有限公司").pk)
    read = dossier.read(bare)
    assert (read["people"], read["needs"], read["consents"]) == ([], [], [])
    assert bare.owner is None
    assert bare.archived_by is None
