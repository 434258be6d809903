"""What the tables of customers stand on: trigram search, and the pieces of a name that a two-character search needs."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

# One- and two-character pieces of a text. plpgsql, because the planner inlines the SQL version and it costs nine times more.
GRAMS = """
CREATE FUNCTION grams(source text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    folded text := lower(source);
    pieces text[] := '{}';
BEGIN
    FOR place IN 1 .. char_length(folded) LOOP
        pieces := pieces || substr(folded, place, 1) || substr(folded, place, 2);
    END LOOP;
    RETURN pieces;
END
$$
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("staff", "0001_functions")]
    operations = [
        TrigramExtension(),
        migrations.RunSQL(GRAMS, "DROP FUNCTION grams(text)"),
    ]
