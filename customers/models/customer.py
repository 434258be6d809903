from collections import namedtuple
from functools import cache

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models import BooleanField, F, Func, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from staff.history import tracked
from staff.models import Channel
from staff.once import once
from staff.querysets import ScopedQuerySet
from staff.scope import EVERYTHING, ScopeFields
from staff.verbs import Verb

from .grant import CustomerGrant


class Tier(models.TextChoices):
    """Service tiers. Source: TIER-01."""

    STRATEGIC = "strategic", _("strategic")
    KEY = "key", _("key")
    NORMAL = "normal", _("normal")


class Stage(models.TextChoices):
    """Where a customer stands between first sight and the end; a lead is a customer at stage `lead`."""

    LEAD = "lead", _("lead")
    PROSPECT = "prospect", _("prospect")
    ACTIVE = "active", pgettext_lazy("customer stage", "active")
    DORMANT = "dormant", _("dormant")
    LOST = "lost", _("lost")


class Source(models.TextChoices):
    """Where a record came from. Source: REC-02."""

    WALK_IN = "walk_in", _("walk-in")
    PHONE_ORDER = "phone_order", _("phone order")
    COLD_VISIT = "cold_visit", _("cold visit")
    ONLINE = "online", _("online")
    DIRECT_SALE = "direct_sale", _("direct sale")
    EXHIBITION = "exhibition", _("exhibition")
    CAMPAIGN = "campaign", _("marketing campaign")
    PARTNER_REFERRAL = "partner_referral", _("partner referral")
    CUSTOMER_REFERRAL = "customer_referral", _("customer referral")
    OWN_SEARCH = "own_search", _("own search")


class Kind(models.TextChoices):
    COMPANY = "company", _("company")
    INDIVIDUAL = "individual", _("individual")


class Grams(Func):
    """One- and two-character pieces of a text, as an array: what a two-character search looks up."""

    function = "grams"
    arity = 1
    output_field = ArrayField(models.TextField())


class OwnText(Func):
    """The values of a record's own fields as text, a line each."""

    function = "customers_own_text"
    arity = 1
    output_field = models.TextField()


LOCAL = f"AT TIME ZONE '{settings.TIME_ZONE}', 'YYYY-MM-DD HH24:MI'"
# What lists show of the first contact there is today, and of times as people write them. In SQL: the ORM builds these
# anew for each page, at the cost of reading it.
SHOWN = {
    "first_contact": (
        "SELECT name FROM customers_contact WHERE customer_id = customers_customer.id AND valid_until IS NULL "
        "ORDER BY id LIMIT 1"
    ),
    "first_phone": (
        "SELECT way.value FROM customers_contactway way JOIN customers_contact contact ON contact.id = way.contact_id "
        "WHERE way.customer_id = customers_customer.id AND way.kind = 'phone' AND contact.valid_until IS NULL "
        "ORDER BY way.contact_id, way.id LIMIT 1"
    ),
    "created_local": f"to_char(customers_customer.created_at {LOCAL})",
    "updated_local": f"to_char(customers_customer.updated_at {LOCAL})",
}
IDS = "rows_of_a_page"  # stands in statements for the query of their ids

# Whether a record has what most have none of: a look each, in the query that reads the record.
SIGNS = {
    "is_proposed": "customers_proposedchange child WHERE child.state = 'pending' AND child.customer_id",
    "is_parent": "customers_customer child WHERE child.parent_id",
}


class CustomerQuerySet(ScopedQuerySet):
    def visible_to(self, person, *, verb=Verb.CUSTOMER_VIEW):
        """Rows of the person's positions, and those that a grant opens to the person or the department."""
        rows = person.rows(verb, self.scope)
        if rows != EVERYTHING and (ids := self._granted(person, verb)):
            rows |= Q(pk__in=ids)
        return self.filter(rows)

    def opens(self, person, verb, row):
        return row.pk in self._granted(person, verb)

    @staticmethod
    def _granted(person, verb):
        """Ids of customers that grants open to the person."""
        if verb not in (Verb.CUSTOMER_VIEW, Verb.CONTACT_SEE) or not person.can(Verb.CUSTOMER_VIEW):
            return []
        return once(
            ("granted", person.pk), lambda: CustomerGrant.objects.customers_open_to(person, timezone.localdate())
        )

    def in_use(self):
        """Without archived ones: what lists, searches and figures show unless they are asked for the archive."""
        return self.filter(archived_at__isnull=True)

    def for_list(self):
        """With what a line of a file says."""
        return self.select_related("branch", "owner").prefetch_related("contacts__ways")

    def for_record(self):
        """With what the page of one record asks first. People and code entries are put onto it, not joined."""
        asked = {name: f"EXISTS (SELECT FROM {of} = customers_customer.id)" for name, of in SIGNS.items()}
        signs = {name: RawSQL(asks, (), BooleanField()) for name, asks in asked.items()}  # noqa: S611 - our own words
        return self.select_related("branch", "district").annotate(**signs)

    def in_rows(self, *names):
        """The rows as named tuples in their order: pk, name, version and what else a list shows, which are field paths
        or some of SHOWN. Few rows: a page."""
        try:
            ids, values = self.values("pk").query.sql_with_params()
        except EmptyResultSet:
            return []
        statement, row = _shown(names)
        with connections[self.db].cursor() as cursor:
            cursor.execute(statement.replace(IDS, ids), values)
            return [row(*found) for found in cursor.fetchall()]


@cache
def _shown(names):
    """(statement, named tuple) for these columns of the rows that IDS stands for. The ORM puts it together once."""
    shown = {name: RawSQL(SHOWN[name], ()) for name in names if name in SHOWN}  # noqa: S611 - our own words
    columns = ("pk", "name", "version", *names)
    rows = Customer.objects.order_by().annotate(**shown).values_list(*columns)
    picked = rows.filter(RawSQL("customers_customer.id = ANY(page.ids)", (), BooleanField()))
    statement, _none = picked.query.sql_with_params()
    chosen, _from, rest = statement.partition(' FROM "customers_customer"')
    return (
        f'{chosen} FROM (SELECT ARRAY({IDS}) AS ids OFFSET 0) page, "customers_customer"{rest} '
        "ORDER BY array_position(page.ids, customers_customer.id)",
        namedtuple("Row", columns),
    )


@tracked(exclude=["name_core", "name_pinyin", "initials", "core_pinyin", "core_initials", "missing", "version"])
class Customer(models.Model):
    """A customer record 客户档案: who it is, what business it does, how it is dealt with, what it is worth.

    Source: REC-01..03, REC-08. `owner` is the sole person in charge; while vacant, the unit's manager acts.
    """

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.COMPANY)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    industry = models.ForeignKey(
        "customers.Industry", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("industry")
    )
    size = models.ForeignKey(
        "customers.CompanySize", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("size")
    )
    business_type = models.ForeignKey(
        "customers.BusinessType", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("type of business"),
    )  # fmt: skip

    channel = models.CharField(_("channel"), max_length=20, choices=Channel.choices)
    # The constraint is made by hand over (branch, channel): a customer's channel is always its unit's channel.
    branch = models.ForeignKey(
        "staff.Branch", models.PROTECT, related_name="customers", verbose_name=_("unit"), db_constraint=False,
        db_index=False,  # customer_by_branch
    )  # fmt: skip
    source = models.CharField(_("source"), max_length=20, choices=Source.choices)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="customers",
        verbose_name=_("person in charge"), db_index=False,  # customer_by_owner
    )  # fmt: skip
    tier = models.CharField(_("tier"), max_length=12, choices=Tier.choices, default=Tier.NORMAL)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices, default=Stage.PROSPECT)

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="subsidiaries", verbose_name=_("parent company")
    )  # fmt: skip

    country = models.CharField(_("country or region"), max_length=2, default="CN")
    district = models.ForeignKey(
        "staff.District", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("district")
    )
    address = models.CharField(_("street and number"), max_length=200, blank=True)
    preferences = models.TextField(_("behaviour and preferences"), max_length=2000, blank=True)
    remarks = models.TextField(_("remarks"), max_length=2000, blank=True)

    custom = models.JSONField(_("own fields"), default=dict, blank=True)  # {code of the field: value}

    created_at = models.DateTimeField(_("entered at"))
    # Null: a legacy file names nobody, or somebody who is none of ours. Source: REC-15
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    updated_at = models.DateTimeField(_("last updated"))
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("last updated by"),
    )  # fmt: skip
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("archived by")
    )  # fmt: skip
    version = models.PositiveIntegerField(default=1)  # counts edits: a stale form is recognised by it

    # Codes of the items that the filing standard in force at entry asks for and the record lacks. Derived, REC-21.
    missing = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    # Derived from the name by customers.naming; stored because people search and sort by them.
    name_core = models.CharField(max_length=120)
    name_pinyin = models.CharField(max_length=400)
    initials = models.CharField(max_length=120)
    core_pinyin = models.CharField(max_length=400)
    core_initials = models.CharField(max_length=120)

    objects = CustomerQuerySet.as_manager()
    history_page = True

    class Meta:
        verbose_name = _("customer record")
        indexes = [
            GinIndex(Grams("name"), name="customer_name_grams"),
            models.Index(OpClass(F("initials"), name="text_pattern_ops"), name="customer_initials"),
            models.Index(OpClass(F("core_initials"), name="text_pattern_ops"), name="customer_core_initials"),
            models.Index(OpClass(F("name_pinyin"), name="text_pattern_ops"), name="customer_pinyin"),
            models.Index(OpClass(F("core_pinyin"), name="text_pattern_ops"), name="customer_core_pinyin"),
            models.Index(fields=["name_pinyin", "id"], name="customer_by_name"),
            models.Index(fields=["updated_at", "id"], name="customer_by_update"),
            models.Index(fields=["created_at"], name="customer_by_entry"),
            # With the name: a word that many names have is counted in the index, and a file's names are compared with
            # those of the unit, both without the rows.
            models.Index(
                fields=["branch", "id"],
                include=["name", "name_core"],
                condition=Q(archived_at__isnull=True),
                name="customer_by_branch",
            ),
            models.Index(fields=["branch", "created_at"], name="customer_by_branch_and_entry"),
            models.Index(fields=["branch", "name_pinyin", "id"], name="customer_by_branch_and_name"),
            models.Index(fields=["branch", "updated_at", "id"], name="customer_by_branch_and_update"),
            models.Index(fields=["owner", "id"], name="customer_by_owner"),
            models.Index(fields=["owner", "name_pinyin", "id"], name="customer_by_owner_and_name"),
            # Few values in each column: it serves each of them alone and all together, skipping through the others.
            models.Index(
                fields=["stage", "source", "tier", "channel", "branch", "id"],
                condition=Q(archived_at__isnull=True),
                name="customer_by_kinds",
            ),
            # What decides who sees a row, without the row: a representative's number of customers is counted in it.
            models.Index(
                fields=["id"],
                include=["owner", "branch", "district", "name"],
                condition=Q(archived_at__isnull=True),
                name="customer_in_scope",
            ),
            models.Index(fields=["id"], condition=Q(archived_at__isnull=False), name="customer_archived"),
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="customer_by_parent"),
            GinIndex(OpClass(F("custom"), name="jsonb_path_ops"), name="customer_custom"),
            GinIndex(Grams(OwnText("custom")), condition=~Q(custom={}), name="customer_custom_grams"),
            GinIndex(fields=["missing"], name="customer_missing"),
            models.Index(fields=["id"], condition=Q(missing=[]), name="customer_complete"),
            models.Index(fields=["id"], condition=~Q(missing=[]), name="customer_incomplete"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="nobody_is_their_own_parent"),
            models.CheckConstraint(
                condition=Q(archived_at__isnull=True, archived_by__isnull=True)
                | Q(archived_at__isnull=False, archived_by__isnull=False),
                name="archived_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(country="CN") | Q(district__isnull=True), name="district_only_in_mainland"
            ),
        ]

    def __str__(self):
        return self.name

    @staticmethod
    def name_reads(piece):
        """Condition: the name contains the piece, looked at row by row. Letters in capitals or not."""
        return Q(name__icontains=piece) if piece.lower() != piece.upper() else Q(name__contains=piece)

    @staticmethod
    def history_value(name, value):
        from customers import own_fields  # they read the models
        from customers.forms.place import country_name

        if name == "custom":
            return own_fields.in_one_line(value)
        if name == "parent":  # by its number: who reads this history may not see the other record. Source: SEC-06
            return str(value)
        return country_name(value) if name == "country" else value

    @property
    def whole_address(self):
        """District and address; addresses of old files often begin with their district already."""
        place = str(self.district) if self.district else ""
        return self.address if self.address.startswith(place) else f"{place} {self.address}".strip()

    @property
    def is_international(self):
        return self.channel == Channel.INTERNATIONAL


class ChildQuerySet(ScopedQuerySet):
    """Rows that belong to a customer are seen by whoever sees the customer."""

    scope = ScopeFields(
        branch="customer__branch",
        owner="customer__owner",
        district="customer__district",
        channel="customer__channel",
    )

    def visible_to(self, person, *, verb=Verb.CUSTOMER_VIEW):
        return self.filter(customer__in=Customer.objects.visible_to(person, verb=verb))


@tracked()
class Need(models.Model):
    """Something a customer needs, as first heard (需求). Source: REC-01, business block."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="needs")
    text = models.CharField(_("need"), max_length=500)
    noted_at = models.DateTimeField(_("noted at"))
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ChildQuerySet.as_manager()
    history_hidden = ("customer", "noted_at", "noted_by")

    class Meta:
        verbose_name = _("need")
        ordering = ["id"]

    def __str__(self):
        return self.text
