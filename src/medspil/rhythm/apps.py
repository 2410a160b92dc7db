from django.apps import AppConfig


class RhythmConfig(AppConfig):
    name = "medspil.rhythm"
    label = "rhythm"
    default_auto_field = "django.db.models.BigAutoField"
