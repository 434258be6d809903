"""The columns of the customer list: what a cell shows, and what of it stands in a file. Source: REC-08, GEN-03."""

from collections.abc import Callable
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from journal.exports import Column

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
    contact: object | None
    phone: object | None
    columns: list

    @classmethod
    def of(cls, customer, columns=()):
        contacts = current(customer)
        phone = next((way for c in contacts for way in c.ways.all() if way.kind == "phone"), None)
        return cls(customer, contacts[0] if contacts else None, phone, columns)

    @property
    def cells(self):
        """(class, content) of each column."""
        return [(column.css, column.cell(self)) for column in self.columns]


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


def _choice(code, label, **options):
    return _simple(code, label, lambda customer: getattr(customer, f"get_{code}_display")(), **options)


def _related(code, label, name=None, **options):
    def value(customer):
        related = getattr(customer, name or code)
        return str(related) if related else ""

    return _simple(code, label, value, **options)


def _moment(code, label, name):
    def cell(row):
        at = timezone.localtime(getattr(row.customer, name))
        day, minute = f"{at:%Y-%m-%d}", f"{at:%Y-%m-%d %H:%M}"
        return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), minute, day)

    return ListColumn(code, label, cell, (Column(code, label, lambda c: getattr(c, name), 18),), "cell-wide muted")


_badges = {}  # (tier, label) -> markup: the same few in every row


def _tier(row):
    tier, label = row.customer.tier, row.customer.get_tier_display()
    if (tier, label) not in _badges:
        _badges[tier, label] = render_to_string("ui/tier.html", {"tier": tier, "label": label})
    return _badges[tier, label]


def _contact(row):
    masked = row.phone.masked if row.phone else ""
    return format_html('{} <span class="muted nowrap">{}</span>', row.contact or "", masked)


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
