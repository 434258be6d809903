from pgtrigger.management.commands.pgtrigger import Command as Pgtrigger

from journal.privileges import let_nobody_ignore_triggers


class Command(Pgtrigger):
    """pgtrigger's own, whose `install` brings back its way around triggers: it is taken away again at once."""

    def install(self, *args, **options):
        super().install(*args, **options)
        let_nobody_ignore_triggers(options["database"])
