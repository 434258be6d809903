"""The administrator's pages for the code tables. Source: REC-08."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers import code_tables
from customers.forms.codes import code_form
from staff import refusals
from staff.access import position_required, take_typing
from staff.verbs import Verb


@require_safe
@position_required(Verb.CODES_MANAGE)
def overview(request):
    tables = []
    for table, model in code_tables.TABLES.items():
        offered = [str(entry) for entry in model.objects.filter(retired=False)]
        tables.append({"table": table, "title": _title(table), "count": len(offered), "first": offered[:4]})
    return render(request, "customers/codes/overview.html", {"tables": tables})


def _model(table):
    if table not in code_tables.TABLES:
        raise Http404
    return code_tables.TABLES[table]


def _title(table):
    return capfirst(_model(table)._meta.verbose_name)


@require_safe
@position_required(Verb.CODES_MANAGE)
def code_list(request, table):
    context = {"table": table, "title": _title(table), "rows": _model(table).objects.all()}
    return render(request, "customers/codes/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.CODES_MANAGE)
def code_new(request, table):
    title = _title(table)
    initial = code_tables.first_values(table)
    form = code_form(table, request.POST or take_typing(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals.beside_fields(form):
            entry = code_tables.add(table, **form.cleaned_data, by=request.user)
            messages.success(request, _("%(entry)s was added.") % {"entry": entry})
            return redirect("customers:code_list", table)
    return render(request, "customers/codes/form.html", {"form": form, "table": table, "title": title})


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.CODES_MANAGE)
def code_edit(request, table, pk):
    entry = get_object_or_404(_model(table), pk=pk)
    form = code_form(table, request.POST or take_typing(request), instance=entry)
    if request.method == "POST" and form.is_valid():
        code_tables.relabel(entry, **form.cleaned_data, by=request.user)
        messages.success(request, _("%(entry)s was saved.") % {"entry": form.instance})
        return redirect("customers:code_list", table)
    context = {"form": form, "table": table, "title": _title(table), "entry": entry}
    return render(request, "customers/codes/form.html", context)


@require_POST
@position_required(Verb.CODES_MANAGE)
def code_retire(request, table, pk):
    entry = get_object_or_404(_model(table), pk=pk)
    code_tables.retire(entry, by=request.user)
    messages.success(request, _("%(entry)s is offered no longer; records keep it.") % {"entry": entry})
    return redirect("customers:code_list", table)


@require_POST
@position_required(Verb.CODES_MANAGE)
def code_restore(request, table, pk):
    entry = get_object_or_404(_model(table), pk=pk)
    code_tables.restore(entry, by=request.user)
    messages.success(request, _("%(entry)s is offered again.") % {"entry": entry})
    return redirect("customers:code_list", table)
