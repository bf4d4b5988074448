"""The gateway without lease and fence."""

from chatsaas.asgi import application as application
from chatsaas.chaos.naive.unleased import remove

remove()
