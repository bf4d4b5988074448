"""A visitor's browser, as the gateway sees it: token, socket and HTTP, all over the network."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import uuid4

import httpx
from httpx_sse import ServerSentEvent, connect_sse
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

SECONDS = 60.0
Frame = dict[str, Any]


def ask_for_token(url: str, site: str, origin: str | None, **asked: Any) -> httpx.Response:
    headers = {} if origin is None else {"Origin": origin}
    body = {"site": site, **asked}
    return httpx.post(f"{url}/api/v1/token", json=body, headers=headers, timeout=SECONDS)


@dataclass
class Visitor:
    url: str
    origin: str
    grant: Frame

    @classmethod
    def arrive(cls, url: str, site: str, origin: str, **asked: Any) -> Self:
        answer = ask_for_token(url, site, origin, **asked)
        assert answer.status_code == 200, answer.text
        return cls(url, origin, answer.json())

    @property
    def token(self) -> str:
        return str(self.grant["token"])

    @property
    def session(self) -> str:
        return str(self.grant["session"])

    @property
    def session_hex(self) -> str:
        return self.session.removeprefix("ses_")

    def headers(self, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Origin": self.origin, **more}

    def post(self, text: str, client_id: str | None = None) -> httpx.Response:
        body = {"client_id": client_id or str(uuid4()), "text": text}
        return self.request("POST", "chat", json=body)

    def say(self, text: str, client_id: str | None = None) -> Frame:
        """The JSON answer to one message."""
        answer = self.post(text, client_id)
        assert answer.status_code == 200, answer.text
        found: Frame = answer.json()
        return found

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = self.headers(**options.pop("headers", {}))
        address = f"{self.url}/api/v1/{path}"
        return httpx.request(method, address, headers=headers, timeout=SECONDS, **options)

    def events(self, after: int = 0) -> list[Frame]:
        """Everything stored since `after` up to now, over a stream."""
        with self.socket() as tab:
            newest = tab.ready["seq"]
        found: list[Frame] = []
        with (
            httpx.Client(timeout=SECONDS) as client,
            self.event_stream(client, after) as stream,
        ):
            while newest > after and (not found or found[-1].get("seq") != newest):
                found.append(json.loads(next(stream).data))
        return found

    @contextmanager
    def event_stream(
        self, client: httpx.Client, after: int = 0
    ) -> Iterator[Iterator[ServerSentEvent]]:
        address = f"{self.url}/api/v1/sessions/{self.session}/events?after={after}"
        with connect_sse(client, "GET", address, headers=self.headers()) as source:
            source.response.raise_for_status()
            yield (event for event in source.iter_sse() if event.data)

    @contextmanager
    def socket(self, after: int = 0) -> Iterator["Tab"]:
        """A tab that has been greeted; its first frame, `ready`, is read already."""
        with open_socket(self.url, self.origin) as connection:
            tab = Tab(connection)
            tab.send(type="hello", token=self.token, after=after)
            tab.ready = tab.until(lambda frame: frame["type"] == "ready")
            yield tab


@contextmanager
def open_socket(
    url: str, origin: str | None, protocol: str = "chat.v1"
) -> Iterator[ClientConnection]:
    address = url.replace("http", "ws", 1) + "/ws/v1/chat"
    with connect(
        address,
        origin=None if origin is None else Origin(origin),
        subprotocols=[Subprotocol(protocol)],
        open_timeout=SECONDS,
        close_timeout=1,
        compression=None,
    ) as connection:
        yield connection


@dataclass
class Tab:
    connection: ClientConnection
    ready: Frame = field(default_factory=dict)
    heard: list[Frame] = field(default_factory=list)

    def send(self, **frame: Any) -> None:
        self.connection.send(json.dumps(frame))

    def say(self, text: str, client_id: str | None = None) -> str:
        used = client_id or str(uuid4())
        self.send(type="message", client_id=used, text=text)
        return used

    def receive(self, seconds: float = SECONDS) -> Frame:
        """Raises TimeoutError, naming what was heard."""
        try:
            frame: Frame = json.loads(self.connection.recv(timeout=seconds))
        except TimeoutError:
            heard = "\n".join(map(str, self.heard)) or "nothing"
            raise TimeoutError(f"Nothing came for {seconds:g} s. Heard before:\n{heard}") from None
        self.heard.append(frame)
        return frame

    def until(self, wanted: Callable[[Frame], bool], seconds: float = SECONDS) -> Frame:
        """The first frame that is wanted; all on the way to it are kept in `heard`."""
        while True:
            frame = self.receive(seconds)
            if wanted(frame):
                return frame

    def reply_to(self, client_id: str) -> Frame:
        return self.until(lambda frame: is_reply(frame, client_id))

    @property
    def stored(self) -> list[Frame]:
        """The stored events among what was heard."""
        return [frame for frame in self.heard if frame["type"] in STORED]


STORED = {"message", "field", "progress", "completed", "closed"}


def is_reply(frame: Frame, client_id: str) -> bool:
    wanted = {"type": "message", "role": "assistant", "turn": client_id}
    return wanted.items() <= frame.items()
