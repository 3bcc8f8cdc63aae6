"""The app's registration."""

from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "server.apps.users"
    label = "users"
