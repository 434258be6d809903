"""Indexes for a million: one for all filters of few values, one for scopes, none for trigrams; and what PostgreSQL must know to see that two of them never meet."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SINGLE = ("tier", "stage", "source", "channel")
STATISTICS = """
CREATE STATISTICS customer_kinds (mcv) ON stage, source, tier, channel FROM customers_customer;
ALTER STATISTICS customer_kinds SET STATISTICS 1000;
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0013_speed"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        *(migrations.RemoveIndex("customer", f"customer_by_{column}") for column in SINGLE),
        migrations.RemoveIndex("customer", "customer_core_trigrams"),
        migrations.AddIndex(
            "customer",
            models.Index(
                fields=["stage", "source", "tier", "channel", "branch", "id"],
                condition=models.Q(("archived_at__isnull", True)),
                name="customer_by_kinds",
            ),
        ),
        migrations.AddIndex(
            "customer",
            models.Index(
                fields=["id"],
                include=["owner", "branch", "district"],
                condition=models.Q(("archived_at__isnull", True)),
                name="customer_in_scope",
            ),
        ),
        migrations.AddIndex(
            "customer", models.Index(fields=["owner", "name_pinyin", "id"], name="customer_by_owner_and_name")
        ),
        migrations.RunSQL(STATISTICS, "DROP STATISTICS customer_kinds"),
        migrations.AlterField(
            "customer",
            "branch",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="customers",
                to="staff.branch",
                verbose_name="unit",
            ),
        ),
        migrations.AlterField(
            "customer",
            "owner",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="customers",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person in charge",
            ),
        ),
    ]
