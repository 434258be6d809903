"""The page that a customer opens with the QR code at the counter. Source: REC-04, REC-17.

It takes and gives nothing back: what was sent cannot be read here, nor by the link of any other day.
"""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from crm_site import addresses, rules, throttle
from crm_site.signing_in import slow
from customers import desk
from customers.forms.desk import SelfRegistrationForm
from customers.models import CONSENT_TEXT
from staff.access import public


@public
@csrf_exempt  # nobody is signed in here, so there is nothing to borrow; a phone that refuses cookies can send as well
@require_http_methods(["GET", "HEAD", "POST"])
def desk_form(request, unit, key):
    sending, at = request.method == "POST", timezone.now()
    branch = desk.unit_behind(unit, key, at=at, sending=sending)
    if branch is None:
        return _no_such_link(request)
    form = SelfRegistrationForm(request.POST if sending else None)
    if not sending or not form.is_valid():
        return _page(request, form, branch)
    try:
        one_try = throttle.begin(_buckets(request, branch, at), at=at)
    except throttle.TooMany as refusal:
        until = timezone.localtime(refusal.until)
        words = _("Many forms are being sent just now. Wait until %(time)s and send again, or tell the counter.")
        form.refuse(words % {"time": f"{until:%H:%M}"})
        return slow(_page(request, form, branch), refusal, at=at)
    submission = form.cleaned_data["submission"]
    _sent, new = desk.receive(branch=branch, submission=submission, written=form.written(), at=at)
    if not new:
        one_try.succeeded()
    return redirect("desk_sent", unit, key)


@public
@require_safe
def desk_sent(request, unit, key):
    branch = desk.unit_behind(unit, key, at=timezone.now(), sending=True)
    if branch is None:
        return _no_such_link(request)
    return render(request, "desk/sent.html", {"unit": branch, "key": key})


def _page(request, form, branch):
    return render(request, "desk/form.html", {"form": form, "unit": branch, "text_version": CONSENT_TEXT})


def _no_such_link(request):
    """Another day's, a wrong one, a closed unit's: one answer, which tells nobody which it is."""
    return render(request, "desk/no_link.html", status=404)


def _buckets(request, branch, at):
    today = timezone.localdate(at)
    return [
        throttle.Bucket(f"desk:from:{addresses.network(request)}", rules.DESK_FROM_ADDRESS.value(branch, on=today)),
        throttle.Bucket(f"desk:to:{branch.pk}", rules.DESK_TO_UNIT.value(branch, on=today)),
    ]
