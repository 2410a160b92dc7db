from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "medspil.project"
    label = "project"
