"""The app's registration."""

from django.apps import AppConfig


class IdentitiesConfig(AppConfig):
    name = "server.apps.identities"
    label = "identities"
