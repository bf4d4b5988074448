"""Registers the wiring itself, for its commands."""

from django.apps import AppConfig


class ChatsaasConfig(AppConfig):
    name = "chatsaas"

    def ready(self) -> None:
        from chatsaas.composition import compose

        compose()
