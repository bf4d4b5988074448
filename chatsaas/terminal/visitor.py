"""A visitor without a browser: the public token endpoint and the real WebSocket."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from chatsaas.terminal.chat_socket import PROTOCOLS, chat_url

ANSWER_SECONDS = 30.0


class VisitorError(Exception):
    """The gateway said no, or could not be reached; the text says why and what to do."""


@dataclass(frozen=True)
class Door:
    """Where the visitor knocks: the gateway's address, the site key and the page's origin."""

    gateway: str
    site: str
    origin: str


def fetch_grant(door: Door) -> dict[str, Any]:
    """What `/api/v1/token` answers. Raises VisitorError."""
    try:
        answer = httpx.post(
            f"{door.gateway}/api/v1/token",
            json={"site": door.site},
            headers={"Origin": door.origin},
            timeout=ANSWER_SECONDS,
        )
    except httpx.TransportError as error:
        raise VisitorError(
            f"The gateway at {door.gateway} cannot be reached ({error}). Start it, or name another "
            "with --url."
        ) from error
    if answer.is_error:
        raise VisitorError(f"{answer.status_code}: {_detail(answer)}")
    grant: dict[str, Any] = answer.json()
    return grant


class Visitor:
    """One open conversation. Use as a context manager; frames are dictionaries as on the wire."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self.grant = fetch_grant(door)
        self._socket: ClientConnection

    def __enter__(self) -> "Visitor":
        try:
            self._socket = connect(
                chat_url(self._door.gateway),
                origin=Origin(self._door.origin),
                subprotocols=PROTOCOLS,
                open_timeout=ANSWER_SECONDS,
            )
        except (OSError, InvalidHandshake) as error:
            raise VisitorError(f"The chat socket did not open: {error}") from error
        self._send({"type": "hello", "token": self.grant["token"]})
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def say(self, text: str) -> Iterator[dict[str, Any]]:
        """Send one message; yields every frame up to the assistant's answer and what it changed.

        Raises VisitorError for an error frame, a closed socket or 30 s of silence.
        """
        client_id = str(uuid4())
        self._send({"type": "message", "client_id": client_id, "text": text})
        while (frame := self._receive())["type"] != "pong":
            yield frame
            if _answers(frame, client_id):
                # Fields and the document follow their message: the pong comes after all of them.
                self._send({"type": "ping"})

    def _send(self, frame: dict[str, Any]) -> None:
        self._socket.send(json.dumps(frame))

    def _receive(self) -> dict[str, Any]:
        try:
            frame: dict[str, Any] = json.loads(self._socket.recv(timeout=ANSWER_SECONDS))
        except TimeoutError as error:
            raise VisitorError("No answer within 30 seconds. Run `manage.py doctor`.") from error
        except ConnectionClosed as error:
            raise VisitorError(f"The gateway closed the socket: {error}") from error
        if frame["type"] == "error":
            raise VisitorError(f"{frame['code']}: {frame['detail']}")
        return frame


def _answers(frame: dict[str, Any], client_id: str) -> bool:
    is_reply = frame["type"] == "message" and frame["role"] == "assistant"
    return is_reply and frame.get("turn") == client_id


def _detail(answer: httpx.Response) -> str:
    if "json" in answer.headers.get("content-type", ""):
        body = answer.json()
        return f"{body.get('code')}: {body.get('detail')}"
    return answer.reason_phrase
