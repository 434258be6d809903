"""What the register of customers tells people."""

from django.utils.translation import gettext_lazy as _

from journal.kinds import Kind, register

FORMS_WAITING = "customers.forms_waiting"

register(
    Kind(
        FORMS_WAITING,
        _("Forms received and not entered at %(branch)s: %(number)s (%(serials)s)"),
        clause="REC-05",
        important=True,
    ),
)
