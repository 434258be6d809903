"""Proposing a change of a record, and answering: a block's form, the worklist, one proposal. Source: SEC-04, REC-19."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from customers.actions import ArchivedRecord, DuplicatesFound, StaleEdit, entries_of
from customers.duplicates.seen import log_masked
from customers.forms.blocks import BLOCKS
from customers.forms.contacts import contact_lines, merged_contacts
from customers.forms.masked import masked_lines
from customers.forms.reasons import AnswerForm, ShownProposals
from customers.models import Customer, ProposedChange
from customers.proposal_cards import cards
from customers.proposals import AlreadyDecided, NothingProposed, accept, decline, propose
from customers.views.archiving import refuse_archived
from customers.views.register import LOOK_ALIKE
from staff.access import acting_on, position_required, take_typing
from staff.paging import COUNTED, Order, asked, capped_count, links, page
from staff.verbs import Verb

CARDS = 20  # on a page


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.CUSTOMER_VIEW)
def propose_block(request, pk, block):
    """A block as a form in its place, for somebody who may not save it: what is written becomes a proposal."""
    rows = Customer.objects.visible_to(request.user).select_related("branch", "owner", "district")
    customer = get_object_or_404(rows, pk=pk)
    acting_on(request, customer, Verb.CUSTOMER_VIEW)
    if block not in BLOCKS:
        raise Http404
    if customer.archived_at:
        return refuse_archived(request, pk)
    if request.user.can_on(Verb.CUSTOMER_EDIT, customer):
        return redirect("customers:edit_block", pk, block)
    data = request.POST if request.method == "POST" else take_typing(request)
    form = BLOCKS[block](data, customer=customer, proposing=True)
    contacts = _contacts(request, customer, data) if block == "identity" else None
    valid = request.method == "POST" and all([form.is_valid(), contacts is None or contacts.is_valid()])
    if valid and _proposed(request, customer, block, form, contacts):
        address = reverse("customers:record", args=[pk])
        return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
    request.records_shown += 1
    context = {
        "customer": customer,
        "block_name": block,
        "form": form,
        "contacts": contacts,
        "contact_sets": [contacts] if contacts is not None else [],
        "add_contact_label": _("One more contact"),
        "proposing": True,
    }
    return render(request, "customers/block_form.html" + ("#form" if request.htmx else ""), context)


def _contacts(request, customer, data):
    """The contact lines; masked for whom the record masks phones and e-mails. Source: SEC-06."""
    lines = contact_lines if request.user.can_on(Verb.CONTACT_SEE, customer) else masked_lines
    return lines(data, customer, entries_of(customer))


def _proposed(request, customer, block, form, contacts):
    """Whether the proposal stands; if not, the form says why."""
    try:
        propose(
            customer,
            block=block,
            fields=form.touched_fields(),
            contacts=merged_contacts(contacts, entries_of(customer)) if contacts is not None else None,
            new_needs=form.cleaned_data.get("needs", ()),
            why=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
        )
    except NothingProposed:
        form.add_error(None, _("Nothing differs from the record yet. Change what shall be different."))
        return False
    except ArchivedRecord:
        form.add_error(None, _("This record was archived meanwhile."))
        return False
    messages.success(request, _("Your proposal for %(name)s is sent. You will hear the answer.") % {"name": customer})
    return True


@require_safe
@position_required(Verb.CUSTOMER_VIEW)
def proposals(request):
    """Open proposals to decide, oldest first; one's own open ones and the decided ones, newest first."""
    form = ShownProposals(request.GET, person=request.user)
    rows, order = rows_of(request.user, form.shown)
    readable = ProposedChange.objects.readable_by(request.user)
    found = page(rows.for_cards(), order, within=readable, size=CARDS, **asked(request))
    request.records_shown += len(found.rows)
    context = {
        "form": form,
        "show": form.shown,
        "tabs": _tabs(form),
        "cards": cards(found.rows, request.user),
        "rows": found.rows,
        "count": capped_count(rows),
        "counted": COUNTED,
        **links(request, found),
    }
    return render(request, "customers/proposals.html", context)


def rows_of(person, show):
    """(proposals shown under a tab, their order)."""
    readable = ProposedChange.objects.readable_by(person)
    if show == "mine":
        rows = readable.pending().filter(by=person)
    elif show == "decided":
        rows = readable.exclude(state=ProposedChange.State.PENDING)
    else:
        rows = ProposedChange.objects.to_decide(person)
    return rows, Order("pk", descending=bool(show))


def _tabs(form):
    address = reverse("customers:proposals")
    return [
        {
            "label": label,
            "url": f"{address}?show={value}" if value else address,
            "current": value == form.shown,
            "count": None,
        }
        for value, label in form.fields["show"].choices
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.CUSTOMER_VIEW)
def proposal(request, pk):
    """One proposal beside the record as it is now; who may decide on it accepts or declines here."""
    rows = ProposedChange.objects.readable_by(request.user)
    row = get_object_or_404(rows.for_cards(), pk=pk)
    if request.method != "POST":
        return _show(request, row, AnswerForm(None))
    if row.by_id == request.user.pk or not request.user.can_on(Verb.CUSTOMER_EDIT, row.customer):
        raise Http404
    acting_on(request, row.customer, Verb.CUSTOMER_EDIT)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            return _answered(request, row, form.cleaned_data)
        except AlreadyDecided:
            messages.warning(request, _("Somebody else answered this proposal first."))
            return redirect("customers:proposal", pk)
        except ArchivedRecord:
            return refuse_archived(request, row.customer_id)
        except StaleEdit:
            row = get_object_or_404(rows.for_cards(), pk=pk)
            form.add_error(None, _("Somebody saved this record meanwhile. Look at it again, then decide."))
        except DuplicatesFound as found:
            log_masked(request, found.matches)
            form.add_error("different_because", LOOK_ALIKE)
            return _show(request, row, form, matches=found.matches)
    return _show(request, row, form)


def _answered(request, row, said):
    arguments = {"word": said["word"], "by": request.user, "at": timezone.now()}
    if "decline" in request.POST:
        decline(row, **arguments)
        messages.success(request, _("The proposal for %(name)s is declined.") % {"name": row.customer})
    else:
        done = accept(row, version=said["version"], different_because=said["different_because"], **arguments)
        overtaken = done.state == ProposedChange.State.OVERTAKEN
        text = (
            _("%(name)s said so already; nothing was changed.") if overtaken else _("%(name)s is changed as proposed.")
        )
        messages.success(request, text % {"name": row.customer})
    if request.POST.get("from") == "record":
        return redirect("customers:record", row.customer_id)
    return redirect("customers:proposals")


def _show(request, row, form, matches=()):
    request.records_shown += 1
    (card,) = cards([row], request.user)
    context = {
        "card": card,
        "form": form,
        "matches": matches,
        "different_because": form.data.get("different_because", ""),
        "word": form.data.get("word", ""),
    }
    return render(request, "customers/proposal.html", context)
