"""Code tables: short lists with labels in both languages, kept by the administrator. Source: REC-08."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from policy.stamps import Kept, stamped
from staff.history import tracked


class Code(models.Model):
    """An entry of a code table. It is retired, not deleted: records keep what they were classified as."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    label_zh = models.CharField(_("Chinese label"), max_length=40)
    label_en = models.CharField(_("English label"), max_length=60)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=100)
    retired = models.BooleanField(_("no longer offered"), default=False)

    class Meta:
        abstract = True
        ordering = ["position", "id"]
        triggers = [stamped("codes")]

    def __str__(self):
        return self.label_en if (get_language() or "").startswith("en") else self.label_zh


@tracked()
class Industry(Code):
    class Meta(Code.Meta):
        verbose_name = _("industry")


@tracked()
class CompanySize(Code):
    class Meta(Code.Meta):
        verbose_name = _("size")


@tracked()
class BusinessType(Code):
    class Meta(Code.Meta):
        verbose_name = _("type of business")


def _load():
    from .purchases import Product

    return {table: list(table.objects.all()) for table in (*Code.__subclasses__(), Product)}


_kept = Kept("codes", _load)


def kept(table):
    """All entries of a code table, retired ones too, in their order: every list and form offers them."""
    return _kept.get()[table]


def put_codes(customer):
    """Put the entries that classify a customer onto it from memory, instead of joining the tables."""
    for field in customer._meta.fields:
        if field.is_relation and issubclass(field.related_model, Code):
            pk = getattr(customer, field.attname)
            setattr(customer, field.name, next((entry for entry in kept(field.related_model) if entry.pk == pk), None))
