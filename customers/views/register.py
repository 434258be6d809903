"""Registering a customer, typed from the paper form or sent from a phone. Source: REC-04, REC-18, ux checks 1-10."""

from functools import partial

from django.contrib import messages
from django.forms.utils import ErrorDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from customers import books, desk, drafts, policies
from customers.actions import DuplicatesFound, SerialTaken, register
from customers.duplicates import Draft, find
from customers.duplicates.seen import log_masked
from customers.forms.contacts import ContactFormSet
from customers.forms.desk import DeskConfirmForm
from customers.forms.registration import PINNABLE, LookForm, RegistrationForm
from customers.models import Customer, DeskForm, FormReceipt, Kind
from staff.access import acting_on, answers_only, position_required, take_typing
from staff.paging import row_id
from staff.verbs import PositionCode, Verb

RECEIVERS = (PositionCode.CLERK, PositionCode.SALES_REP, PositionCode.ACCOUNT_MANAGER)
LOOK_ALIKE = gettext_lazy(
    "A look-alike is there already. If it is the same customer, use that record or ask its unit; if not, say why."
)


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.CUSTOMER_REGISTER)
def register_customer(request):
    if request.method != "POST":
        return _opened(request)
    return _enter(request, *_forms(request, request.POST))


def _enter(request, form, contacts):
    """Save what was sent, or show it again with what is wrong."""
    if not _valid(form, contacts):
        return _show(request, form, contacts, matches=_look_alikes(request, form, contacts))
    try:
        customer = _register(request, form, contacts)
    except DuplicatesFound as found:
        log_masked(request, found.matches)
        form.add_error("different_because", LOOK_ALIKE)
        return _show(request, form, contacts, matches=found.matches, blocked=True)
    except SerialTaken:
        form.add_error("serial", _("Another form of this unit has this serial. Compare the two papers."))
        return _show(request, form, contacts)
    if "submission" in form.cleaned_data:  # what a customer sent from the phone has no draft
        drafts.drop(request.user, drafts.REGISTRATION, form.cleaned_data["submission"])
    messages.success(request, _("%(name)s is registered.") % {"name": customer.name})
    if doubt := books.doubt(form.cleaned_data["branch"], form.cleaned_data["serial"]):
        messages.warning(request, doubt)
    if "save_new" in request.POST:
        return _next_form(request, form)
    address = reverse("customers:record", args=[customer.pk])
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.DESK_SERVE)
def confirm_desk_form(request, pk):
    """What a customer sent from the phone, to be checked and corrected, then entered like any other form."""
    rows = DeskForm.objects.visible_to(request.user).select_related("branch__district", "settled_by")
    sent = get_object_or_404(rows, pk=pk)
    if sent.settled_at:
        return settled_already(request, sent)
    data = request.POST if request.method == "POST" else take_typing(request)
    form = DeskConfirmForm(data, person=request.user, sent=sent)
    if request.method != "POST":
        return _show(request, form, _contacts(data, form, initial=[form.contact()]))
    try:
        return _enter(request, form, _contacts(data, form))
    except desk.AlreadySettled as late:
        return settled_already(request, late.form)


def settled_already(request, sent):
    """Somebody was faster; say who, and back to the inbox."""
    words = _("%(name)s has settled the form of %(customer)s already.")
    messages.info(request, words % {"name": sent.settled_by, "customer": sent.name})
    address = reverse("customers:desk")
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _opened(request):
    """The form as it is opened: with what the session's end interrupted, with a draft if wanted, else empty."""
    typed = take_typing(request)
    if typed is not None:
        return _show(request, *_forms(request, typed))
    draft = drafts.offered(request.user, drafts.REGISTRATION, at=timezone.now())
    if draft and request.GET.get("draft") == str(draft.key):
        return show_typed(request, drafts.typed(draft), draft_restored=draft)
    form, contacts = _forms(request, None)
    return _show(request, form, contacts, draft=draft)


def show_typed(request, data, **context):
    """The form holding what was typed, which nobody has judged yet."""
    form, contacts = _forms(request, data)
    for unjudged in (form, *contacts.forms):
        unjudged._errors, unjudged.cleaned_data = ErrorDict(), {}
    contacts._errors, contacts._non_form_errors = [{} for _line in contacts.forms], contacts.error_class()
    return _show(request, form, contacts, address=reverse("customers:register"), **context)


def _forms(request, data):
    initial = {} if data is not None else _own_defaults(request) | _of_receipt(request)
    form = RegistrationForm(data, person=request.user, initial=initial)
    return form, _contacts(data, form)


def _contacts(data, form, initial=None):
    """The contact lines; phones are read as numbers of the customer's country."""
    region = form["country"].value() or "CN"
    return ContactFormSet(data, prefix="contacts", initial=initial, form_kwargs={"region": region})


def _own_defaults(request):
    """Clerks, reps and account managers received the form themselves; whoever else types it says who did."""
    receives = any(position.code in RECEIVERS for position in request.user.current_positions)
    return {"received_by": request.user.pk if receives else None}


def _of_receipt(request):
    """What the counter noted when the paper came."""
    pk = row_id(request.GET.get("receipt", ""))
    waiting = FormReceipt.objects.visible_to(request.user, verb=Verb.CUSTOMER_REGISTER).waiting()
    receipt = waiting.filter(pk=pk).first() if pk else None
    if receipt is None:
        return {}
    names = {"serial": receipt.serial, "received_by": receipt.received_by_id, "branch": receipt.branch_id}
    return names | {"received_at": timezone.localtime(receipt.received_at)}


def _valid(form, contacts):
    both = [form.is_valid(), contacts.is_valid()]
    if all(both) and not contacts.reaches_somebody and not form.cleaned_data["address"]:
        message = _("Write at least one way to reach the customer: phone, e-mail or address.")
        kept = [line for line in contacts.forms if line not in contacts.deleted_forms]
        place, field = (kept[0], "phones") if kept else (form, "address")
        place.add_error(field, message)
        return False
    return all(both)


def _register(request, form, contacts):
    data, fields = form.cleaned_data, form.customer_fields()
    owner = policies.first_owner(request.user, data["branch"], data.get("owner"))
    row = Customer(branch=data["branch"], channel=data["branch"].channel, owner=owner, district=fields["district"])
    acting_on(request, row, Verb.CUSTOMER_REGISTER)
    if form.sent:
        act = partial(desk.confirm, form.sent)
    else:
        act = partial(register, form=form.form_entry(), consents=data["consents"], declined=data["declined"])
    return act(
        fields=fields,
        contacts=contacts.entries(),
        needs=data["needs"],
        owner=owner,
        different_because=data["different_because"],
        by=request.user,
        at=timezone.now(),
    )


def _next_form(request, entered):
    """An empty form in which the pinned fields keep what they said."""
    pins = _pins(request)
    initial = _own_defaults(request) | {name: entered[name].value() for name in pins}
    form = RegistrationForm(person=request.user, initial=initial)
    return _show(request, form, _contacts(None, form), pins=pins)


def _pins(request):
    return [name for name in request.POST.get("pins", "").split(",") if name in PINNABLE]


def _show(request, form, contacts, matches=(), blocked=False, pins=None, **more):
    context = {
        "form": form,
        "contacts": contacts,
        "contact_sets": [contacts],
        "add_contact_label": _("One more contact"),
        "different_because": form["different_because"].value() or "",
        "matches": matches,
        "blocked": blocked,
        "pins": ",".join(_pins(request) if pins is None else pins),
        "address": request.path,
        "restored": request.method != "POST" and form.is_bound and "draft_restored" not in more,
        **more,
    }
    return render(request, "customers/register.html" + ("#form" if request.htmx else ""), context)


@answers_only
@require_POST
@position_required(Verb.CUSTOMER_REGISTER, Verb.CUSTOMER_EDIT)
def check(request):
    """The duplicate card, while typing: whoever has this phone, code or name already. Source: REC-18."""
    form = LookForm(request.POST)
    form.is_valid()
    form.cleaned_data["branch"] = policies.unit_to_register_for(request.user, row_id(request.POST.get("branch", "")))
    matches = _look_alikes(request, form, _contacts(request.POST, form))
    doubt = books.doubt(form.cleaned_data["branch"], form.cleaned_data.get("serial", ""))
    context = {"matches": matches, "different_because": request.POST.get("different_because", ""), "doubt": doubt}
    return render(request, "customers/duplicate_card.html", context)


def _look_alikes(request, form, contacts):
    """Matches of what is readable in the form so far."""
    contacts.is_valid(), form.is_valid()
    read = [line.cleaned_data for line in contacts.forms if hasattr(line, "cleaned_data")]
    code = form.cleaned_data.get("credit_code")
    draft = Draft(
        name=request.POST.get("name", "")[:120],
        kind=form.cleaned_data.get("kind") or Kind.COMPANY,
        credit_code=code if isinstance(code, str) else getattr(code, "value", ""),
        phones=tuple(phone.e164 for data in read for phone in data.get("phones") or ()),
        emails=tuple(email for data in read for email in data.get("emails") or ()),
        branch_id=getattr(form.cleaned_data.get("branch"), "pk", None),
    )
    matches = find(draft, person=request.user)
    log_masked(request, matches)
    request.records_shown += len(matches)
    return matches
