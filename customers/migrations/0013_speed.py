"""Indexes for the list with several filters, and for the archive."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0012_own_fields")]
    operations = [
        migrations.AddIndex("customer", models.Index(fields=[column], name=f"customer_by_{column}"))
        for column in ("tier", "stage", "source", "channel")
    ] + [
        migrations.AddIndex(
            "customer",
            models.Index(
                fields=["id"], condition=models.Q(("archived_at__isnull", False)), name="customer_archived"
            ),
        ),
    ]
