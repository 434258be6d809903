"""The columns of the customer list: what a cell shows, and what of it stands in a file. Source: REC-08, GEN-03."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from html import escape
from operator import attrgetter

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from journal.exports import Column
from staff.labels import labels
from staff.models import District

from .models import BusinessType, CompanySize, Contact, Customer, Industry
from .models.contact import masked_value

WIDE = "cell-wide"  # not on the phone


@dataclass(frozen=True)
class ListColumn:
    """`cell(row, language)`: text or safe markup, of a row read with `Customer.objects.in_rows(*needs)`. `files`: the
    columns of a file for it, whose values are taken from the customer."""

    code: str
    label: object
    cell: Callable
    needs: tuple[str, ...]
    files: tuple[Column, ...]
    css: str = WIDE


def needed(columns):
    """Names of what is read for these columns, each once."""
    return list(dict.fromkeys(name for column in columns for name in column.needs))


def current(customer):
    """Contacts that are not former ones, of customers that were read with theirs."""
    return [contact for contact in customer.contacts.all() if contact.valid_until is None]


def contact_of(row):
    """Name of the first contact there is today, of a row with `first_contact`."""
    return "" if row.first_contact is None else row.first_contact or str(Contact())


def phone_of(row):
    """The first phone, masked, of a row with `first_phone`."""
    return masked_value(row.first_phone) if row.first_phone else ""


def body(rows, columns, *, ticked):
    """The rows of the list's table; `ticked`: with a box to choose each by.

    Written without a template, which takes as long for fifty rows as everything else on the page together.
    """
    before, _zero, after = reverse("customers:record", args=[0]).rpartition("0")
    choose, language = gettext("Choose %(name)s"), get_language()
    lines = []
    for row in rows:
        tick = ""
        if ticked:
            tick = (
                f'<td class="cell-tick"><label><span class="visually-hidden">{escape(choose % {"name": row.name})}'
                f'</span><input type="checkbox" name="customer" value="{row.pk}:{row.version}" form="chosen" '
                'autocomplete="off" data-tick></label></td>'
            )
        cells = "".join(f'<td class="{column.css}">{_safe(column.cell(row, language))}</td>' for column in columns)
        lines.append(
            f'<tr>{tick}<th scope="row" class="cell-name"><a href="{before}{row.pk}{after}" data-row-link>'
            f"{escape(row.name)}</a></th>{cells}</tr>"
        )
    return mark_safe("\n".join(lines))  # noqa: S308 - every value is escaped above


def _safe(content):
    return content if isinstance(content, SafeString) else escape(content)


def _masked(kind):
    def value(customer):
        ways = (way for contact in current(customer) for way in contact.ways.all())
        return next((way.masked for way in ways if way.kind == kind), "")

    return value


def _text(code, label, *, width=16, css=WIDE):
    """A column that shows and writes what is stored."""
    value = attrgetter(code)
    return ListColumn(code, label, lambda row, _l: value(row), (code,), (Column(code, label, value, width),), css)


def _choice(code, label, *, width=16, css=WIDE):
    def cell(row, language):
        value = getattr(row, code)
        return labels(Customer, code, language).get(value, value)

    file = Column(code, label, lambda customer: cell(customer, get_language()), width)
    return ListColumn(code, label, cell, (code,), (file,), css)


def _named(code, label, relation, *, width=16, css=WIDE, blank=""):
    """The name of a related row; `blank` stands in the list where there is none."""
    name = f"{relation}__name"
    file = Column(code, label, lambda customer: str(getattr(customer, relation) or ""), width)
    return ListColumn(code, label, lambda row, _language: getattr(row, name) or blank, (name,), (file,), css)


def _related(code, label, model, *fields, width=16):
    """What a related row of this model calls itself, of which these fields are read."""
    needs = tuple(f"{code}__{name}" for name in fields)

    def cell(row, _language):
        values = [getattr(row, name) for name in needs]
        return "" if values[0] is None else str(model(**dict(zip(fields, values, strict=True))))

    file = Column(code, label, lambda customer: str(getattr(customer, code) or ""), width)
    return ListColumn(code, label, cell, needs, (file,))


def _moment(code, label):
    field, local = f"{code}_at", f"{code}_local"

    def cell(row, _language):
        at = getattr(row, local)
        return mark_safe(f'<time datetime="{at}" title="{at}">{at[:10]}</time>')  # noqa: S308

    return ListColumn(code, label, cell, (local,), (Column(code, label, attrgetter(field), 18),), "cell-wide muted")


@cache
def _badge(tier, language):
    """The same few in every list."""
    return render_to_string("ui/tier.html", {"tier": tier, "label": labels(Customer, "tier", language)[tier]})


def _contact(row, _language):
    return mark_safe(  # noqa: S308
        f'{escape(contact_of(row))} <span class="muted nowrap">{escape(phone_of(row))}</span>'
    )


def _contact_name(customer):
    return next((str(contact) for contact in current(customer)), "")


CODE = ("label_zh", "label_en")
COLUMNS = (
    ListColumn(
        "tier", _("Tier"), lambda row, language: _badge(row.tier, language), ("tier",),
        (Column("tier", _("Tier"), lambda c: c.get_tier_display(), 8),), "cell-end",
    ),
    ListColumn(
        "contact", _("Contact"), _contact, ("first_contact", "first_phone"),
        (
            Column("contact", _("Contact"), _contact_name, 14),
            Column("phone", _("Phone (masked)"), _masked("phone")),
            Column("email", _("E-mail (masked)"), _masked("email"), 22),
        ),
        "cell-second",
    ),
    _named("unit", _("Unit"), "branch", css="muted", width=18),
    _choice("channel", _("Channel")),
    _choice("source", _("Source")),
    _named("owner", _("In charge"), "owner", css="", blank="—"),
    _choice("stage", _("Stage"), css="cell-end-second", width=10),
    _choice("kind", _("Kind"), width=10),
    _related("industry", _("Industry"), Industry, *CODE),
    _related("size", _("Size"), CompanySize, *CODE),
    _related("business_type", _("Type of business"), BusinessType, *CODE),
    _text("credit_code", _("Credit code"), width=22),
    _related("district", _("District"), District, "province", "city", "name", width=24),
    _moment("created", _("Entered")),
    _moment("updated", _("Updated")),
)  # fmt: skip
DEFAULT = ("tier", "contact", "unit", "source", "owner", "stage", "created", "updated")

NAME = Column("name", _("Customer"), lambda customer: customer.name, 36)
FILE_ONLY = (
    Column("country", _("Country or region"), lambda customer: customer.country, 8),
    Column("address", _("Street and number"), lambda customer: customer.address, 30),
    Column("preferences", _("Behaviour and preferences"), lambda customer: customer.preferences, 30),
    Column("remarks", _("Remarks"), lambda customer: customer.remarks, 30),
    Column("created_by", _("Entered by"), lambda customer: str(customer.created_by or "")),
)
FILE_NEEDS = ("industry", "size", "business_type", "district", "created_by")


def chosen(codes):
    """The columns of these codes in their order here; the usual ones when none is known."""
    codes = set(codes or ()) & {column.code for column in COLUMNS} or set(DEFAULT)
    return [column for column in COLUMNS if column.code in codes]


def file_columns():
    """Every column that a file can have."""
    return (NAME, *(column for shown in COLUMNS for column in shown.files), *FILE_ONLY)
