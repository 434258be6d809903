from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from staff import actions, refusals
from staff.access import position_required, take_typing
from staff.forms.units import DepartmentForm
from staff.models import Department
from staff.verbs import Verb


@require_safe
@position_required(Verb.BRANCH_MANAGE)
def departments(request):
    return render(request, "staff/departments.html", {"rows": Department.objects.select_related("head")})


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.BRANCH_MANAGE)
def department_new(request):
    form = DepartmentForm(request.POST or take_typing(request), on=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        with refusals.beside_fields(form):
            department = actions.create_department(**form.entry(), by=request.user)
            messages.success(request, _("The department %(name)s was added.") % {"name": department.name})
            return redirect("staff:departments")
    return render(request, "staff/department_form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.BRANCH_MANAGE)
def department_edit(request, pk):
    department = get_object_or_404(Department, pk=pk)
    form = DepartmentForm(request.POST or take_typing(request), on=timezone.localdate(), department=department)
    if request.method == "POST" and form.is_valid():
        with refusals.beside_fields(form):
            saved = actions.edit_department(department, **form.entry(), by=request.user)
            messages.success(request, _("The department %(name)s was saved.") % {"name": saved.name})
            return redirect("staff:departments")
    return render(request, "staff/department_form.html", {"form": form, "department": department})
