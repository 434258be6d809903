"""China's provinces, cities and districts in official order, kept in each process: they change with releases only."""

from functools import lru_cache

from django.db.models import Max

from .models import District
from .models.places import city_title as city_title  # beside the lists whose entries it names
from .once import once


def provinces():
    return list(_tree())


def cities(province):
    """Names of a province's cities; none for a province that does not exist."""
    return list(_tree().get(province, {}))


def districts(province, city):
    """(id, name) of a city's districts."""
    return _tree().get(province, {}).get(city, [])


def tree():
    """All of it: {province: {city: [(id, name of the district), ...]}}; the same object until rows are added."""
    return _tree()


def _tree():
    # The highest id tells whether rows were added since: one look at an index instead of 3,000 rows.
    newest = once("newest district", lambda: District.objects.aggregate(newest=Max("pk"))["newest"])
    return _read(newest) if newest else {}


@lru_cache(maxsize=1)
def _read(_newest):
    tree = {}
    for pk, province, city, name in District.objects.order_by("pk").values_list("pk", "province", "city", "name"):
        tree.setdefault(province, {}).setdefault(city, []).append((pk, name))
    return tree
