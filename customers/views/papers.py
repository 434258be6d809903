"""Files and notes of a customer. Source: REC-01, SEC-04, SEC-06."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers import papers as actions
from customers.forms.papers import FilesForm, NoteForm, RemoveFileForm
from customers.models import Customer, CustomerFile, CustomerNote
from journal import attachments
from staff.access import acting_on, position_required
from staff.paging import Order, asked, links, page
from staff.verbs import Verb

NEWEST = Order("pk", descending=True)
NOTES = 20  # on one page


def _back(customer):
    return redirect(f"{reverse('customers:record', args=[customer.pk])}#papers")


def _page(request, customer, **forms):
    person = request.user
    request.records_shown += 1
    found = page(customer.notes.select_related("author"), NEWEST, size=NOTES, **asked(request))
    files = list(customer.files.select_related("added_by", "removed_by"))
    may_write = customer.archived_at is None and person.can_on(Verb.NOTE_WRITE, customer)
    context = {
        "customer": customer,
        "notes": found.rows,
        "files": [file for file in files if file.removed_at is None],
        "removed": [file for file in files if file.removed_at],
        "may_write": may_write,
        "may_remove_any": may_write and files and person.can_on(Verb.CUSTOMER_EDIT, customer),
        "note_form": NoteForm(),
        "files_form": FilesForm(),
        **links(request, found),
        **forms,
    }
    return render(request, "customers/papers.html" + ("#papers" if request.htmx else ""), context)


@require_safe
@position_required(Verb.CUSTOMER_VIEW)
def papers(request, pk):
    return _page(request, get_object_or_404(Customer.objects.visible_to(request.user), pk=pk))


def _writable(request, pk):
    customer = get_object_or_404(Customer.objects.visible_to(request.user, verb=Verb.NOTE_WRITE).in_use(), pk=pk)
    acting_on(request, customer, Verb.NOTE_WRITE)
    return customer


@require_POST
@position_required(Verb.NOTE_WRITE)
def note_new(request, pk):
    customer, form = _writable(request, pk), NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, customer, note_form=form)
    actions.write_note(customer, **form.cleaned_data, by=request.user, at=timezone.now())
    messages.success(request, _("The note is saved."))
    return _back(customer)


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.NOTE_WRITE)
def note_edit(request, pk):
    """Only one's own, and only while one still sees the customer."""
    rows = CustomerNote.objects.visible_to(request.user, verb=Verb.NOTE_WRITE)
    rows = rows.filter(author=request.user, customer__archived_at=None)
    note = get_object_or_404(rows.select_related("customer"), pk=pk)
    acting_on(request, note.customer, Verb.NOTE_WRITE)
    form = NoteForm(request.POST or None, initial={"text": note.text})
    if request.method == "POST" and form.is_valid():
        actions.edit_note(note, **form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, _("The note is saved."))
        return _back(note.customer)
    return render(request, "customers/note_edit.html", {"note": note, "customer": note.customer, "form": form})


@require_POST
@position_required(Verb.NOTE_WRITE)
def file_new(request, pk):
    customer, form = _writable(request, pk), FilesForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, customer, files_form=form)
    actions.add_files(customer, uploads=form.cleaned_data["files"], by=request.user, at=timezone.now())
    messages.success(request, _("The files are saved."))
    return _back(customer)


@require_safe
@position_required(Verb.CUSTOMER_VIEW)
def file(request, pk):
    return attachments.download(get_object_or_404(CustomerFile.objects.visible_to(request.user).kept(), pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.NOTE_WRITE)
def file_remove(request, pk):
    """By whoever added it or may edit the record."""
    rows = CustomerFile.objects.kept().visible_to(request.user, verb=Verb.NOTE_WRITE)
    rows = rows.filter(customer__archived_at=None).select_related("customer")
    found = get_object_or_404(rows, pk=pk)
    if found.added_by != request.user:
        get_object_or_404(CustomerFile.objects.visible_to(request.user, verb=Verb.CUSTOMER_EDIT), pk=pk)
    acting_on(request, found.customer, Verb.CUSTOMER_EDIT, Verb.NOTE_WRITE)
    form = RemoveFileForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.remove_file(found, **form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, _("%(name)s is removed.") % {"name": found.name})
        return _back(found.customer)
    return render(request, "customers/file_remove.html", {"file": found, "customer": found.customer, "form": form})
