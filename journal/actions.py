import ipaddress

from django.conf import settings

from .models import AccessLog


def record(action, *, at, by=None, subjects=(), request=None, detail=None):
    """Write one row of the access log for each subject, or a single one without. Source: SEC-06.

    `subjects` are saved model instances; `request` gives address and request id.
    """
    common = {
        "action": action,
        "at": at,
        "person": by,
        "detail": detail or {},
        "address": _address(request) if request else None,
        "request_id": getattr(request, "request_id", "") if request else "",
    }
    named = [{"subject_type": subject._meta.label_lower, "subject_id": subject.pk} for subject in subjects] or [{}]
    AccessLog.objects.bulk_create(AccessLog(**common, **name) for name in named)


def _address(request):
    """Where the request came from, or None where nobody says.

    Behind a proxy that is what our own proxy put last into X-Forwarded-For; what stands before it, the visitor sent.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if getattr(settings, "BEHIND_PROXY", False):
        address = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or address
    try:
        return str(ipaddress.ip_address(address.partition("%")[0]))  # without the zone of an IPv6 address
    except ValueError:
        return None
