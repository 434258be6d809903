from django.apps import AppConfig


class CrmSiteConfig(AppConfig):
    name = "crm_site"

    def ready(self):
        from . import celery, sessions  # noqa: F401  (tasks that web requests send must know the broker)

        sessions.connect()
