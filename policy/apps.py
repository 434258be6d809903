from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PolicyConfig(AppConfig):
    name = "policy"

    def ready(self):
        # Each app declares its parameters in rules.py, and in handbook.py where its clauses work.
        autodiscover_modules("rules", "handbook")
