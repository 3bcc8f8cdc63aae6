"""The app's registration."""

from django.apps import AppConfig


class UserNotesConfig(AppConfig):
    name = "server.apps.user_notes"
    label = "user_notes"
