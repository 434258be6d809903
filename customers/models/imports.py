"""Legacy spreadsheets on their way in, and every row of them for good. Source: REC-15."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staff.verbs import Verb

from .customer import Customer


class ImportQuerySet(models.QuerySet):
    def visible_to(self, person):
        """Whoever may import sees all imports: a colleague goes on where one stopped."""
        return self.all() if person.can(Verb.IMPORT_RUN) else self.none()

    def waiting(self):
        """Steps that a worker has to take, and none has in hand."""
        return self.filter(state__in=Import.WORKING, running=False)


class Import(models.Model):
    """One file and how far it has come. A row of work: state, counters and a sign of life.

    `state` is the step: the WORKING ones are a worker's, at MAPPING and CHECKED it waits for a person. `running` says
    that a worker has it in hand, `attempt` which one: whoever took over has a higher one.
    """

    class Kind(models.TextChoices):
        CUSTOMERS = "customers", _("customers with contacts")
        PURCHASES = "purchases", _("purchases")
        LEADS = "leads", _("leads of a campaign")

    class State(models.TextChoices):
        LOOKING = "looking", pgettext_lazy("import", "reading the file")
        MAPPING = "mapping", pgettext_lazy("import", "columns to be checked")
        CHECKING = "checking", pgettext_lazy("import", "dry run")
        CHECKED = "checked", pgettext_lazy("import", "to be confirmed")
        COMMITTING = "committing", pgettext_lazy("import", "being taken over")
        DONE = "done", pgettext_lazy("import", "taken over")
        UNDOING = "undoing", pgettext_lazy("import", "being undone")
        UNDONE = "undone", pgettext_lazy("import", "undone")
        CANCELLED = "cancelled", pgettext_lazy("import", "cancelled")
        FAILED = "failed", pgettext_lazy("import", "failed")

    class Phase(models.TextChoices):
        """What is done in a step when its rows are through."""

        NAMES = "names", _("All rows are read; their names are being compared with those of the register")
        WORKBOOK = "workbook", _("All rows are through; the error workbook is being written")

    WORKING = (State.LOOKING, State.CHECKING, State.COMMITTING, State.UNDOING)
    FINAL = (State.DONE, State.UNDONE, State.CANCELLED, State.FAILED)
    WITHDRAWN = (State.UNDOING, State.UNDONE, State.CANCELLED, State.FAILED)

    kind = models.CharField(_("what it holds"), max_length=10, choices=Kind.choices, default=Kind.CUSTOMERS)
    token = models.UUIDField(default=uuid.uuid4, editable=False)  # names the folder in which the file lies
    # Of leads: the campaign whose members they become; made by the commit where there is none of that name yet.
    campaign_name = models.CharField(_("campaign"), max_length=80, blank=True)
    campaign = models.ForeignKey(
        "customers.Campaign", models.PROTECT, null=True, blank=True, related_name="imports",
        verbose_name=_("campaign"),
    )  # fmt: skip
    name = models.CharField(_("file"), max_length=200)
    size = models.PositiveBigIntegerField(_("size"))  # bytes
    sha256 = models.CharField(max_length=64)
    asked_at = models.DateTimeField(_("uploaded at"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("uploaded by")
    )  # null: from the shell
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    # The error workbook of another import, corrected: only its rows are in it.
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")

    # What was found in the file, as people corrected it.
    encoding = models.CharField(max_length=20, blank=True)
    delimiter = models.CharField(max_length=1, blank=True)
    header_rows = models.JSONField(default=dict)  # {position of the sheet: row number, or None: skip it}
    # [{position, sheet, hidden, header_row, headings, fields, samples, rows, top}] in the order of the file
    tables = models.JSONField(default=list)
    words = models.JSONField(default=dict)  # {field: {word of the file: entry here}}
    defaults = models.JSONField(default=dict)  # {field: entry}
    unknown = models.JSONField(default=dict)  # {field: {word: how many rows}}

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.LOOKING)
    running = models.BooleanField(default=False)
    attempt = models.PositiveSmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)  # attempts of this step that ended without an answer
    sign_of_life_at = models.DateTimeField(null=True, blank=True)
    step_at = models.DateTimeField(null=True, blank=True)  # when a worker began this step, for the remaining time
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True, blank=True)
    phase = models.CharField(max_length=10, choices=Phase.choices, blank=True)  # "" while its rows are counted
    reached = models.BigIntegerField(default=0)  # place of the last row whose commit, or undoing, is in the database
    seen = models.JSONField(null=True, default=None, editable=False)  # see customers.importing.since
    counts = models.JSONField(default=dict)  # see customers.importing.counts
    problem = models.CharField(max_length=200, blank=True)  # why it failed, in one sentence
    committed_at = models.DateTimeField(_("taken over at"), null=True, blank=True)
    committed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        indexes = [
            models.Index(fields=["sha256"], name="import_of_file"),
            models.Index(
                F("id"), condition=Q(state__in=["looking", "checking", "committing", "undoing"]), name="import_working"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def rejected(self):
        """How many rows were rejected, for whatever reason; None before anything was counted."""
        return sum(self.counts["rejected"].values()) if self.counts else None

    @property
    def is_withdrawn(self):
        """Whether what was counted is not in the register, and will not be: lists leave it out."""
        return self.state in self.WITHDRAWN

    @property
    def is_working(self):
        return self.state in self.WORKING

    @property
    def is_final(self):
        return self.state in self.FINAL


class ImportRow(models.Model):
    """A row of a file, what it says and what became of it. Exactly one outcome; marks stand beside it.

    Kept for good: it is where a record came from, and keeps what had no field of its own here. `place` counts the rows
    of all tables of the file from 1; `number` is the row's number in its sheet.
    """

    class Outcome(models.TextChoices):
        NEW = "new", pgettext_lazy("import row", "new")
        UPDATE = "update", pgettext_lazy("import row", "update")
        DUPLICATE = "duplicate", pgettext_lazy("import row", "duplicate within the file")
        REJECTED = "rejected", pgettext_lazy("import row", "rejected")
        IGNORED = "ignored", pgettext_lazy("import row", "ignored")

    job = models.ForeignKey(Import, models.CASCADE, related_name="rows", db_index=False)
    place = models.PositiveIntegerField()
    table = models.PositiveSmallIntegerField(default=0)  # index into Import.tables
    number = models.PositiveIntegerField(_("row"))

    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    reason = models.CharField(max_length=20, blank=True)  # why rejected or ignored
    virtual = models.BooleanField(default=False)
    suspect = models.BooleanField(default=False)
    warned = models.BooleanField(default=False)
    duplicate_of = models.PositiveIntegerField(null=True, blank=True)  # place of the earlier row
    # The record that the row became or belongs to.
    customer = models.ForeignKey(Customer, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)

    # By what it is compared; empty for rows that are not taken.
    name = models.CharField(_("name"), max_length=120, blank=True)
    name_key = models.CharField(max_length=120, blank=True)
    credit_code = models.CharField(max_length=18, blank=True)
    phones = ArrayField(models.CharField(max_length=20), default=list)
    emails = ArrayField(models.CharField(max_length=254), default=list)
    branch = models.ForeignKey(
        "staff.Branch", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False, db_constraint=False
    )
    is_company = models.BooleanField(default=True)
    fingerprint = models.CharField(max_length=32, blank=True)  # of all that the row says: the same row again has it too

    data = models.JSONField(default=dict)  # the values read, as customers.importing.staging writes them
    extras = models.JSONField(default=dict)  # {heading: what was written} of what has no field here
    problems = models.JSONField(default=list)  # [[column, code, sentence, params or nothing]]
    cells = models.JSONField(default=list)  # as written, of rows with problems and of ignored ones
    suspects = models.JSONField(default=list)  # [[id of the other record or place of the other row, kind, reasons]]
    conflicts = models.JSONField(default=dict)  # {column: [what stands in the record, what the file says]}
    take = ArrayField(models.CharField(max_length=20), default=list)  # conflicts decided for the file
    # What the commit wrote, for undoing it; "unchanged" where it wrote nothing, or would, as the dry run knows it.
    made = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("row of an import")
        constraints = [models.UniqueConstraint(fields=["job", "place"], name="import_row_once")]
        indexes = [
            models.Index(fields=["job", "outcome", "place"], name="import_row_by_outcome"),
            models.Index(fields=["customer"], condition=Q(customer__isnull=False), name="import_row_of_customer"),
            models.Index(fields=["fingerprint"], condition=Q(customer__isnull=False), name="import_row_by_fingerprint"),
        ]

    def __str__(self):
        return f"{self.number}: {self.name}"


class ImportMapping(models.Model):
    """What people said the columns under these headings mean: the next file with the same headings asks nothing."""

    kind = models.CharField(max_length=10, choices=Import.Kind.choices)
    fingerprint = models.CharField(max_length=32)  # importing.headings.fingerprint
    fields = models.JSONField()  # of each column, or None
    words = models.JSONField(default=dict)  # as Import.words
    defaults = models.JSONField(default=dict)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("remembered mapping")
        constraints = [models.UniqueConstraint(fields=["kind", "fingerprint"], name="import_mapping_once")]

    def __str__(self):
        return f"{self.kind}:{self.fingerprint}"


class SuspectPair(models.Model):
    """Two records that may be one customer, with the reasons. Source: REC-18."""

    first = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    reasons = ArrayField(models.CharField(max_length=20))  # as values.keys.Comparison, strongest first
    found_at = models.DateTimeField()
    found_in = models.ForeignKey(Import, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("suspected duplicate")
        constraints = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="suspects_in_order"),
            models.UniqueConstraint(fields=["first", "second"], name="suspects_once"),
        ]

    def __str__(self):
        return f"{self.first_id} ? {self.second_id}"
