"""Where a notification leads."""

from django.conf import settings
from django.urls import NoReverseMatch, reverse


def path(notification):
    """The page of the record a notification is about; nothing where there is none (any more)."""
    if not notification.url_name:
        return ""
    try:
        return reverse(notification.url_name, args=[notification.subject_id] if notification.subject_id else [])
    except NoReverseMatch:
        return ""


def absolute(path):
    """An address for e-mails and chats. The site's own name is a setting, never taken from a request."""
    return settings.SITE_URL.rstrip("/") + path
