"""The clauses of the company's customer-management regulations as data."""

from django.db import models
from django.utils.translation import get_language

from staff.history import tracked

from ..stamps import stamped


@tracked()
class Clause(models.Model):
    """One rule of the ledger with its permanent id ("REC-05"). Texts come with the product, in both languages."""

    id = models.CharField(primary_key=True, max_length=10)
    number = models.PositiveSmallIntegerField(unique=True)  # place in the ledger
    chip_zh = models.CharField(max_length=20)
    chip_en = models.CharField(max_length=40)
    title_zh = models.CharField(max_length=40)
    title_en = models.CharField(max_length=80)
    text_zh = models.TextField()
    text_en = models.TextField()

    class Meta:
        ordering = ["number"]
        triggers = [stamped("clauses")]

    def __str__(self):
        return self.id

    def _said(self, what):
        language = "en" if (get_language() or "").startswith("en") else "zh"
        return getattr(self, f"{what}_{language}")

    @property
    def chip(self):
        """The duty in a word or two, in the reader's language."""
        return self._said("chip")

    @property
    def title(self):
        return self._said("title")

    @property
    def text(self):
        return self._said("text")
