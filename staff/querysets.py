from django.db import models

from .scope import ScopeFields
from .verbs import Verb


class ScopedQuerySet(models.QuerySet):
    """The only door to rows that people see. A scoped model says in `scope` by which columns positions reach it."""

    scope = ScopeFields()

    def visible_to(self, person, *, verb: Verb = Verb.CUSTOMER_VIEW):
        """Rows on which some current position of the person grants the verb. Source: SEC-01."""
        return self.filter(person.rows(verb, self.scope))

    def opens(self, person, verb, row) -> bool:
        """Whether something else than the positions' own rows, such as a grant, opens this row."""
        return self.visible_to(person, verb=verb).filter(pk=row.pk).exists()
