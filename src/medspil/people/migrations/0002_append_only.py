from django.db import migrations

from medspil.people import append_only


def install(apps, editor):
    append_only.install(editor)


def remove(apps, editor):
    append_only.remove(editor)


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
