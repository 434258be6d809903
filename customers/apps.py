from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "customers"

    def ready(self):
        from journal import gates

        from . import consents

        gates.register(consents.gate, "consent")
