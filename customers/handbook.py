"""Where the clauses of customer records work. Source: SEC-08."""

from django.utils.translation import gettext_lazy as _

from policy.handbook import works_at

for clause in ("REC-02", "REC-03", "REC-04", "REC-07", "REC-17", "REC-18"):
    works_at(clause, "customers:register", _("New customer"))
for clause in ("REC-01", "REC-08", "REC-17", "SEC-04", "SEC-05", "SEC-06"):
    works_at(clause, "customers:list", _("Customers"))
works_at("REC-08", "customers:codes", _("Code tables"))
