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
        "address": request.META.get("REMOTE_ADDR") or None if request else None,
        "request_id": getattr(request, "request_id", "") if request else "",
    }
    named = [{"subject_type": subject._meta.label_lower, "subject_id": subject.pk} for subject in subjects] or [{}]
    AccessLog.objects.bulk_create(AccessLog(**common, **name) for name in named)
