import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0002_asked_on_every_page'),
        ('plans', '0004_missed_meetings'),
    ]

    operations = [
        migrations.CreateModel(
            name='MeetingWish',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form', models.CharField(blank=True, choices=[('home', 'Hjemme hos dig'), ('office', 'Hos os'), ('walk', 'En gåtur'), ('phone', 'I telefonen'), ('video', 'På video')], max_length=6)),
                ('minutes_long', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('with_pauses', models.BooleanField(default=False)),
                ('made_at', models.DateTimeField()),
                ('key', models.UUIDField(unique=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('meeting', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='plans.meeting')),
                ('promise', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.promise')),
            ],
        ),
    ]
