"""Installing the triggers of new tables. Source: SEC-05."""

from django.db.migrations.operations.base import Operation


class InstallTriggers(Operation):
    """Migration operation: installs the triggers in the options of models that the same migration creates.

    pgtrigger's AddTrigger takes one trigger at a time and renders all related models anew for each, which was half the
    time of making a database. For a trigger that is added later it is the right one.
    """

    def __init__(self, names):
        self.names = names

    def state_forwards(self, app_label, state):
        """The models have had their triggers since they were created."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for trigger in self._triggers(app_label, to_state):
            schema_editor.execute(trigger.install_sql, params=None)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for trigger in self._triggers(app_label, from_state):
            schema_editor.execute(trigger.uninstall_sql, params=None)

    def describe(self):
        return f"Install triggers of {', '.join(self.names)}"

    def _triggers(self, app_label, state):
        return [trigger for name in self.names for trigger in state.models[app_label, name].options["triggers"]]
