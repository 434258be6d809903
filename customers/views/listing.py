"""The customer list and the search box. Source: REC-08, GEN-03, ux section 2."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from customers import search, views_of_list
from customers.columns import body, needed, phone_of
from customers.filters import many_kept_as, narrowed, selects, selects_kept_as
from customers.models import Customer
from staff.access import answers_only, position_required
from staff.kept import Kept
from staff.paging import COUNTED, Order, asked, links, looked_up, page, row_id
from staff.verbs import Verb

ORDERS = {
    "newest": (_("newest first"), Order("pk", descending=True)),
    "name": (_("by name"), Order("name_pinyin")),
    "updated": (_("last updated first"), Order("updated_at", descending=True)),
}
LIVE_RESULTS = 8
MANY_KEPT = 60  # seconds in which what were more than a list counts are taken for more


@require_safe
@position_required(Verb.CUSTOMER_VIEW)
def customers(request):
    visible, now = Customer.objects.visible_to(request.user), timezone.now()
    rows, chosen = narrowed(visible, request.user, request.GET, now=now)
    key = request.GET.get("q", "")
    text = search.kept(request.user, key)
    sort = request.GET.get("sort") if request.GET.get("sort") in ORDERS else "newest"
    many = many_kept_as(request.user, chosen)
    kept = Kept(many, selects_kept_as(request.user), views_of_list.kept_as(request.user))
    looks = views_of_list.Looks(request.user, row_id(request.GET.get("view", "")), kept=kept)
    if text is not None:
        rows, number = search.found(rows, text)
    elif kept.get(many):
        number = COUNTED + 1
    else:
        rows, number = looked_up(rows)
        if number > COUNTED:
            kept.set(many, True, MANY_KEPT)
    found = page(
        rows, ORDERS[sort][1], within=visible, read=lambda few: few.in_rows(*needed(looks.columns)), **asked(request)
    )  # fmt: skip
    request.records_shown += len(found.rows)
    may_assign = request.user.can(Verb.CUSTOMER_ASSIGN)
    context = {
        "selects": selects(request.user, request.GET, now=now, kept=kept).values(),
        "rows": found.rows,
        "body": body(found.rows, looks.columns, ticked=may_assign),
        "looks": looks,
        "chosen": chosen,
        "tabs": looks.tabs(chosen),
        **links(request, found),
        "count": number,
        "counted": COUNTED,
        "sort": sort,
        "orders": [(name, label) for name, (label, _order) in ORDERS.items()],
        "narrowed": bool(chosen or text),
        "text": text or "",
        "key": key if text is not None else "",
        "may_assign": may_assign,
        "may_import": request.user.can(Verb.IMPORT_RUN),
        "search_expired": bool(key) and text is None,
    }
    return render(request, "customers/list.html", context)


@answers_only
@require_POST
@position_required(Verb.CUSTOMER_VIEW)
def find(request):
    """The search box: results under it while typing, the list on Enter. The text stands in no URL."""
    text = request.POST.get("text", "")
    if request.htmx:
        found = search.matching(Customer.objects.visible_to(request.user).in_use(), text)
        rows = found.order_by("-pk")[: LIVE_RESULTS + 1].in_rows("first_phone", "branch__name")
        request.records_shown += len(rows)
        context = {
            "rows": [(row, phone_of(row)) for row in rows[:LIVE_RESULTS]],
            "more": len(rows) > LIVE_RESULTS,
            "text": text.strip(),
            "too_short": len(text.strip()) < search.SHORTEST,
        }
        return render(request, "customers/search_results.html", context)
    if not text.strip():
        return redirect("customers:list")
    return redirect(f"{reverse('customers:list')}?q={search.keep(request.user, text)}")
