"""A gateway that speaks the widget's wire shapes over real sockets, following a short script."""

import asyncio
import contextlib
import json
import secrets
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

DIST = Path(__file__).parents[2] / "static" / "widget" / "dist"
SITE = "pk_demo"
GREETING = "Hi! Let's get you a quote. What's your name?"
SERVICES = [
    {"value": "repair", "label": "Repair"},
    {"value": "new_roof", "label": "New roof"},
    {"value": "inspection", "label": "Inspection"},
]
STEPS: list[tuple[str, str | None, list[dict[str, str]]]] = [
    ("Thanks, {text}! What can we do for you?", "service", SERVICES),
    ("When should we come? You can read how we work at https://example.com/how.", "visit", []),
    ("Thank you. We will call you.", None, []),
]


@dataclass
class Session:
    """One conversation: its numbered events, and who listens."""

    id: str
    resume: str
    status: str = "new"
    events: list[dict[str, Any]] = field(default_factory=list)
    sockets: list[WebSocket] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def turns(self) -> list[str]:
        return [event["client_id"] for event in self.events if event.get("role") == "visitor"]

    def progress(self) -> dict[str, int]:
        return {"filled": min(len(self.turns), 3), "required": 3}


class WireGateway:
    """Answers each message with the next step of the script. Faults are switched from outside.

    `holds` keeps messages unacknowledged, `stalls` keeps replies back, `refuses_sockets` answers
    handshakes with 403; `close_sockets(code)` ends every socket.
    """

    def __init__(self) -> None:
        self.sessions: dict[str, Session] = {}
        self.settings: dict[str, Any] = {
            "name": "Rivera Roofing",
            "title": "Get a roof quote",
            "greeting": GREETING,
            "locale": "en",
            "theme": "auto",
            "color": "#0f766e",
            "position": "right",
            "launcher_title": "",
        }
        self.holds = self.stalls = self.refuses_sockets = False
        self.token_bodies: list[dict[str, Any]] = []
        self.origins: list[str] = ["*"]
        self.received: list[dict[str, Any]] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/w/v1/{file}", self.asset),
                Route("/api/v1/token", self.token, methods=["POST", "OPTIONS"]),
                Route("/api/v1/chat", self.chat, methods=["POST", "OPTIONS"]),
                Route("/api/v1/sessions/{id}/events", self.follow, methods=["GET", "OPTIONS"]),
                Route("/api/v1/sessions/{id}/close", self.closing, methods=["POST", "OPTIONS"]),
                WebSocketRoute("/ws/v1/chat", self.socket),
            ]
        )

    def close_sockets(self, code: int) -> None:
        """From another thread: end every socket with this close code."""
        assert self._loop
        asyncio.run_coroutine_threadsafe(self._close_sockets(code), self._loop).result(10)

    async def _close_sockets(self, code: int) -> None:
        for session in self.sessions.values():
            for socket in list(session.sockets):
                await socket.close(code)

    async def asset(self, request: Request) -> Response:
        path = DIST / request.path_params["file"]
        headers = {
            "Access-Control-Allow-Origin": "*",
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        return Response(path.read_bytes(), media_type="text/javascript", headers=headers)

    async def token(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return allowed(Response())
        body = await request.json()
        self.token_bodies.append(body)
        if self.origins != ["*"] and request.headers["origin"] not in self.origins:
            return allowed(problem(403, "origin_not_allowed", "Add this origin to the website."))
        session = self.sessions.get(body.get("session", ""))
        if session is None or session.resume != body.get("resume"):
            session = Session(f"ses_{secrets.token_hex(16)}", "")
            self.sessions[session.id] = session
        session.resume = secrets.token_urlsafe(16)
        return allowed(
            JSONResponse(
                {
                    "token": session.id,
                    "expires": "2099-01-01T00:00:00Z",
                    "session": session.id,
                    "resume": session.resume,
                    "status": session.status,
                    "settings": self.settings,
                }
            )
        )

    async def socket(self, socket: WebSocket) -> None:
        if self.refuses_sockets:
            await socket.close(4403)
            return
        self._loop = asyncio.get_running_loop()
        await socket.accept("chat.v1")
        hello = await socket.receive_json()
        session = self.sessions.get(hello.get("token", ""))
        if session is None:
            await socket.close(4401)
            return
        await self._welcome(socket, session, hello.get("after", 0))
        session.sockets.append(socket)
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                await self._hear(socket, session, await socket.receive_json())
        session.sockets.remove(socket)

    async def _welcome(self, socket: WebSocket, session: Session, after: int) -> None:
        ready = {
            "type": "ready",
            "session": session.id,
            "status": session.status,
            "seq": len(session.events),
            "progress": session.progress(),
            "settings": self.settings,
        }
        await socket.send_json(ready)
        for event in session.events[after:]:
            await socket.send_json(event)

    async def _hear(self, socket: WebSocket, session: Session, frame: dict[str, Any]) -> None:
        self.received.append(frame)
        if frame["type"] == "ping":
            await socket.send_json({"type": "pong"})
        if frame["type"] == "close":
            session.status = "closed"
            await self._publish(session, {"type": "closed", "reason": "visitor"})
        if frame["type"] == "message" and not self.holds:
            await self._take(socket, session, frame)

    async def _take(self, socket: WebSocket, session: Session, frame: dict[str, Any]) -> None:
        client_id, text = frame["client_id"], frame["text"]
        is_new = client_id not in session.turns
        if is_new:
            await self._store(session, client_id, text)
        await socket.send_json({"type": "ack", "client_id": client_id, "seq": len(session.events)})
        if is_new and not self.stalls:
            asyncio.get_running_loop().create_task(self._reply(session, client_id, text, socket))

    async def _store(self, session: Session, client_id: str, text: str) -> None:
        if not session.events:
            session.status = "open"
            await self._publish(session, message("assistant", GREETING, None))
        await self._publish(session, message("visitor", text, client_id))

    async def _reply(
        self, session: Session, turn: str, text: str, socket: WebSocket | None
    ) -> None:
        number = session.turns.index(turn)
        line, asking, choices = STEPS[min(number, len(STEPS) - 1)]
        words = line.format(text=text)
        for start in range(0, len(words), 8):
            await asyncio.sleep(0.02)
            delta = {"type": "delta", "turn": turn, "attempt": 1, "text": words[start : start + 8]}
            if socket:
                await socket.send_json(delta)
        found = {"type": "field", "path": f"field{number}", "value": text, "status": "set"}
        await self._publish(session, found | {"evidence": None})
        reply = message("assistant", words, None, turn) | {
            "asking": asking,
            "choices": choices,
            "progress": session.progress(),
        }
        await self._publish(session, reply)
        if asking is None:
            session.status = "completed"
            await self._publish(session, {"type": "completed", "fields": {"name": "Ann"}})

    async def _publish(self, session: Session, event: dict[str, Any]) -> None:
        event = event | {"seq": len(session.events) + 1}
        session.events.append(event)
        session.changed.set()
        session.changed = asyncio.Event()
        for socket in session.sockets:
            await socket.send_json(event)

    async def follow(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return allowed(Response())
        session = self.sessions[request.path_params["id"]]
        after = int(request.query_params["after"])
        return allowed(StreamingResponse(events(session, after), media_type="text/event-stream"))

    async def chat(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return allowed(Response())
        session = self.sessions[request.headers["authorization"].removeprefix("Bearer ")]
        body = await request.json()
        self.received.append({"type": "message", **body})
        if body["client_id"] not in session.turns:
            await self._store(session, body["client_id"], body["text"])
            await self._reply(session, body["client_id"], body["text"], None)
        return allowed(JSONResponse({"client_id": body["client_id"]}))

    async def closing(self, request: Request) -> Response:
        return allowed(JSONResponse({}))


async def events(session: Session, after: int) -> AsyncIterator[str]:
    while True:
        for event in session.events[after:]:
            yield f"event: {event['type']}\nid: {event['seq']}\ndata: {json.dumps(event)}\n\n"
        after = len(session.events)
        await session.changed.wait()


def message(role: str, text: str, client_id: str | None, turn: str | None = None) -> dict[str, Any]:
    return {
        "type": "message",
        "id": f"msg_{secrets.token_hex(8)}",
        "role": role,
        "text": text,
        "client_id": client_id,
        "turn": turn or client_id,
        "attempt": 1 if turn else None,
        "asking": None,
        "choices": [],
        "progress": None,
        "at": "2026-01-01T09:00:00Z",
    }


def problem(status: int, code: str, detail: str) -> Response:
    body = {"type": "about:blank", "title": code, "status": status, "detail": detail, "code": code}
    return JSONResponse(body, status, media_type="application/problem+json")


def allowed(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Headers"] = "authorization, content-type"
    return response


class CustomerWebsite:
    """A customer's pages, by path, each with its Content-Security-Policy. Another origin."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.policy = ""

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/{path:path}", self.page)])

    async def page(self, request: Request) -> Response:
        html = self.pages.get(request.url.path)
        headers = {"Content-Security-Policy": self.policy} if self.policy else {}
        return Response(html, 200 if html else 404, headers, media_type="text/html")


@contextlib.contextmanager
def serving(app: Starlette) -> Iterator[str]:
    """Serve on a free loopback port; answers the origin."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_level="error", lifespan="off", ws="websockets-sansio"
    )
    server = uvicorn.Server(config)
    started = threading.Event()
    startup = server.startup

    async def start(*values: Any, **named: Any) -> None:
        await startup(*values, **named)
        started.set()

    server.startup = start  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert started.wait(60)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(60)
