from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.values import phone_display
from customers.values.phones import Phone
from staff.history import tracked

from .customer import ChildQuerySet, Customer, Grams


class ContactQuerySet(ChildQuerySet):
    def current(self):
        return self.filter(valid_until__isnull=True)

    def former(self):
        """Those who are contacts no more, the latest first."""
        return self.filter(valid_until__isnull=False).order_by("-valid_until", "-pk")


@tracked()
class Contact(models.Model):
    """A contact person 联系人 of a customer. Without a name it is the switchboard. Source: REC-01, REC-14.

    Whoever leaves is not deleted, but ends: `valid_until` is the last day. Brought back, there is none any more.
    """

    class Role(models.TextChoices):
        GENERAL = "general", _("general contact")
        PURCHASING = "purchasing", _("purchasing contact")
        TECHNICAL = "technical", _("technical contact")
        FINANCE = "finance", _("finance contact")
        DECISION = "decision", _("decision maker")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contacts")
    name = models.CharField(pgettext_lazy("person", "name"), max_length=50, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.GENERAL)
    title = models.CharField(_("job title"), max_length=50, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)  # null: since before anybody wrote it down
    valid_until = models.DateField(_("valid until"), null=True, blank=True)  # the last day; null: still

    objects = ContactQuerySet.as_manager()
    history_hidden = ("customer",)

    class Meta:
        verbose_name = _("contact")
        ordering = ["id"]
        indexes = [GinIndex(Grams("name"), condition=Q(valid_until__isnull=True), name="contact_name_grams")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="contact_ends_after_it_begins",
            )
        ]

    def __str__(self):
        return self.name or str(_("no name given"))


@tracked()
class ContactWay(models.Model):
    """One way to reach a contact: a phone in E.164 with what was written, or an e-mail address. Source: REC-07."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("phone")
        EMAIL = "email", _("e-mail")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="ways")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="ways", verbose_name=_("contact"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    value = models.CharField(_("phone or e-mail"), max_length=254)
    extension = models.CharField(_("extension"), max_length=10, blank=True)
    as_written = models.CharField(max_length=254, blank=True)

    objects = ChildQuerySet.as_manager()
    history_hidden = ("customer", "kind", "as_written")

    class Meta:
        verbose_name = _("contact details")
        constraints = [
            models.UniqueConstraint(fields=["contact", "kind", "value", "extension"], name="contact_way_once"),
            models.CheckConstraint(condition=~Q(value=""), name="contact_way_says_something"),
        ]
        ordering = ["id"]

    def __str__(self):
        return self.masked  # in full it stands where a page asks for `shown`, and that is logged

    @staticmethod
    def history_value(name, value):
        """A history is read by more people than the record shows its phones to."""
        return masked_value(value) if name == "value" else value

    @property
    def shown(self):
        return self.value if self.kind == self.Kind.EMAIL else phone_display.shown(self.phone())

    @property
    def masked(self):
        return masked_value(self.value)

    @property
    def dialled(self):
        """For tel: links, extension after a pause."""
        return f"{self.value},{self.extension}" if self.extension else self.value

    def phone(self):
        """As values.phones.Phone."""
        return Phone(self.value, phone_display.kind_of(self.value), self.extension, self.as_written)


def masked_value(value):
    """A phone or e-mail of which the middle is hidden: 138****5678."""
    if "@" in value:
        return phone_display.masked_email(value)
    return phone_display.masked(Phone(value, phone_display.kind_of(value)))
