"""A customer's channel is always the channel of its unit. Django has no foreign key over two columns. Source: REC-03."""

from django.db import migrations

ADD = """
ALTER TABLE customers_customer ADD CONSTRAINT customer_channel_of_unit
FOREIGN KEY (branch_id, channel) REFERENCES staff_branch (id, channel) DEFERRABLE INITIALLY DEFERRED
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_tables")]
    operations = [
        migrations.RunSQL(ADD, "ALTER TABLE customers_customer DROP CONSTRAINT customer_channel_of_unit"),
    ]
