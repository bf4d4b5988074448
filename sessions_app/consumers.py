"""The widget's socket: one door to the same services as the HTTP interface.

It never waits for a turn, and one task alone writes to the socket, so frames keep their order.
"""

import asyncio
import logging
import time
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress
from typing import Any
from uuid import UUID

from channels.generic.websocket import AsyncWebsocketConsumer
from structlog.contextvars import bind_contextvars

from ai_bridge.errors import ChatError
from sessions_app.arriving import through_the_door
from sessions_app.availability import UNREACHABLE, check_open, database_at_hand, moment
from sessions_app.errors import (
    BadFrame,
    HelloMissing,
    RateLimited,
    Restarting,
    SessionClosed,
    Unavailable,
)
from sessions_app.following import Follower, text_of
from sessions_app.frames import (
    ClientFrame,
    Close,
    EditField,
    Hello,
    Ping,
    Pong,
    Problem,
    SendMessage,
    Token,
    checked,
    parse_frame,
)
from sessions_app.inbox import Channel, Inbox, Wake, forget_inbox, listening
from sessions_app.limiting.addresses import client_address
from sessions_app.limiting.gates import FrameGate, limit_visit
from sessions_app.metrics import RESUMES, SOCKETS
from sessions_app.nudges import hearing
from sessions_app.polling import Polling
from sessions_app.services.visit import open_visit
from sessions_app.turns import accept_input, end_session
from sessions_app.visitors import renew_token
from tenants.errors import OriginNotAllowed
from tenants.scope import tenant_call
from tenants.tokens import Visitor, read_token

logger = logging.getLogger(__name__)

PROTOCOL = "chat.v1"
HELLO_SECONDS = 5.0
IDLE_SECONDS = 3600.0
RENEW_BEFORE = 60.0
MAX_BAD_FRAMES = 5
MAX_LIMITED = 20

BAD_FRAME, TOKEN, SITE, IDLE, RATE = 4400, 4401, 4403, 4408, 4429
RESTART, LATER = 1012, 1013
CLOSE_CODES = {401: TOKEN, 403: SITE, 429: RATE, 503: LATER}


class ChatConsumer(AsyncWebsocketConsumer):
    """One socket. Before `hello` it has no visitor; after that it follows one session."""

    # Nudges come through the inbox, so that a socket can open while Redis is away.
    channel_layer_alias = ""

    def __init__(self) -> None:
        super().__init__()
        self.visitor: Visitor | None = None
        self.inbox = Inbox()
        self.tasks: list[asyncio.Task[None]] = []
        self.stack = AsyncExitStack()
        self.bad_frames = 0
        self.limited = 0
        self.frames = FrameGate()
        self.address = ""
        self.is_over = self.has_hello = False
        self.heard_at = 0.0

    async def __call__(self, *connection: Any) -> None:
        """However it ends: one who has gone while he was greeted is heard of as an error only."""
        try:
            await super().__call__(*connection)
        finally:
            for task in self.tasks:
                task.cancel()
            forget_inbox(self.inbox)
            await self.stack.aclose()

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Without the base class's visit to the shared database thread for every frame."""
        await getattr(self, message["type"].replace(".", "_"))(message)

    async def connect(self) -> None:
        if PROTOCOL not in self.scope["subprotocols"]:
            await self.close(BAD_FRAME)
            return
        await self.accept(PROTOCOL)
        self.address = client_address(self.scope)
        SOCKETS.inc()
        self.stack.callback(SOCKETS.dec)
        try:
            await limit_visit(self.address)
        except RateLimited as error:
            await self._refuse(error)
            return
        self._start(self._expect_hello())

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        self.heard_at = time.monotonic()
        if self.is_over:
            # What a flood had sent before it heard of the close.
            return
        try:
            await self.frames.limit()
            frame = parse_frame(text_data)
            with database_at_hand():
                await (self._take(self.visitor, frame) if self.visitor else self._greet(frame))
        except ChatError as error:
            await self._refuse(error)

    async def _take(self, visitor: Visitor, frame: ClientFrame) -> None:
        match frame:
            case SendMessage() | EditField():
                try:
                    with database_at_hand():
                        await accept_input(visitor, checked(frame), self.inbox, self.address)
                    self.limited = 0
                except ChatError as error:
                    await self._refuse(error, frame.client_id)
            case Close():
                if not await end_session(Channel(visitor.schema, visitor.session_id), "visitor"):
                    self.inbox.put(_problem(SessionClosed()))
            case Ping():
                self.inbox.put(Pong())
            case Hello():
                raise BadFrame("This socket has been greeted already. Open another one.")

    async def _greet(self, frame: ClientFrame) -> None:
        if not isinstance(frame, Hello):
            raise HelloMissing
        self.has_hello = True
        check_open()
        visitor = read_token(frame.token)
        bind_contextvars(tenant=visitor.schema, session=visitor.public_id)
        origin = self._origin()
        channel = Channel(visitor.schema, visitor.session_id)
        # Before the session is read: what happens from then on comes through the inbox.
        self.stack.enter_context(listening(channel, self.inbox))
        await self.stack.enter_async_context(hearing(channel, self.inbox))
        async with through_the_door(self._show_life):
            # All that it told until now is in what is read next.
            self.inbox.clear()
            visit = await tenant_call(visitor.schema, open_visit, visitor, origin)
        follower = Follower(channel, self.inbox, frame.after)
        resyncs = follower.begin(visit.ready.seq)
        for told in (*resyncs, visit.ready):
            await self._write(text_of(told))
        if visit.ready.seq > follower.cursor:
            for event in await follower.catch_up():
                await self._write(text_of(event))
        if frame.after:
            RESUMES.labels("resync" if resyncs else "continued").inc()
        # Only now: a refusal on the way here is written at once and ends the socket.
        self.visitor = visitor
        self._start(self._pump(follower))
        self._start(self._keep_token(visitor))

    async def _show_life(self) -> None:
        """To one who waits to be let in. Raises Restarting, and OSError when he has gone."""
        check_open()
        await self._write(text_of(Pong()))

    def _origin(self) -> str:
        headers = dict(self.scope["headers"])
        origin = headers.get(b"origin", b"").decode("latin-1")
        if not origin:
            raise OriginNotAllowed("The Origin header is missing: sockets are for web pages.")
        return str(origin)

    async def _refuse(self, error: ChatError, client_id: UUID | None = None) -> None:
        """Say what is wrong. Only what makes the socket useless, or abuse, ends it."""
        problem = _problem(error, client_id)
        self.bad_frames += isinstance(error, BadFrame)
        self.limited += isinstance(error, RateLimited)
        is_abuse = self.bad_frames >= MAX_BAD_FRAMES or self.limited >= MAX_LIMITED
        is_end = is_abuse or isinstance(error, Restarting)
        if self.visitor is not None and not is_end:
            self.inbox.put(problem)
            return
        self.is_over = True
        # Written at once: what waits in the inbox would not leave before the close does.
        await self._write(text_of(problem))
        await self.close(_close_code(error, BAD_FRAME))

    async def _expect_hello(self) -> None:
        await asyncio.sleep(HELLO_SECONDS)
        if not self.has_hello:
            await self._write(text_of(_problem(HelloMissing())))
            await self.close(TOKEN)

    async def _pump(self, follower: Follower) -> None:
        polling = Polling()
        while True:
            try:
                told = await follower.next(polling.seconds)
                polling.take(told)
                for frame in told:
                    await self._write(text_of(frame))
            except UNREACHABLE as error:
                logger.warning("events could not be read, they are read again: %s", error)
                await asyncio.sleep(moment())
                self.inbox.put(Wake())

    async def _keep_token(self, visitor: Visitor) -> None:
        """An expiring token never ends a chat: a new one comes before."""
        expires = visitor.expires
        while expires:
            left = expires.timestamp() - time.time()
            await asyncio.sleep(max(left - min(RENEW_BEFORE, left / 2), 1))
            if time.monotonic() - self.heard_at > IDLE_SECONDS:
                await self.close(IDLE)
                return
            try:
                with database_at_hand():
                    issued = await renew_token(visitor)
            except Unavailable:
                continue
            except ChatError as error:
                await self._write(text_of(_problem(error)))
                await self.close(_close_code(error, SITE))
                return
            expires = issued.expires
            self.inbox.put(Token(jwt=issued.jwt, expires=issued.expires.isoformat()))

    async def _write(self, text: str) -> None:
        """Waits for a slow visitor; one who reads nothing is let go by `chatsaas.transports`."""
        await self.send(text_data=text)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self.tasks.append(asyncio.create_task(self._watch(work)))

    async def _watch(self, work: Coroutine[Any, Any, None]) -> None:
        """A socket of which one part fails would be silent for ever: its client comes back."""
        try:
            await work
        except Exception:
            if self.is_over:
                # It spoke just when the socket was closed.
                return
            logger.exception("a part of a socket failed, the socket is closed")
            await self.close(RESTART)

    async def close(self, code: int | None = None, reason: str | None = None) -> None:
        self.is_over = True
        with suppress(OSError):
            # Gone already.
            await super().close(code, reason)


def _close_code(error: ChatError, otherwise: int) -> int:
    is_restart = isinstance(error, Restarting)
    return RESTART if is_restart else CLOSE_CODES.get(error.status, otherwise)


def _problem(error: ChatError, client_id: UUID | None = None) -> Problem:
    return Problem(
        code=error.code,
        detail=error.detail,
        client_id=client_id,
        retry_after=error.retry_after,
    )
