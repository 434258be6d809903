from django.utils import timezone

from journal.actions import record
from journal.models import AccessLog


def log_masked(request, matches):
    """Seeing that another unit has this customer is an access of its own. Source: SEC-06."""
    masked = [match.customer for match in matches if not match.visible]
    if masked:
        record(AccessLog.Action.MASKED_MATCH, by=request.user, at=timezone.now(), subjects=masked, request=request)
