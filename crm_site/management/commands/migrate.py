from django.core.management.commands.migrate import Command as Migrate


class Command(Migrate):
    """Django's own, as the database role that owns the tables: the application's role may not change them."""

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.set_defaults(database="owner")
