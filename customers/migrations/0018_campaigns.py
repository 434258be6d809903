"""Campaigns and fairs, and their members."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import staff.triggers
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0017_purchases'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                ('kind', models.CharField(choices=[('fair', 'fair'), ('marketing', 'marketing campaign'), ('other', 'other')], default='fair', max_length=12, verbose_name='kind')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('place', models.CharField(blank=True, max_length=120, verbose_name='place')),
                ('created_at', models.DateTimeField(verbose_name='entered at')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='closed by')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
            ],
            options={
                'verbose_name': 'campaign',
                'indexes': [models.Index(fields=['-starts_on', '-id'], name='campaign_by_first_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='campaign_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by__isnull', True)), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False)), _connector='OR'), name='campaign_closed_by_somebody')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "customers_campaignevent" ("closed_at", "closed_by_id", "created_at", "created_by_id", "ends_on", "id", "kind", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "starts_on") SELECT new_values."closed_at", new_values."closed_by_id", new_values."created_at", new_values."created_by_id", new_values."ends_on", new_values."id", new_values."kind", new_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."place", new_values."starts_on" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='a851bdefbb9e81e135e0ba89cb57c8a10647c9ec', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_cae31', referencing='REFERENCING NEW TABLE AS new_values ', table='customers_campaign', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "customers_campaignevent" ("closed_at", "closed_by_id", "created_at", "created_by_id", "ends_on", "id", "kind", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "starts_on") SELECT new_values."closed_at", new_values."closed_by_id", new_values."created_at", new_values."created_by_id", new_values."ends_on", new_values."id", new_values."kind", new_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."place", new_values."starts_on" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='67cc4482ac0c76d78a8fa9240a0a172476abafde', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_d4218', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='customers_campaign', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "customers_campaignevent" ("closed_at", "closed_by_id", "created_at", "created_by_id", "ends_on", "id", "kind", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "starts_on") SELECT old_values."closed_at", old_values."closed_by_id", old_values."created_at", old_values."created_by_id", old_values."ends_on", old_values."id", old_values."kind", old_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."place", old_values."starts_on" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='c8637b0441e590d757175706da2a6ef79bfb8569', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_de02e', referencing='REFERENCING OLD TABLE AS old_values ', table='customers_campaign', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='CampaignEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entered_at', models.DateTimeField(verbose_name='entered at')),
                ('card_text', models.CharField(blank=True, max_length=300, verbose_name='as the card says')),
                ('remark', models.CharField(blank=True, max_length=500, verbose_name='remark')),
                ('was_new', models.BooleanField(verbose_name='new by it')),
                ('submission', models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='customers.campaign', verbose_name='campaign')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='campaign_entries', to='customers.customer')),
                ('entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
            ],
            options={
                'verbose_name': 'member of a campaign',
                'indexes': [models.Index(fields=['campaign', '-id'], name='member_by_campaign')],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'customer'), name='campaign_member_once')],
                'triggers': [pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "customers_campaignentryevent" ("campaign_id", "card_text", "customer_id", "entered_at", "entered_by_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "remark", "was_new") SELECT new_values."campaign_id", new_values."card_text", new_values."customer_id", new_values."entered_at", new_values."entered_by_id", new_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."remark", new_values."was_new" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='244a466a9fc2527fba0e0991e651cecadc389d6b', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_01034', referencing='REFERENCING NEW TABLE AS new_values ', table='customers_campaignentry', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "customers_campaignentryevent" ("campaign_id", "card_text", "customer_id", "entered_at", "entered_by_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "remark", "was_new") SELECT new_values."campaign_id", new_values."card_text", new_values."customer_id", new_values."entered_at", new_values."entered_by_id", new_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."remark", new_values."was_new" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."campaign_id" IS DISTINCT FROM (new_values."campaign_id") OR old_values."card_text" IS DISTINCT FROM (new_values."card_text") OR old_values."customer_id" IS DISTINCT FROM (new_values."customer_id") OR old_values."entered_at" IS DISTINCT FROM (new_values."entered_at") OR old_values."entered_by_id" IS DISTINCT FROM (new_values."entered_by_id") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."remark" IS DISTINCT FROM (new_values."remark") OR old_values."was_new" IS DISTINCT FROM (new_values."was_new")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='2289e310a416da9fed7c3b85e8e81f520ba2afcb', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_d443d', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='customers_campaignentry', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "customers_campaignentryevent" ("campaign_id", "card_text", "customer_id", "entered_at", "entered_by_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "remark", "was_new") SELECT old_values."campaign_id", old_values."card_text", old_values."customer_id", old_values."entered_at", old_values."entered_by_id", old_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."remark", old_values."was_new" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='7c04098745c53bc80cdeff5327aea10bd5fa9a36', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_69f9a', referencing='REFERENCING OLD TABLE AS old_values ', table='customers_campaignentry', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='CampaignEntryEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('entered_at', models.DateTimeField(verbose_name='entered at')),
                ('card_text', models.CharField(blank=True, max_length=300, verbose_name='as the card says')),
                ('remark', models.CharField(blank=True, max_length=500, verbose_name='remark')),
                ('was_new', models.BooleanField(verbose_name='new by it')),
                ('campaign', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='customers.campaign', verbose_name='campaign')),
                ('customer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='customers.customer')),
                ('entered_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='customers.campaignentry')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d3a842c0e386b62b36a779cd535cf564b806fe21', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c0df3', table='customers_campaignentryevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='CampaignEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('kind', models.CharField(choices=[('fair', 'fair'), ('marketing', 'marketing campaign'), ('other', 'other')], default='fair', max_length=12, verbose_name='kind')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('place', models.CharField(blank=True, max_length=120, verbose_name='place')),
                ('created_at', models.DateTimeField(verbose_name='entered at')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                ('closed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='closed by')),
                ('created_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='customers.campaign')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='48b070342229718720768360f20c1752d6f4bcad', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_792e6', table='customers_campaignevent', when='BEFORE'))],
            },
        ),
        staff.triggers.InstallTriggers(
            names=['campaign', 'campaignentry', 'campaignentryevent', 'campaignevent'],
        ),
    ]
