"""Numbered books of blanks: bound and printed, issued, returned, and what is missing from them. Source: REC-04."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from customers import books as acts
from customers.forms.blank import blank
from customers.forms.books import BindForm, IssueForm, SpoilForm
from customers.models import FormBook
from customers.policies import staff_of, units_with
from staff import paging, refusals
from staff.access import acting_on, position_required, take_typing
from staff.verbs import Verb

BOOKS = 20  # on a page
NEWEST_FIRST = paging.Order("pk", descending=True)


@require_safe
@position_required(Verb.BOOKS_MANAGE)
def books(request):
    rows = rows_of(request.user)
    page = paging.page(rows, NEWEST_FIRST, size=BOOKS, **paging.asked(request))
    accounts = acts.accounts(page.rows)
    context = {
        "rows": [{"book": book, "account": accounts[book.pk], "issue": newest_issue(book)} for book in page.rows],
        "count": paging.capped_count(rows),
        **paging.links(request, page),
    }
    return render(request, "customers/books/list.html", context)


def rows_of(person):
    """Books with where they are."""
    return FormBook.objects.visible_to(person).select_related("branch").prefetch_related("issues__issued_to")


def newest_issue(book):
    issues = book.issues.all()
    return issues[0] if issues else None


@require_http_methods(["GET", "HEAD", "POST"])
@position_required(Verb.BOOKS_MANAGE)
def book_new(request):
    data = request.POST if request.method == "POST" else take_typing(request)
    form = BindForm(data, units=units_with(request.user, Verb.BOOKS_MANAGE))
    if request.method == "POST" and form.is_valid():
        acting_on(request, FormBook(branch=form.cleaned_data["branch"], made_by=request.user), Verb.BOOKS_MANAGE)
        with refusals.beside_fields(form):
            book = acts.bind(**form.cleaned_data, by=request.user, at=timezone.now())
            messages.success(request, _("Book %(book)s is entered. Print its blanks and bind them.") % {"book": book})
            return redirect("customers:book", book.pk)
    return render(request, "customers/books/new.html", {"form": form})


@require_safe
@position_required(Verb.BOOKS_MANAGE)
def book(request, pk):
    return _page(request, _book(request, pk))


def _book(request, pk):
    return get_object_or_404(FormBook.objects.visible_to(request.user).select_related("branch"), pk=pk)


def _page(request, book, issue_form=None, spoil_form=None):
    account = acts.accounts([book])[book.pk]
    issues = list(book.issues.select_related("issued_to", "issued_by", "returned_by"))
    context = {
        "book": book,
        "account": account,
        "issues": issues,
        "out": next((issue for issue in issues if issue.returned_at is None), None),
        "missing": [book.serial(number) for number in account.missing],
        "left": (book.serial(account.left[0]), book.serial(account.left[-1])) if account.left else None,
        "spoiled": _spoiled(book, account),
        "issue_form": issue_form or IssueForm(people=_people(book)),
        "spoil_form": spoil_form or SpoilForm(account=account, initial={"serial": _first_missing(account)}),
    }
    return render(request, "customers/books/book.html", context)


def _spoiled(book, account):
    """Marks that still count; each bears its serial, so that no row asks for its book."""
    rows = [row for row in book.spoiled.select_related("noted_by") if row.number in account.spoiled]
    for row in rows:
        row.serial = book.serial(row.number)
    return rows


def _first_missing(account):
    return account.book.serial(account.missing[0]) if account.missing else ""


def _people(book):
    return staff_of([book.branch], on=timezone.localdate()).enabled()


@require_safe
@position_required(Verb.BOOKS_MANAGE)
def book_print(request, pk):
    """All blanks of a book with their serials, one A4 page each."""
    book = _book(request, pk)
    context = {"unit": book.branch, "book": book, "serials": book.serials(), **blank()}
    return render(request, "customers/desk/blanks.html", context)


@require_POST
@position_required(Verb.BOOKS_MANAGE)
def book_issue(request, pk):
    book = _book(request, pk)
    form = IssueForm(request.POST, people=_people(book))
    if form.is_valid():
        acting_on(request, book, Verb.BOOKS_MANAGE)
        with refusals.beside_fields(form):
            issue = acts.issue(book, to=form.cleaned_data["to"], by=request.user, at=timezone.now())
            words = _("Book %(book)s is issued to %(name)s.")
            messages.success(request, words % {"book": book, "name": issue.issued_to})
            return redirect("customers:book", pk)
    return _page(request, book, issue_form=form)


@require_POST
@position_required(Verb.BOOKS_MANAGE)
def book_return(request, pk):
    book = _book(request, pk)
    acting_on(request, book, Verb.BOOKS_MANAGE)
    acts.take_back(book, by=request.user, at=timezone.now())
    messages.success(request, _("Book %(book)s is returned.") % {"book": book})
    return redirect("customers:book", pk)


@require_POST
@position_required(Verb.BOOKS_MANAGE)
def book_spoil(request, pk):
    book = _book(request, pk)
    form = SpoilForm(request.POST, account=acts.accounts([book])[book.pk])
    if not form.is_valid():
        return _page(request, book, spoil_form=form)
    acting_on(request, book, Verb.BOOKS_MANAGE)
    acts.spoil(
        book, number=form.number(), reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
    )  # fmt: skip
    messages.success(request, _("The blank %(serial)s is marked as spoiled.") % form.cleaned_data)
    return redirect("customers:book", pk)


@require_POST
@position_required(Verb.BOOKS_MANAGE)
def book_unspoil(request, pk, number):
    """A mark set by mistake goes; the history keeps both."""
    book = _book(request, pk)
    acting_on(request, book, Verb.BOOKS_MANAGE)
    acts.not_spoiled(book, number=number, by=request.user)
    messages.success(request, _("The blank %(serial)s counts again.") % {"serial": book.serial(number)})
    return redirect("customers:book", pk)
