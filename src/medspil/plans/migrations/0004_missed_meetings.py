import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0002_asked_on_every_page'),
        ('plans', '0003_asked_on_every_page'),
    ]

    operations = [
        migrations.AddField(
            model_name='meeting',
            name='missed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='meeting',
            name='missed_call',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.promise'),
        ),
        migrations.AlterField(
            model_name='meeting',
            name='state',
            field=models.CharField(choices=[('planned', 'Aftalt'), ('ended', 'Holdt'), ('cancelled', 'Aflyst'), ('missed', 'Vi nåede ikke at ses')], default='planned', max_length=9),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'missed'), _negated=True), models.Q(('missed_at__isnull', False), ('missed_call__isnull', False)), _connector='OR'), name='a_missed_meeting_leads_to_a_call'),
        ),
    ]
