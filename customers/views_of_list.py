"""How the customer list looks to a person: saved views as tabs, and the columns. Source: REC-08, ui.md ("List")."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from staff.models import Person

from . import columns
from .models import SavedView

KEPT = 60  # seconds
ROOM = 120  # characters of columns beside the name that fit on a desk's screen, in English too


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    current: bool
    count: None = None


def kept_as(person):
    """The key of the person's views, which are read a hundred times for each time that they change."""
    return f"looks:{person.pk}"


def forget(person):
    """Called with each change: at once for the person, again for what was read meanwhile when it is committed."""
    cache.delete(kept_as(person))
    transaction.on_commit(lambda: cache.delete(kept_as(person)))


class Looks:
    """Columns of the list for a person under a saved view; an unknown view is none."""

    def __init__(self, person, view_id=None, *, kept=cache):
        views = kept.get_or_set(kept_as(person), lambda: list(SavedView.objects.visible_to(person)), KEPT)
        self.views = [view for view in views if view.name]
        self.view = next((view for view in self.views if view.pk == view_id), None)
        nameless = next((view for view in views if not view.name), None)
        self.columns = columns.chosen((self.view or nameless or SavedView()).columns)

    @property
    def codes(self):
        return tuple(column.code for column in self.columns)

    @property
    def is_wide(self):
        """Whether the columns need more than a desk's screen holds; then they scroll, and their heads with them."""
        return sum(column.files[0].width for column in self.columns) > ROOM

    @property
    def offered(self):
        """(column, whether it is shown) of all that there are."""
        return [(column, column in self.columns) for column in columns.COLUMNS]

    def tabs(self, filters):
        """The whole list and each saved view, as addresses that carry their filters. No tabs without saved views."""
        if not self.views:
            return []
        everything = Tab(_("All customers"), reverse("customers:list"), self.view is None and not filters)
        return [everything, *(Tab(view.name, address(view), view == self.view) for view in self.views)]


def address(view):
    query = urlencode({"view": view.pk, **view.filters, "sort": view.sort})
    return f"{reverse('customers:list')}?{query}"


@transaction.atomic
def save_view(*, name, filters, sort, shown, by):
    """Keep a choice under a name; the same name again means: from now on so. Raises ValidationError for too many."""
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    mine = SavedView.objects.visible_to(by).exclude(name="")
    if not mine.filter(name=name).exists() and mine.count() >= SavedView.AT_MOST:
        raise ValidationError(_("%(n)s views are the most. Delete one first.") % {"n": SavedView.AT_MOST})
    view, _made = SavedView.objects.update_or_create(
        person=by, name=name, defaults={"filters": filters, "sort": sort, "columns": shown}
    )
    forget(by)
    return view


def choose_columns(shown, *, view=None, by):
    """Remember the columns, of a saved view or of the list without one."""
    name = view.name if view else ""
    SavedView.objects.update_or_create(person=by, name=name, defaults={"columns": shown})
    forget(by)
