"""Two-step sign-in: setting it up, new recovery codes, switching it off, an administrator's reset. Source: SEC-02."""

import segno
from django.contrib import messages
from django.core import signing
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from crm_site import notifications, sessions, signing_in
from crm_site.forms import PasswordAndCodeForm, ResetSecondFactorForm, SetUpForm
from crm_site.throttle import TooMany
from crm_site.views.account import right_password
from journal.actions import record
from journal.models import AccessLog
from staff import refusals, second_factor
from staff.access import position_required, signed_in
from staff.models import Company, Person
from staff.verbs import Verb

SEED = "crm_site.two_step"  # salt: the seed comes back from the same person within the time
SEED_FOR = 3600  # seconds


@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
@sessions.before_second_factor
@signed_in
def account_two_step_on(request):
    """The QR code, and a first code as proof that the app has it. Recovery codes are shown once, in the answer."""
    person, at = request.user, timezone.now()
    if hasattr(person, "second_factor"):
        messages.info(request, _("Two-step sign-in is on."))
        return redirect("account")
    form = SetUpForm(request.POST or None)
    seed = _seed_of(request) or second_factor.new_seed()
    if request.method == "POST" and form.is_valid() and seed == _seed_of(request):
        try:
            if right_password(request, form, "password", at=at):
                with refusals.beside_fields(form):
                    code = form.cleaned_data["code"]
                    codes = second_factor.turn_on(person, seed=seed, code=code, by=person, at=at)
                    record(AccessLog.Action.SECOND_FACTOR_ON, by=person, at=at, request=request)
                    return render(request, "account/recovery_codes.html", {"codes": codes, "new": True})
        except TooMany as refusal:
            form.add_error("password", signing_in.too_many(refusal))
            return signing_in.slow(_set_up_page(request, form, seed), refusal, at=at)
    return _set_up_page(request, form, seed)


def _seed_of(request):
    """The seed of the page that was sent back; None for one of somebody else, or too old."""
    try:
        return signing.loads(request.POST.get("seed", ""), salt=f"{SEED}:{request.user.pk}", max_age=SEED_FOR)
    except signing.BadSignature:
        return None


def _set_up_page(request, form, seed):
    issuer = f"Keke {Company.objects.values_list('name', flat=True).first() or ''}".strip()
    address = second_factor.address(seed, person=request.user, issuer=issuer)
    secret = second_factor.secret(seed)
    # Attributes only, no style: the content security policy allows no other.
    picture = segno.make(address, micro=False).svg_inline(
        scale=5, dark="#000", light="#fff", border=4, omitsize=False, title=None, svgclass="qr", lineclass=None
    )
    return render(request, "account/two_step_on.html", {
        "form": form,
        "seed": signing.dumps(seed, salt=f"{SEED}:{request.user.pk}"),
        "picture": mark_safe(picture),  # noqa: S308  (made above from a letter-and-digit address)
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        "asked": sessions.has_to_set_up(request.user),
    })  # fmt: skip


def _proved(request, form, *, at):
    """Whether password and code are right: what changes the way of signing in asks for both. Raises TooMany."""
    if not form.is_valid() or not right_password(request, form, "password", at=at):
        return False
    one_try = signing_in.begin_own_try(request.user, at=at)
    if second_factor.use(request.user, form.cleaned_data["code"], at=at):
        one_try.succeeded()
        return True
    record(AccessLog.Action.SECOND_STEP_REFUSED, by=request.user, at=at, request=request)
    form.add_error("code", second_factor.wrong_code())
    return False


def _asking_for_proof(request, template, done):
    """A page that does something once password and code are right; `done(at)` gives the answer."""
    if not hasattr(request.user, "second_factor"):
        messages.info(request, _("Two-step sign-in is off."))
        return redirect("account")
    form, at = PasswordAndCodeForm(request.POST or None), timezone.now()
    try:
        if request.method == "POST" and _proved(request, form, at=at):
            return done(at)
    except TooMany as refusal:
        form.add_error("password", signing_in.too_many(refusal))
        return signing_in.slow(render(request, template, {"form": form}), refusal, at=at)
    return render(request, template, {"form": form})


@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def account_recovery_codes(request):
    def done(at):
        codes = second_factor.renew_codes(request.user, by=request.user)
        record(AccessLog.Action.RECOVERY_CODES_MADE, by=request.user, at=at, request=request)
        return render(request, "account/recovery_codes.html", {"codes": codes})

    return _asking_for_proof(request, "account/recovery_codes_new.html", done)


@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def account_two_step_off(request):
    if hasattr(request.user, "second_factor") and sessions.second_factor_asked_of(request.user):
        messages.error(
            request, _("Your position asks for two-step sign-in, so it stays on. New phone: ask for a reset.")
        )
        return redirect("account")

    def done(at):
        second_factor.turn_off(request.user, by=request.user)
        record(AccessLog.Action.SECOND_FACTOR_OFF, by=request.user, at=at, request=request)
        signing_in.tell(request.user, notifications.SECOND_FACTOR_OFF, at=at)
        messages.success(request, _("Two-step sign-in is off."))
        return redirect("account")

    return _asking_for_proof(request, "account/two_step_off.html", done)


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.PEOPLE_MANAGE)
def second_factor_reset(request, pk):
    """Somebody lost phone and codes. Not a way around it: the reason stays, and the person is told."""
    somebody, at = get_object_or_404(Person.objects.enabled(), pk=pk), timezone.now()
    form = ResetSecondFactorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        with refusals.beside_fields(form):
            if second_factor.reset(somebody, reason=reason, by=request.user, at=at):
                detail = {"reason": reason}
                record(
                    AccessLog.Action.SECOND_FACTOR_RESET, by=request.user, at=at, subjects=[somebody],
                    request=request, detail=detail,
                )  # fmt: skip
                signing_in.tell(
                    somebody, notifications.SECOND_FACTOR_RESET, at=at, name=request.user.name, reason=reason
                )
                messages.success(request, _("The two-step sign-in of %(name)s was reset.") % {"name": somebody.name})
            else:
                messages.info(request, _("%(name)s has no two-step sign-in.") % {"name": somebody.name})
            return redirect("staff:person", pk)
    return render(request, "account/two_step_reset.html", {"form": form, "somebody": somebody})
