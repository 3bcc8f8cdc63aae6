"""The app's registration."""

from importlib import import_module

from django.apps import AppConfig


class CoachStatesConfig(AppConfig):
    name = "server.apps.coach_states"
    label = "coach_states"

    def ready(self) -> None:
        import_module("server.apps.coach_states.signals")
