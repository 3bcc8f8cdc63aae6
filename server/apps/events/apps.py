"""The app's registration."""

from importlib import import_module

from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "server.apps.events"
    label = "events"

    def ready(self) -> None:
        import_module("server.apps.events.signals")
