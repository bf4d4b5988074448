"""The customers' own websites: plain pages on another origin, with a strict policy of their own."""

from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

PAGES = Path(__file__).resolve().parent / "pages"
KINDS = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8"}
ROUTES = {"/": "acme.html", "/harbor": "harbor.html", "/site.css": "site.css"}


class PageHandler(BaseHTTPRequestHandler):
    """Fills the site keys into a page, as the customer does once by hand."""

    def __init__(self, *args: object, host: str, keys: Mapping[str, str]) -> None:
        self._host, self._keys = host, keys
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        name = ROUTES.get(self.path.partition("?")[0])
        if name is None:
            self.send_error(HTTPStatus.NOT_FOUND, "No such page. Try / or /harbor.")
            return
        body = self._filled(PAGES / name)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", KINDS[Path(name).suffix])
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", self._policy())
        self.end_headers()
        self.wfile.write(body)

    def _filled(self, page: Path) -> bytes:
        text = page.read_text().replace("{{host}}", self._host)
        for name, key in self._keys.items():
            text = text.replace("{{" + name + "}}", key)
        return text.encode()

    def _policy(self) -> str:
        # Exactly what the snippet page of the dashboard asks a customer to allow.
        socket = self._host.replace("http", "ws", 1)
        return (
            f"default-src 'none'; script-src {self._host}; "
            f"connect-src {self._host} {socket}; style-src 'self'; img-src 'self' data:"
        )

    def log_message(self, format: str, *args: object) -> None:
        """Visits to a page of the demo are nobody's news."""


def start_website(port: int, *, host: str, keys: Mapping[str, str]) -> ThreadingHTTPServer:
    """Serve the pages from a thread; `shutdown()` ends it. Raises OSError if the port is taken."""
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(PageHandler, host=host, keys=keys))
    Thread(target=server.serve_forever, daemon=True).start()
    return server
