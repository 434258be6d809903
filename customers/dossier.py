"""What belongs to one record, read in one round trip. Source: REC-01, GEN-03.

A page of six short lists spends its time on asking six times; the rows of a record are few, so PostgreSQL hands them
over together, as JSON.
"""

import json

from django.db import connection

from .models import Consent, Contact, ContactWay, DeclinedConsent, Need, RegistrationForm
from .models.customer import Customer

PARTS = (Contact, ContactWay, Need, Consent, DeclinedConsent, RegistrationForm)
PEOPLE = """
SELECT json_object_agg(id, name) FROM staff_person WHERE id IN (
    SELECT unnest(ARRAY[owner_id, created_by_id, updated_by_id, archived_by_id])
    FROM customers_customer WHERE id = %(pk)s
    UNION SELECT noted_by_id FROM customers_need WHERE customer_id = %(pk)s
    UNION SELECT received_by_id FROM customers_registrationform WHERE customer_id = %(pk)s)
"""
ROWS = "SELECT json_agg(part ORDER BY id) FROM {} part WHERE customer_id = %(pk)s"
# The rows of files that the record came from, or that were merged into it. Source: REC-15.
ORIGINS = """
SELECT json_agg(origin ORDER BY origin.id) FROM (
    SELECT r.id, j.id AS job, j.name AS file, j.tables -> r."table" ->> 'sheet' AS sheet, r.number, r.extras,
           r.data ->> 'author_text' AS author, r.data ->> 'owner_text' AS owner,
           jsonb_path_query_array(r.data, '$.contact')
               || jsonb_path_query_array(r.data, '$.further[*].contact') AS people
    FROM customers_importrow r JOIN customers_import j ON j.id = r.job_id
    WHERE r.customer_id = %(pk)s AND j.kind <> 'purchases' AND (j.state = 'done' OR jsonb_exists(r.made, 'kept'))
    ORDER BY r.id LIMIT 20) origin
"""
QUESTION = f"SELECT {', '.join(f'({ROWS.format(model._meta.db_table)})' for model in PARTS)}, ({PEOPLE}), ({ORIGINS})"
NAMED = {Need: "noted_by", RegistrationForm: "received_by"}


def read(customer):
    """{"people": contacts with `listed_ways`, "needs", "consents", "declined", "form", "origins": rows of files}
    of a saved customer, whose own people are put onto it by name."""
    with connection.cursor() as cursor:
        cursor.execute(QUESTION, {"pk": customer.pk})
        *parts, names, origins = cursor.fetchone()
    people = {int(pk): _person(pk, name) for pk, name in _loaded(names, {}).items()}
    rows = {
        model: [_row(model, values) for values in _loaded(part, [])] for model, part in zip(PARTS, parts, strict=True)
    }
    for model, field in NAMED.items():
        for row in rows[model]:
            setattr(row, field, people.get(getattr(row, f"{field}_id")))
    for field in ("owner", "created_by", "updated_by", "archived_by"):
        setattr(customer, field, people.get(getattr(customer, f"{field}_id")))
    for contact in rows[Contact]:
        contact.listed_ways = [way for way in rows[ContactWay] if way.contact_id == contact.pk]
    origins, named = _loaded(origins, []), {contact.name for contact in rows[Contact]}
    for origin in origins:  # a phone that somebody else has brings no second contact, but its name is not lost
        origin["others"] = [name for name in origin["people"] if name and name not in named]
    form = next(iter(rows[RegistrationForm]), None)
    return {
        "people": rows[Contact],
        "needs": rows[Need],
        "consents": rows[Consent],
        "declined": rows[DeclinedConsent],
        "form": form,
        "origins": origins,
    }


def _loaded(part, empty):
    """The driver may have read the JSON already."""
    return (json.loads(part) if isinstance(part, str) else part) or empty


def _row(model, values):
    fields = model._meta.concrete_fields
    return model.from_db(
        connection.alias,
        [field.attname for field in fields],
        [field.to_python(values[field.column]) for field in fields],
    )


def _person(pk, name):
    model = Customer._meta.get_field("owner").related_model
    return model.from_db(connection.alias, ["id", "name"], [int(pk), name])
