"""The app's registration."""

from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "server.apps.actions"
    label = "actions"
