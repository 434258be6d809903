"""What people are told about customers."""

from django.utils.translation import gettext_lazy as _

from journal.kinds import Kind, register

TIP = "customers.tip"
TIP_ANSWERED = "customers.tip_answered"

register(
    Kind(TIP, _("%(name)s has a tip for you"), clause="REC-20"),
    Kind(TIP_ANSWERED, _("%(name)s has answered your tip"), clause="REC-20"),
)
