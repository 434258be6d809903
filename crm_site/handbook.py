"""Where the clauses of accounts work. Source: SEC-08."""

from django.utils.translation import gettext_lazy as _

from policy.handbook import works_at

works_at("SEC-02", "account", _("My account"))
works_at("SEC-02", "account_sessions", _("Where I am signed in"))
works_at("SEC-02", "staff:people", _("People"))
works_at("SEC-09", "staff:device_check", _("My devices"))
works_at("SEC-09", "staff:device_checks", _("Device checks"))
