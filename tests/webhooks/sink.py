"""A customer's endpoint: a real HTTP server that answers as its path says, and remembers."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook


@dataclass(frozen=True)
class Heard:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def said(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    def verified(self, secret: str) -> dict[str, Any]:
        """The body, if the receiver's own library accepts the signature."""
        found: dict[str, Any] = Webhook(secret).verify(self.body, self.headers)
        return found


@dataclass
class Sink:
    """`/200`, `/500` and so on answer that status; `/slow` answers when `patience` is over.

    `answers` go before the path's own: one is used up by each request.
    """

    base: str = ""
    heard: list[Heard] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, path: str = "/200") -> str:
        return self.base + path

    def kinds(self, path: str = "/200") -> list[str]:
        return [heard.said["type"] for heard in self.heard if heard.path == path]

    def answer_to(self, heard: Heard) -> int:
        with self._lock:
            self.heard.append(heard)
            if self.answers:
                return self.answers.pop(0)
        if heard.path == "/slow":
            self.over.wait()
        number = heard.path.strip("/").partition("/")[0]
        return int(number) if number.isdigit() else 200


@contextmanager
def open_sink() -> Iterator[Sink]:
    sink = Sink()

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status = sink.answer_to(Heard(self.path, headers, body))
            said = b"thank you\0" + b"!" * 9000
            self.send_response(status)
            self.send_header("Location", sink.url("/200"))
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: Any) -> None:
            """Nothing: a test shows what it heard."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    server.daemon_threads = True
    sink.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield sink
    finally:
        sink.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
