"""The app's registration."""

from django.apps import AppConfig


class ChatMessagesConfig(AppConfig):
    name = "server.apps.chat_messages"
    label = "chat_messages"
