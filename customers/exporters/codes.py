"""The code tables as a file. Source: GEN-03."""

from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers import code_tables
from journal.exports import Column, Exporter, Rows
from staff.verbs import Verb


def _tables(choices):
    """The code tables of a page: one, or all of them."""
    chosen = choices.get("table")
    return {chosen: code_tables.TABLES[chosen]} if chosen in code_tables.TABLES else code_tables.TABLES


def _title(entry):
    return capfirst(entry._meta.verbose_name)


CODES = Exporter(
    "codes", _("Code tables"), "customers:codes",
    (
        Column("table", _("Table"), _title, 18),
        Column("zh", _("Chinese label"), lambda entry: entry.label_zh, 24),
        Column("en", _("English label"), lambda entry: entry.label_en, 24),
        Column("code", _("Code"), lambda entry: entry.code),
        Column("place", _("Place"), lambda entry: getattr(entry, "position", None), 10),
        Column("offered", _("Offered"), lambda entry: not entry.retired, 10),
    ),
    keep=lambda person, query: {"table": query["table"]} if query.get("table") in code_tables.TABLES else {},
    rows=lambda person, choices: Rows(tuple(row for table in _tables(choices).values() for row in table.objects.all())),
    words=lambda person, choices: [(gettext("Table"), _title(_tables(choices)[choices["table"]]))] if choices else [],
    verbs=(Verb.CODES_MANAGE,),
)  # fmt: skip
