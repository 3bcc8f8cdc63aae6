"""The app's registration."""

from django.apps import AppConfig


class TestScenariosConfig(AppConfig):
    name = "server.apps.test_scenarios"
    label = "test_scenarios"
