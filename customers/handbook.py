"""Where the clauses of customer records work. Source: SEC-08."""

from django.utils.translation import gettext_lazy as _

from policy.handbook import works_at

for clause in ("REC-02", "REC-03", "REC-04", "REC-07", "REC-17", "REC-18"):
    works_at(clause, "customers:register", _("New customer"))
for clause in ("REC-01", "REC-08", "REC-14", "REC-17", "SEC-04", "SEC-05", "SEC-06", "GEN-03"):
    works_at(clause, "customers:list", _("Customers"))
works_at("REC-20", "customers:tip_new", _("Send a tip"))
works_at("REC-20", "customers:tips", _("Tips"))
works_at("REC-08", "customers:codes", _("Code tables"))
for clause in ("SEC-04", "REC-19"):
    works_at(clause, "customers:proposals", _("Proposed changes"))
for clause in ("REC-04", "REC-17"):
    works_at(clause, "customers:desk", _("Front desk"))
works_at("REC-04", "customers:books", _("Form books"))
for clause in ("REC-05", "REC-04"):
    works_at(clause, "customers:forms", _("Today's forms"))
works_at("REC-05", "customers:received", _("Received forms"))
works_at("REC-06", "customers:checkout", _("Checkout check"))
works_at("REC-06", "customers:checks", _("Checks made"))
works_at("REC-15", "customers:imports", _("Imports"))
works_at("REC-16", "customers:purchases", _("Purchases"))
works_at("REC-16", "customers:imports", _("Imports"))
works_at("REC-21", "customers:standard", _("Filing standard"))
works_at("REC-21", "customers:list", _("Customers"))
works_at("REC-11", "customers:campaigns", _("Campaigns and fairs"))
