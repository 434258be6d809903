"""Saving and deleting a view of the customer list, choosing its columns. Source: REC-08."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from customers import columns, views_of_list
from customers.filters import chosen_filters
from customers.models import SavedView
from customers.views.listing import ORDERS
from staff.access import position_required
from staff.paging import row_id
from staff.verbs import Verb

KEPT = ("q", "view")  # of the list's address, beside filters and order


@require_safe
@position_required(Verb.CUSTOMER_VIEW)
def looks(request):
    """The panel of columns and views for the list of this address; without a script a page of its own."""
    filters, sort = _choices(request, request.GET)
    context = {
        "looks": views_of_list.Looks(request.user, row_id(request.GET.get("view", ""))),
        "choices": urlencode(filters | {"sort": sort}),
        "key": request.GET.get("q", ""),
    }
    return render(request, "customers/list_looks.html" if request.htmx else "customers/looks_page.html", context)


def _choices(request, query=None):
    """Filters and order of the list the form stood on; what is no choice is left out."""
    if query is None:
        query = QueryDict(request.POST.get("choices", "")[:2000])
    sort = query.get("sort") if query.get("sort") in ORDERS else next(iter(ORDERS))
    return chosen_filters(request.user, query, now=timezone.now()), sort


def _shown(request):
    return [column.code for column in columns.chosen(request.POST.getlist("columns"))]


@require_POST
@position_required(Verb.CUSTOMER_VIEW)
def view_save(request):
    name = " ".join(request.POST.get("name", "").split())[: SavedView._meta.get_field("name").max_length]
    filters, sort = _choices(request)
    if not name:
        messages.error(request, _("Give the view a name first."))
        return redirect("customers:list")
    looks = views_of_list.Looks(request.user, row_id(request.POST.get("view", "")))
    shown = [column.code for column in looks.columns]
    try:
        view = views_of_list.save_view(name=name, filters=filters, sort=sort, shown=shown, by=request.user)
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
        return redirect("customers:list")
    messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
    return redirect(views_of_list.address(view))


@require_POST
@position_required(Verb.CUSTOMER_VIEW)
def view_delete(request, pk):
    view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
    view.delete()
    views_of_list.forget(request.user)
    messages.info(request, _("The view “%(name)s” is deleted.") % {"name": view.name})
    return redirect("customers:list")


@require_POST
@position_required(Verb.CUSTOMER_VIEW)
def columns_choose(request):
    view = SavedView.objects.visible_to(request.user).filter(pk=row_id(request.POST.get("view", ""))).first()
    views_of_list.choose_columns(_shown(request), view=view, by=request.user)
    filters, sort = _choices(request)
    query = QueryDict(mutable=True)
    query.update({name: request.POST[name] for name in KEPT if request.POST.get(name)} | filters | {"sort": sort})
    return redirect(f"{reverse('customers:list')}?{query.urlencode()}")
