"""The gateway, with less patience for who does not finish asking than a deployment has."""

from chatsaas import transports
from chatsaas.asgi import application

__all__ = ["application"]

transports.REQUEST_SECONDS = 6.0
