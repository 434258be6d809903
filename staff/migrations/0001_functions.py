"""What the tables of staff stand on: exclusion constraints over numbers and dates together."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations

# History keeps who and why in each event row, so pghistory's shared context table is not used and the application's
# role may not write to it. Its triggers still call this function for every statement.
NO_CONTEXT_ROWS = """
CREATE OR REPLACE FUNCTION _pgh_attach_context() RETURNS uuid LANGUAGE sql IMMUTABLE AS 'SELECT NULL::uuid'
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("pghistory", "0007_auto_20250421_0444")]
    operations = [
        BtreeGistExtension(),
        migrations.RunSQL(NO_CONTEXT_ROWS, migrations.RunSQL.noop),
    ]
