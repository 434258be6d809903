"""The quarterly confirmation that devices are kept safe. Source: SEC-09."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from staff import device_checks as checks
from staff.access import position_required, signed_in
from staff.confirmations import confirmation_page
from staff.forms.device_checks import DeviceCheckForm
from staff.models import DeviceCheck, Position, quarter_name, quarter_of
from staff.verbs import Verb

SHOWN = 8  # quarters gone by


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def device_check(request):
    """One's own confirmation, and the earlier ones."""
    person, today = request.user, timezone.localdate()
    form = DeviceCheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        checks.confirm(person, by=person, on=today, at=timezone.now())
        messages.success(request, _("Noted for %(quarter)s. Thank you.") % {"quarter": quarter_name(quarter_of(today))})
        return redirect("staff:device_check")
    context = {
        "form": form,
        "open": checks.open_for(person, on=today),
        "quarter": quarter_name(quarter_of(today)),
        "earlier": DeviceCheck.objects.filter(person=person).order_by("-quarter")[:SHOWN],
    }
    return render(request, "staff/device_check.html", context)


@require_safe
@position_required(Verb.PEOPLE_MANAGE)
def device_checks(request):
    """Who has not confirmed this quarter yet, and who has."""
    today = timezone.localdate()
    context = confirmation_page(request, checks.asked(on=today), Position.objects.current(today)) | {
        "quarter": quarter_name(quarter_of(today)),
        "person_pages": True,
        "when_all_done": _("In the next quarter everybody is asked again."),
        "when_none_done": _("People are asked on their page “Today”."),
    }
    return render(request, "staff/device_checks.html", context)
