"""How each person is told outside of Keke. Source: GEN-02 ("each person chooses channels")."""

from django.db import transaction

from .models import ChannelPreference, PushSettings


@transaction.atomic
def save(*, settings, emails, by):
    """A person's own choice: `settings` are columns of PushSettings, `emails` maps kind groups to e-mail choices."""
    PushSettings.objects.update_or_create(person=by, defaults=settings)
    for group, email in emails.items():
        ChannelPreference.objects.update_or_create(person=by, group=group, defaults={"email": email})
