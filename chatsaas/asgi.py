"""The gateway: HTTP and sockets of all tenants, and an orderly end.

Serve it with the options of `chatsaas.serving`; at SIGTERM the server closes each socket with 1012,
and turns under way get the length of a lease to end. What does not is swept.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatsaas.settings")

from django.core.asgi import get_asgi_application

django_application = get_asgi_application()

# The applications are ready only from here on.
from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path, re_path  # noqa: E402

from chatsaas.lifespan import lifespan  # noqa: E402
from sessions_app.consumers import ChatConsumer  # noqa: E402


async def nowhere(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """There is no socket at this address: the handshake is answered with 403."""
    await send({"type": "websocket.close", "code": 1000, "reason": ""})


# Django's types know views alone.
sockets = URLRouter([path("ws/v1/chat", ChatConsumer.as_asgi()), re_path("", nowhere)])  # type: ignore[arg-type]
protocols = ProtocolTypeRouter({"http": django_application, "websocket": sockets})


async def application(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    else:
        await protocols(scope, receive, send)
