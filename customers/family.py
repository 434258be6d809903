"""Parent and subsidiary companies. Source: REC-01."""

from django.db.models import Case, F, Q, When
from django.utils.translation import gettext as _

from staff.history import action
from staff.refusals import in_words

from .actions import refuse_stale
from .models import Customer

SHOWN = 50  # subsidiaries on a record


@action
def set_parent(customer, *, parent, version, by, at):
    """Put a company under its parent, or under none. Raises StaleEdit, and ValidationError for a circle.

    The database alone sees two people closing a circle at once, so it decides.
    """
    current = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    refuse_stale(current, version)
    if current.parent == parent:
        return
    sentences = {
        "nobody_is_their_own_parent": ("parent", _("A company cannot be its own parent.")),
        "no_circle_of_parents": (
            "parent",
            _("%(name)s belongs to this customer already, directly or through others.") % {"name": parent},
        ),
    }
    with in_words(sentences):
        Customer.objects.filter(pk=current.pk).update(
            parent=parent, version=F("version") + 1, updated_at=at, updated_by=by
        )


def family_of(customer, person, *, is_parent=True):
    """What a record shows of its family: of other units' companies only that there is one. `is_parent`: False saves
    the look for subsidiaries where it is known that there are none."""
    if not (is_parent or customer.parent_id):
        return {"parent": None, "subsidiaries": [], "more_subsidiaries": False}
    members, order = Q(parent=customer), ["name_pinyin", "pk"]
    if above := customer.parent_id:
        members, order = members | Q(pk=above), [Case(When(pk=above, then=0), default=1), *order]
    visible = Customer.objects.visible_to(person).filter(members).select_related("branch")
    found = list(visible.order_by(*order)[: SHOWN + 2])
    below = [company for company in found if company.parent_id == customer.pk]
    return {
        "parent": next((company for company in found if company.pk == above), None),
        "subsidiaries": below[:SHOWN],
        "more_subsidiaries": len(below) > SHOWN,
    }
