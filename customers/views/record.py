"""One customer: four blocks, edited in place, and the timeline. Source: REC-01, SEC-05."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from customers import completeness, own_fields
from customers.actions import ArchivedRecord, DuplicatesFound, ReasonNeeded, StaleEdit, edit, entries_of
from customers.assigning import assign_owner
from customers.dossier import read
from customers.duplicates.seen import log_masked
from customers.family import family_of
from customers.forms.blocks import BLOCKS
from customers.forms.contacts import contact_lines, merged_contacts, shown_contacts
from customers.forms.owner import OwnerForm
from customers.forms.reasons import WHY_ASKED, RevealForm
from customers.models import Customer, ProposedChange, put_codes
from customers.proposal_cards import cards
from customers.views.archiving import refuse_archived
from customers.views.register import LOOK_ALIKE
from journal.actions import record as record_access
from journal.models import AccessLog
from staff.access import acting_on, position_required, take_typing
from staff.verbs import Verb

READABLE = ("contacts", *BLOCKS)


def _customer(request, pk, verb=Verb.CUSTOMER_VIEW):
    customer = get_object_or_404(Customer.objects.visible_to(request.user, verb=verb).for_record(), pk=pk)
    put_codes(customer)
    return customer


def _context(request, customer):
    in_use = customer.archived_at is None
    may_edit = in_use and request.user.can_on(Verb.CUSTOMER_EDIT, customer)
    dossier = read(customer)
    people = dossier.pop("people")
    return {
        **family_of(customer, request.user, is_parent=customer.is_parent),
        **dossier,
        "agreed": {consent.purpose for consent in dossier["consents"]},
        "customer": customer,
        "contacts": [contact for contact in people if contact.valid_until is None],
        "former": sorted((p for p in people if p.valid_until), key=lambda p: (p.valid_until, p.pk), reverse=True),
        "own_fields": own_fields.lines(customer),
        "may_edit": may_edit,
        "may_propose": in_use and not may_edit,
        "may_assign": in_use and request.user.can_on(Verb.CUSTOMER_ASSIGN, customer),
        "may_archive": request.user.can_on(Verb.CUSTOMER_ARCHIVE, customer),
        "completeness": completeness.of(customer),
        "sees_contacts": request.user.can_on(Verb.CONTACT_SEE, customer),
        "reveal_form": RevealForm(),
    }


@require_safe
@position_required(Verb.CUSTOMER_VIEW)
def record(request, pk):
    customer = _customer(request, pk)
    request.records_shown += 1
    context = _context(request, customer) | {"cards": _cards(request, customer) if customer.is_proposed else []}
    return render(request, "customers/record.html", context)


def _cards(request, customer):
    proposed = ProposedChange.objects.readable_by(request.user).filter(customer=customer).pending()
    return cards(proposed.for_cards().order_by("pk"), request.user)


@require_safe
@position_required(Verb.CUSTOMER_VIEW)
def block(request, pk, block):
    """One block as it is read: what "cancel" puts back."""
    customer = _customer(request, pk)
    if block not in READABLE:
        raise Http404
    if not request.htmx:
        return redirect("customers:record", pk)
    request.records_shown += 1
    return render(request, f"customers/record.html#{block}", _context(request, customer))


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.CUSTOMER_EDIT)
def edit_block(request, pk, block):
    """A block as a form in its place. A stale form shows both values and saves nothing until the person decides."""
    customer = _customer(request, pk, Verb.CUSTOMER_EDIT)
    acting_on(request, customer, Verb.CUSTOMER_EDIT)
    if block not in BLOCKS:
        raise Http404
    if customer.archived_at:
        return refuse_archived(request, pk)
    data = request.POST if request.method == "POST" else take_typing(request)
    form, contacts = _forms(block, customer, data)
    if request.method == "POST" and form.is_valid() and (contacts is None or contacts.is_valid()):
        try:
            saved = _save(request, customer, form, contacts)
        except ReasonNeeded:
            form.add_error("reason", WHY_ASKED)
            return _form_page(request, customer, block, form, contacts)
        except DuplicatesFound as found:
            log_masked(request, found.matches)
            form.add_error("different_because", LOOK_ALIKE)
            return _form_page(request, customer, block, form, contacts, matches=found.matches)
        except ArchivedRecord:
            return refuse_archived(request, pk)
        except StaleEdit as stale:
            return _stale(request, stale.current, block, form, contacts)
        messages.success(request, _("%(name)s is saved.") % {"name": saved.name})
        return _saved(request, pk, block) if request.htmx else redirect("customers:record", pk)
    return _form_page(request, customer, block, form, contacts)


def _saved(request, pk, block):
    """The block as it reads now, the head of the page with it, and the word to read the history again."""
    context = _context(request, _customer(request, pk))
    context |= {"saved": True, "block_template": f"customers/record.html#{block}"}
    return trigger_client_event(render(request, "customers/block_saved.html", context), "record-saved")


def _forms(block, customer, data):
    form = BLOCKS[block](data, customer=customer)
    lines = contact_lines(data, customer, entries_of(customer)) if block == "identity" else None
    return form, lines


def _save(request, customer, form, contacts):
    known = set(customer.contacts.current().values_list("pk", flat=True))
    entries = contacts.entries() if contacts is not None else None
    if entries is not None and any(entry.pk and entry.pk not in known for entry in entries):
        raise StaleEdit(customer)  # a contact of the form is gone
    return edit(
        customer,
        version=form.cleaned_data["version"],
        fields=form.fields_to_save(),
        contacts=entries,
        new_needs=form.cleaned_data.get("needs", ()),
        different_because=form.cleaned_data.get("different_because", ""),
        reason=form.cleaned_data["reason"],
        by=request.user,
        at=timezone.now(),
    )


def _stale(request, current, block, form, contacts):
    """Both values side by side; saving again then means: mine, knowing theirs."""
    conflicts = form.changes_against(current)
    form.take_over(current)
    if contacts is not None:
        stored = entries_of(current)
        if shown_contacts(stored) != shown_contacts(contacts.entries()):
            conflicts.append((_("Contacts"), shown_contacts(stored), shown_contacts(contacts.entries())))
        contacts = contact_lines(None, current, merged_contacts(contacts, stored))
    return _form_page(request, current, block, form, contacts, conflicts=conflicts, stale=current)


def _form_page(request, customer, block, form, contacts, **extra):
    request.records_shown += 1
    context = {
        "customer": customer,
        "block_name": block,  # inside {% block %} a template's own `block` is something else
        "form": form,
        "contacts": contacts,
        "contact_sets": [contacts] if contacts is not None else [],
        "add_contact_label": _("One more contact"),
        "different_because": form.data.get("different_because", ""),
        **extra,
    }
    return render(request, "customers/block_form.html" + ("#form" if request.htmx else ""), context)


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.CUSTOMER_ASSIGN)
def owner(request, pk):
    """A manager puts the customer in somebody's charge."""
    customer = _customer(request, pk, Verb.CUSTOMER_ASSIGN)
    acting_on(request, customer, Verb.CUSTOMER_ASSIGN)
    if customer.archived_at:
        return refuse_archived(request, pk)
    form = OwnerForm(request.POST or None, customer=customer)
    if request.method == "POST" and form.is_valid():
        try:
            assign_owner(customer, **form.cleaned_data, by=request.user, at=timezone.now())
        except ReasonNeeded:
            form.add_error("reason", WHY_ASKED)
        except StaleEdit:
            form.add_error(None, _("Somebody saved this record meanwhile. Look at it again, then decide."))
        else:
            messages.success(request, _("The person in charge of %(name)s is changed.") % {"name": customer.name})
            return redirect("customers:record", pk)
    return render(request, "customers/owner.html", {"customer": customer, "form": form})


@require_POST
@position_required(Verb.CUSTOMER_VIEW)
def reveal(request, pk):
    """Phones and e-mails in full for whom the record masks them; the look is logged. Source: SEC-06."""
    customer = _customer(request, pk)
    request.records_shown += 1
    form, name = RevealForm(request.POST), "customers/record.html" + ("#contacts" if request.htmx else "")
    if not form.is_valid():
        return render(request, name, _context(request, customer) | {"reveal_form": form})
    record_access(
        AccessLog.Action.REVEAL, by=request.user, at=timezone.now(), subjects=[customer], request=request,
        detail={"purpose": form.said()},
    )  # fmt: skip
    page = render(request, name, _context(request, customer) | {"sees_contacts": True, "revealed": True})
    if not request.htmx:
        page["Refresh"] = (
            f"60; url={reverse('customers:record', args=[pk])}"  # the fragment masks itself, by its script
        )
    return page
