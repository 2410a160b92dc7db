from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "medspil.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .pulse.nameless import hush

        hush()
