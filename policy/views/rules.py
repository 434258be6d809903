"""The administrator's pages for the parameters of the clauses. Source: AUD-16."""

from itertools import groupby

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from policy import actions, handbook
from policy import rules as registered
from policy.forms.rules import RuleForm
from policy.models import RuleValue
from policy.parameters import parameter
from staff import refusals
from staff.access import position_required, take_typing
from staff.verbs import Verb

LAST = 10_000  # after every place of the ledger


@require_safe
@position_required(Verb.RULES_MANAGE)
def rules(request):
    """All parameters by clause. Values of parameters that this version no longer knows are listed, never lost."""
    today = timezone.localdate()
    order = {clause.pk: clause for clause in handbook.clauses()}
    numbers = {pk: clause.number for pk, clause in order.items()}
    found = sorted(registered.registry.values(), key=lambda rule: (numbers.get(rule.clause, LAST), rule.clause))
    values = RuleValue.objects.filter(branch__isnull=False, starts_on__lte=today)
    own = set(values.values_list("rule", "branch"))
    units = {key: sum(1 for rule, _branch in own if rule == key) for key in registered.registry}
    groups = [
        (order.get(clause), [(parameter(rule, on=today), units[rule.key]) for rule in group])
        for clause, group in groupby(found, key=lambda rule: rule.clause)
    ]
    unknown = RuleValue.objects.exclude(rule__in=registered.registry).order_by("rule").distinct("rule")
    return render(request, "policy/rules.html", {"groups": groups, "unknown": unknown})


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.RULES_MANAGE)
def rule(request, key):
    """One parameter: what is in force, every change, and the form for the next one."""
    if key not in registered.registry:
        raise Http404
    this, today = registered.registry[key], timezone.localdate()
    now = parameter(this, on=today)
    form = RuleForm(request.POST or take_typing(request), rule=this, value=this.stored(now.value))
    if request.method == "POST" and form.is_valid():
        with refusals.beside_fields(form):
            row = actions.change_rule(this, **form.change, by=request.user, at=timezone.now())
            messages.success(
                request, _("In force from %(day)s: %(label)s.") % {"day": row.starts_on, "label": this.label}
            )
            return redirect("policy:rule", key)
    context = {"rule": this, "now": now, "form": form, "units": _units(this, today), "history": _history(this, today)}
    return render(request, "policy/rule.html", context)


def _units(rule, today):
    """(unit, parameter) of the units with a value of their own today."""
    rows = RuleValue.objects.filter(rule=rule.key, branch__isnull=False).select_related("branch")
    found = {row.branch: parameter(rule, branch=row.branch, on=today) for row in rows}
    return [(unit, value) for unit, value in found.items() if value.row is not None and value.row.branch_id == unit.pk]


def _history(rule, today):
    """(row, value in words or None for back to the company's, whether it is yet to come), the newest first."""
    rows = RuleValue.objects.filter(rule=rule.key).select_related("branch", "set_by").order_by("-set_at", "-pk")
    return [
        (row, None if row.value is None else rule.in_words(rule.read(row.value)), row.starts_on > today) for row in rows
    ]
