"""A known customer buys again: is the record complete? Source: REC-06."""

from django.db.models import Count, F, Func, IntegerField, Sum
from django.db.models.functions import Coalesce

from staff.history import action

from . import actions
from .models import CheckoutCheck, Customer


@action
def check(customer, *, version, by, at, fields=None, contacts=None, new_needs=(), different_because=""):
    """Fill what is missing by `actions.edit` and note the check; with nothing to fill it is noted all the same.

    Raises what `edit` raises; then nothing is noted.
    """
    before = Customer.objects.values_list("missing", flat=True).get(pk=customer.pk)
    current = actions.edit(
        customer, version=version, fields=fields, contacts=contacts, new_needs=new_needs,
        different_because=different_because, by=by, at=at,
    )  # fmt: skip
    return CheckoutCheck.objects.create(
        customer=current, branch=current.branch, checked_at=at, checked_by=by,
        missing_before=before, missing_after=current.missing,
    )  # fmt: skip


def _length(column):
    return Coalesce(Func(F(column), function="cardinality", output_field=IntegerField()), 0)


def by_branch(checks):
    """Checks, items filled and items still missing, per unit."""
    counted = checks.values("branch", "branch__name").annotate(
        checks=Count("pk"),
        filled=Sum(_length("missing_before")) - Sum(_length("missing_after")),
        left=Sum(_length("missing_after")),
    )
    return counted.order_by("branch__name")
