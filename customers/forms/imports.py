"""The forms of an import: the file, how it is read, what its columns and words mean. Source: REC-15; import.md."""

import hashlib

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers import own_fields
from customers.importing import headings, kinds
from customers.importing.delimited import DELIMITERS, ENCODINGS, choice
from customers.importing.known_words import usual
from customers.importing.own_columns import OWN
from customers.importing.refusals import MOST_ROWS
from customers.importing.wording import likely_unit
from customers.models import BusinessType, Campaign, CompanySize, Import, Industry, Source, Tier, kept
from staff.models import Branch

from .fields import CleanTextField

DELIMITER_LABELS = {
    ",": gettext_lazy("comma"), ";": gettext_lazy("semicolon"), "\t": gettext_lazy("tab"), "|": gettext_lazy("bar"),
}  # fmt: skip
CAMPAIGNS_OFFERED = 50
WORDS_SHOWN = 100  # of one field: the most frequent ones; the rest is taken as the defaults say
WORDED = ("branch", "source", "tier", "industry", "size", "business_type")
WORDED_OF = {Import.Kind.PURCHASES: ("branch",)}  # of other kinds
ALWAYS = frozenset(("branch", "source", "tier"))  # whose default matters where no column has them, too
CODE_TABLES = {"industry": Industry, "size": CompanySize, "business_type": BusinessType}
CHOICES = {"source": Source.choices, "tier": Tier.choices}


# Columns of an error workbook that nobody has to say anything about.
FIXED = {
    headings.REFERENCE: gettext_lazy("which row it corrects"),
    headings.REASON: gettext_lazy("what was to be corrected: not read"),
}


class FileField(forms.FileField):
    """A spreadsheet; whether it is one is seen when it is kept."""

    def __init__(self, **options):
        options |= {"allow_empty_file": True, "widget": forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"})}
        super().__init__(**options)


class UploadForm(forms.Form):
    file = FileField(
        label=gettext_lazy("Spreadsheet"),
        help_text=gettext_lazy("Excel (.xlsx, .xls) or text (.csv), up to 100 MB, 200,000 rows and 200 columns"),
        error_messages={"required": gettext_lazy("Choose the file first.")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("What it holds"), choices=Import.Kind.choices)
    campaign = CleanTextField(
        label=gettext_lazy("Campaign"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("Of leads only: a campaign that exists, or the name of a new one"),
        widget=forms.TextInput(
            attrs={"list": "campaigns", "autocomplete": "off", "data-only-with": f"kind {Import.Kind.LEADS}"}
        ),
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["file"].widget.attrs["autofocus"] = True

    @property
    def campaigns(self):
        """Names to choose from."""
        return Campaign.objects.open().order_by("-starts_on").values_list("name", flat=True)[:CAMPAIGNS_OFFERED]

    def clean(self):
        data = super().clean()
        if data.get("kind") == Import.Kind.LEADS and not data.get("campaign"):
            self.add_error("campaign", _("Say which campaign the leads are of."))
        return data


class CorrectedForm(forms.Form):
    file = FileField(
        label=gettext_lazy("Corrected error workbook"),
        help_text=gettext_lazy("Only its rows are read; everything else stays as it is"),
        error_messages={"required": gettext_lazy("Choose the file first.")},
    )


class ImportFilter(forms.Form):
    state = forms.ChoiceField(
        choices=[("", gettext_lazy("all states")), *Import.State.choices], required=False, label=gettext_lazy("State")
    )

    def narrow(self, rows):
        state = self.cleaned_data.get("state") if self.is_valid() else ""
        return rows.filter(state=state) if state else rows


class ManySelect(forms.Select):
    """A select that stands on a page a hundred times with the same options: they are written once, see `options`."""

    def __init__(self, markup, attrs=None):
        super().__init__(attrs)
        self.markup = markup

    def render(self, name, value, attrs=None, renderer=None):
        chosen = format_html('value="{}">', "" if value is None else value)
        markup = self.markup.replace(chosen, f"{chosen[:-1]} selected>", 1)
        said = flatatt(self.build_attrs(self.attrs, attrs or {}) | {"name": name})
        return format_html("<select{}>{}</select>", said, mark_safe(markup))  # noqa: S308 - by `options`


def options(choices):
    """The markup of (value, label) pairs, or of (group, pairs)."""
    return format_html_join("", "{}", ((_option(value, label),) for value, label in choices))


def _option(value, label):
    if isinstance(label, list):
        return format_html('<optgroup label="{}">{}</optgroup>', value, options(label))
    return format_html('<option value="{}">{}</option>', value, label)


def field_choices(known):
    """What a column may mean."""
    own = []
    if known is headings.CUSTOMERS:
        own = [(f"{OWN}{field.code}", str(field)) for field in own_fields.offered()]
    fields = [(name, capfirst(str(label))) for name, label in known.labels.items()]
    choices = [("", _("keep as an extra attribute")), (_("Fields of the record"), fields)]
    return [*choices, (_("Own fields"), own)] if own else choices


def column_name(table, at):
    """The heading of a column, or where it stands."""
    heading = table["headings"][at] if at < len(table["headings"]) else ""
    return heading or _("Column %(number)d") % {"number": at + 1}


class LookForm(forms.Form):
    """How the file is read: the row of the headings of each sheet, and of a text file encoding and delimiter."""

    def __init__(self, data=None, *, job):
        super().__init__(data, prefix="look")
        self.job, self.sheets = job, []
        for table in job.tables:
            if not any(table["position"] == sheet["position"] for sheet in self.sheets):
                self._add_sheet(table)
        if job.encoding:
            marks = [(mark, DELIMITER_LABELS[mark]) for mark in DELIMITERS]
            self.fields["encoding"] = forms.ChoiceField(
                label=_("Encoding"), choices=ENCODINGS, initial=choice(job.encoding)
            )
            self.fields["delimiter"] = forms.ChoiceField(
                label=_("Delimiter"), choices=marks, initial=job.delimiter
            )  # fmt: skip

    def _add_sheet(self, table):
        at = table["position"]
        self.fields[f"header-{at}"] = forms.IntegerField(
            label=_("Row of the headings"), min_value=1, max_value=MOST_ROWS, required=False,
            initial=table["header_row"],
        )  # fmt: skip
        self.fields[f"skip-{at}"] = forms.BooleanField(
            label=_("skip this sheet"), required=False, initial=table["header_row"] is None
        )
        parts = [part for part in self.job.tables if part["position"] == at]
        rows = sum(part["rows"] or 0 for part in parts)
        sheet = {"position": at, "name": table["sheet"], "hidden": table.get("hidden"), "rows": rows}
        sheet["top"] = table.get("top") or []
        self.sheets.append(sheet | {"header": self[f"header-{at}"], "skip": self[f"skip-{at}"]})

    @property
    def shows_rows(self):
        """Whether there are rows from which the headings can be chosen."""
        return any(sheet["top"] for sheet in self.sheets)

    def clean(self):
        data = super().clean()
        for sheet in self.sheets:
            at = sheet["position"]
            if not data.get(f"skip-{at}") and not data.get(f"header-{at}") and f"header-{at}" not in self.errors:
                message = _("Write the number of the row in which the headings stand, or skip the sheet.")
                self.add_error(f"header-{at}", message)
        return data

    def asked(self):
        """Arguments of jobs.look_again. Sheets of which nobody said anything are looked at freely again."""
        said = dict(self.job.header_rows)
        for sheet in self.sheets:
            at = sheet["position"]
            row, found = self.cleaned_data[f"header-{at}"], self.fields[f"header-{at}"].initial
            # A sheet without headings comes with its tick set: whoever writes their row there means to have it read.
            if self.cleaned_data[f"skip-{at}"] and found is not None:
                row = None
            if row != found:
                said[str(at)] = row
        return {"header_rows": said, **{name: self.cleaned_data.get(name, "") for name in ("encoding", "delimiter")}}


class ColumnsForm(forms.Form):
    """What each column of each sheet means."""

    def __init__(self, data=None, *, job):
        super().__init__(data, prefix="columns")
        self.job, self.tables, self.known = job, [], kinds.known(job)
        choices = field_choices(self.known)
        self.labels = dict(choices[1][1] + (choices[2][1] if len(choices) > 2 else []))
        markup = options(choices)
        for place, table in enumerate(job.tables):
            if table["header_row"] is not None:
                columns = self._columns(place, choices, markup)
                nameless = self.known.anchors.isdisjoint(table["fields"])
                self.tables.append({"place": place, "table": table, "columns": columns, "nameless": nameless})

    def _columns(self, place, choices, markup):
        table, columns = self.job.tables[place], []
        for at, _heading in enumerate(table["headings"]):
            name, title = f"{place}-{at}", column_name(table, at)
            meant = table["fields"][at] if at < len(table["fields"]) else None
            column = {"title": title, "samples": table["samples"][at] if at < len(table["samples"]) else []}
            if meant in FIXED:
                columns.append(column | {"fixed": FIXED[meant]})
                continue
            self.fields[name] = forms.ChoiceField(
                choices=choices, required=False, initial=meant or "", label=title, widget=ManySelect(markup)
            )
            columns.append(column | {"field": self[name]})
        return columns

    def clean(self):
        data = super().clean()
        for part in self.tables:
            taken = set()
            for at, _column in enumerate(part["columns"]):
                name = f"{part['place']}-{at}"
                meant = data.get(name)
                if meant and meant in taken and meant not in self.known.repeatable:
                    message = _("“%(field)s” is chosen twice in this sheet: choose it for one column.")
                    self.add_error(name, message % {"field": self.labels[meant]})
                taken.add(meant)
            if self.known.anchors.isdisjoint(taken):
                message = _("No column of “%(sheet)s” is the customer name: choose it, or skip the sheet.")
                if "phone" in self.known.anchors:
                    message = _(
                        "No column of “%(sheet)s” says who the customer is: choose name, phone or credit code, "
                        "or skip the sheet."
                    )
                self.add_error(None, message % {"sheet": part["table"]["sheet"]})
        if not self.tables:
            self.add_error(None, _("No sheet has headings: write in which row they stand."))
        return data

    def meanings(self):
        """The field of each column of each table, as jobs.check takes them."""
        found = [list(table["fields"]) for table in self.job.tables]
        for part in self.tables:
            place, meant = part["place"], found[part["place"]]
            found[place] = [
                meant[at] if "fixed" in column else self.cleaned_data[f"{place}-{at}"] or None
                for at, column in enumerate(part["columns"])
            ]
        return found


def entries(field):
    """(value, label) of what a word of this field may mean here."""
    if field == "branch":
        return [(unit.pk, unit.name) for unit in Branch.objects.filter(closed_on__isnull=True).order_by("name")]
    if field in CODE_TABLES:
        return [(entry.pk, str(entry)) for entry in kept(CODE_TABLES[field]) if not entry.retired]
    return CHOICES[field]


class WordsForm(forms.Form):
    """What words of the file mean that no list here has, and what counts where a word means nothing."""

    def __init__(self, data=None, *, job):
        super().__init__(data, prefix="words")
        self.job, self.parts = job, []
        for field in WORDED_OF.get(job.kind, WORDED):
            unknown, said = job.unknown.get(field, {}), job.words.get(field, {})
            words = sorted(unknown.items(), key=lambda pair: (-pair[1], pair[0]))
            shown = words[:WORDS_SHOWN] + [(word, None) for word in sorted(said.keys() - unknown.keys())][:WORDS_SHOWN]
            if shown or field in ALWAYS:
                self._add_part(field, shown, said, more=len(words) - WORDS_SHOWN)

    @property
    def has_words(self):
        return any(part["words"] for part in self.parts)

    def _add_part(self, field, words, said, more):
        listed = entries(field)
        markup = options([("", _("as the last line says")), *listed])
        lines = [(word, rows, self._add_word(field, word, said.get(word), listed, markup)) for word, rows in words]
        name = f"default-{field}"
        self.fields[name] = self._choice(
            _("All other words"), [("", _without_default(field, self.job)), *listed], self.job.defaults.get(field)
        )
        label = capfirst(str(kinds.known(self.job).labels[field]))
        self.parts.append({"label": label, "words": lines, "default": self[name], "more": max(more, 0)})

    def _add_word(self, field, word, entry, listed, markup):
        name = f"{field}-{hashlib.sha256(word.encode()).hexdigest()[:16]}"
        proposed = None
        if field == "branch" and entry is None:
            proposed = likely_unit(word, {label: pk for pk, label in listed})
        self.fields[name] = self._choice(word, [("", ""), *listed], entry or proposed, ManySelect(markup))
        self.fields[name].meant = (field, word)
        self.fields[name].proposed = proposed is not None
        return self[name]

    def _choice(self, label, choices, initial, widget=None):
        return forms.TypedChoiceField(
            label=label, choices=choices, required=False, initial="" if initial is None else initial,
            coerce=_entry, empty_value=None, widget=widget or forms.Select,
        )  # fmt: skip

    def said(self):
        """`words` and `defaults` of the import with what was chosen here."""
        words = {field: dict(meant) for field, meant in self.job.words.items()}
        defaults = dict(self.job.defaults)
        for name, field in self.fields.items():
            entry = self.cleaned_data[name]
            if meant := getattr(field, "meant", None):
                _put(words.setdefault(meant[0], {}), meant[1], entry)
            else:
                _put(defaults, name.removeprefix("default-"), entry)
        return {"words": {field: meant for field, meant in words.items() if meant}, "defaults": defaults}


def _without_default(field, job):
    """What happens where nobody chose a default."""
    if job.kind == Import.Kind.PURCHASES:
        return _("reject; empty: customer's unit")
    if entry := usual(job).get(field):
        return _("the usual one: %(entry)s") % {"entry": dict(CHOICES[field])[entry]}
    return _("none: such rows are rejected") if field == "branch" else _("leave it empty")


def _entry(text):
    """Rows of tables are kept by number, choices by code."""
    return int(text) if text.isdecimal() else text


def _put(chosen, name, entry):
    if entry is None:
        chosen.pop(name, None)
    else:
        chosen[name] = entry
