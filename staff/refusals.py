"""What the database refuses, said in a sentence beside a field: it alone sees two people saving at once."""

from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction


@contextmanager
def in_words(sentences):
    """Raise the sentence of a broken constraint as ValidationError. `sentences`: constraint -> (field, sentence)."""
    try:
        with transaction.atomic():
            yield
            connection.check_constraints()  # those deferred to the end as well, while the form can still tell
    except IntegrityError as error:
        constraint = error.__cause__.diag.constraint_name
        if constraint not in sentences:
            raise
        field, sentence = sentences[constraint]
        raise ValidationError({field: sentence}, code=constraint) from error


@contextmanager
def beside_fields(form):
    """Show what an action refuses in the form instead of an error page; the view then renders the form again."""
    try:
        yield
    except ValidationError as refusal:
        form.add_error(None, refusal)
