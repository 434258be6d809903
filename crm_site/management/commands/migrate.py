from django.core.management.commands.migrate import Command as Migrate
from django.db.migrations.state import ProjectState

add_model_and_redraw = ProjectState.add_model


def add_model(state, model_state):
    """Django's own, but only the new model is drawn: nothing points to it yet.

    Django draws everything anew that is related to it, over however many others; here that is nearly every model, as
    people stand in all of them. On an empty database that was half of the time.
    """
    drawn = vars(state).pop("apps", None)  # without them none are drawn
    add_model_and_redraw(state, model_state)
    if drawn:
        state.apps = drawn
        drawn.render_multiple([model_state])


class Command(Migrate):
    """Django's own, as the database role that owns the tables: the application's role may not change them."""

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args, **options):
        ProjectState.add_model = add_model
        super().handle(*args, **options)
