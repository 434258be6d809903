"""The people whom the rows of a page name, read together."""

from .models import Person


def name_people(*named):
    """Put the people of foreign keys onto rows: one query for all, and of each only the name.

    `named`: (row, name of a foreign key, ...) each.
    """
    places = [(row, field, getattr(row, f"{field}_id")) for row, *fields in named for field in fields]
    ids = {pk for _row, _field, pk in places if pk}
    people = Person.objects.only("name").in_bulk(ids) if ids else {}
    for row, field, pk in places:
        setattr(row, field, people.get(pk))
