"""How a client that is no browser opens a chat socket."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from websockets.asyncio.client import connect
from websockets.typing import Origin, Subprotocol

PROTOCOLS = (Subprotocol("chat.v1"),)


def chat_url(gateway: str) -> str:
    """`gateway` is its address over HTTP."""
    parts = urlsplit(gateway)
    scheme = "wss" if parts.scheme == "https" else "ws"
    return urlunsplit((scheme, parts.netloc, "/ws/v1/chat", "", ""))


def open_chat(gateway: str, origin: str, **options: Any) -> connect:
    """As from a page of this origin. Await it for the socket, or enter it to have it closed.

    `options` are those of `websockets.connect`, such as timeouts; no hello is said.
    """
    return connect(
        chat_url(gateway),
        origin=Origin(origin),
        subprotocols=PROTOCOLS,
        compression=None,
        close_timeout=1,
        proxy=None,
        **options,
    )
