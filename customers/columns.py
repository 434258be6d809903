"""The columns of the customer list: what a cell shows, and what of it stands in a file. Source: REC-08, GEN-03."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from html import escape

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from journal.exports import Column

from .models import Contact, Customer
from .models.contact import masked_value

WIDE = "cell-wide"  # not on the phone


@dataclass(frozen=True)
class ListColumn:
    """`cell(row)`: text or safe markup. `needs`: relations read with the rows. `files`: the columns of a file for it,
    whose values are taken from the customer."""

    code: str
    label: object
    cell: Callable
    files: tuple[Column, ...]
    css: str = WIDE
    needs: tuple = ()


def current(customer):
    """Contacts that are not former ones, of rows that were read with theirs."""
    return [contact for contact in customer.contacts.all() if contact.valid_until is None]


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    customer: object
    contact: str  # the first one's name
    phone: str  # masked
    columns: list

    @classmethod
    def of(cls, customer, columns=()):
        """Of a customer read with `in_rows`."""
        contact = "" if customer.first_contact is None else str(Contact(name=customer.first_contact))
        phone = masked_value(customer.first_phone) if customer.first_phone else ""
        return cls(customer, contact, phone, columns)

    @property
    def cells(self):
        """(class, content) of each column."""
        return [(column.css, column.cell(self)) for column in self.columns]


def body(rows, *, ticked):
    """The rows of the list's table; `ticked`: with a box to choose each by.

    Written without a template, which takes as long for fifty rows as everything else on the page together.
    """
    before, _zero, after = reverse("customers:record", args=[0]).rpartition("0")
    choose = gettext("Choose %(name)s")
    lines = []
    for row in rows:
        customer = row.customer
        name, tick = escape(customer.name), ""
        if ticked:
            tick = (
                f'<td class="cell-tick"><label><span class="visually-hidden">{escape(choose % {"name": customer.name})}'
                f'</span><input type="checkbox" name="customer" value="{customer.pk}:{customer.version}" form="chosen" '
                'autocomplete="off" data-tick></label></td>'
            )
        cells = "".join(
            f'<td class="{css}">{content if isinstance(content, SafeString) else escape(content)}</td>'
            for css, content in row.cells
        )
        lines.append(
            f'<tr>{tick}<th scope="row" class="cell-name"><a href="{before}{customer.pk}{after}" data-row-link>{name}'
            f"</a></th>{cells}</tr>"
        )
    return mark_safe("\n".join(lines))  # noqa: S308 - every value is escaped above


def _masked(kind):
    def value(customer):
        ways = (way for contact in current(customer) for way in contact.ways.all())
        return next((way.masked for way in ways if way.kind == kind), "")

    return value


def _simple(code, label, value, *, width=16, css=WIDE, needs=(), blank=""):
    """A column that shows and writes the same text; `blank` stands in the list where there is none."""
    return ListColumn(
        code, label, lambda row: value(row.customer) or blank, (Column(code, label, value, width),), css, needs
    )


@cache
def _labels(code, language):
    """{stored: shown} of a column with choices; asking the model translates all of them for each row."""
    return {value: str(label) for value, label in Customer._meta.get_field(code).flatchoices}


def _label(customer, code):
    value = getattr(customer, code)
    return _labels(code, get_language()).get(value, value)


def _choice(code, label, **options):
    return _simple(code, label, lambda customer: _label(customer, code), **options)


def _related(code, label, name=None, **options):
    def value(customer):
        related = getattr(customer, name or code)
        return str(related) if related else ""

    return _simple(code, label, value, **options)


def _moment(code, label, name):
    def cell(row):
        at = timezone.localtime(getattr(row.customer, name))
        day, minute = f"{at:%Y-%m-%d}", f"{at:%Y-%m-%d %H:%M}"
        return mark_safe(f'<time datetime="{at.isoformat()}" title="{minute}">{day}</time>')  # noqa: S308

    return ListColumn(code, label, cell, (Column(code, label, lambda c: getattr(c, name), 18),), "cell-wide muted")


_badges = {}  # (tier, label) -> markup: the same few in every row


def _tier(row):
    tier, label = row.customer.tier, _label(row.customer, "tier")
    if (tier, label) not in _badges:
        _badges[tier, label] = render_to_string("ui/tier.html", {"tier": tier, "label": label})
    return _badges[tier, label]


def _contact(row):
    return mark_safe(f'{escape(row.contact)} <span class="muted nowrap">{escape(row.phone)}</span>')  # noqa: S308


def _contact_name(customer):
    return next((str(contact) for contact in current(customer)), "")


COLUMNS = (
    ListColumn("tier", _("Tier"), _tier, (Column("tier", _("Tier"), lambda c: c.get_tier_display(), 8),), "cell-end"),
    ListColumn(
        "contact", _("Contact"), _contact,
        (
            Column("contact", _("Contact"), _contact_name, 14),
            Column("phone", _("Phone (masked)"), _masked("phone")),
            Column("email", _("E-mail (masked)"), _masked("email"), 22),
        ),
        "cell-second",
    ),
    _related("unit", _("Unit"), "branch", css="muted", width=18),
    _choice("channel", _("Channel")),
    _choice("source", _("Source")),
    _related("owner", _("In charge"), css="", blank="—"),
    _choice("stage", _("Stage"), css="cell-end-second", width=10),
    _choice("kind", _("Kind"), width=10),
    _related("industry", _("Industry"), needs=("industry",)),
    _related("size", _("Size"), needs=("size",)),
    _related("business_type", _("Type of business"), needs=("business_type",)),
    _simple("credit_code", _("Credit code"), lambda customer: customer.credit_code, width=22),
    _related("district", _("District"), needs=("district",), width=24),
    _moment("created", _("Entered"), "created_at"),
    _moment("updated", _("Updated"), "updated_at"),
)  # fmt: skip
DEFAULT = ("tier", "contact", "unit", "source", "owner", "stage", "created", "updated")

NAME = Column("name", _("Customer"), lambda customer: customer.name, 36)
FILE_ONLY = (
    Column("country", _("Country or region"), lambda customer: customer.country, 8),
    Column("address", _("Street and number"), lambda customer: customer.address, 30),
    Column("preferences", _("Behaviour and preferences"), lambda customer: customer.preferences, 30),
    Column("remarks", _("Remarks"), lambda customer: customer.remarks, 30),
    Column("created_by", _("Entered by"), lambda customer: str(customer.created_by)),
)
FILE_NEEDS = ("industry", "size", "business_type", "district", "created_by")


def chosen(codes):
    """The columns of these codes in their order here; the usual ones when none is known."""
    codes = set(codes or ()) & {column.code for column in COLUMNS} or set(DEFAULT)
    return [column for column in COLUMNS if column.code in codes]


def file_columns():
    """Every column that a file can have."""
    return (NAME, *(column for shown in COLUMNS for column in shown.files), *FILE_ONLY)
