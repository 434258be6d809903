from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class JournalConfig(AppConfig):
    name = "journal"

    def ready(self):
        from . import privileges

        # Django's own signal, not one between our apps: privileges follow the tables that migrations make.
        post_migrate.connect(privileges.grant, sender=self, dispatch_uid="journal.privileges")
        post_migrate.connect(privileges.let_nobody_ignore_triggers, sender=self, dispatch_uid="journal.triggers")
        # Each app declares there its kinds of notification, and the lists that it gives out.
        autodiscover_modules("notifications", "exporters")
