from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "claimtrack.work"
    label = "work"
