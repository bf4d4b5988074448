"""The server's own connections: who stops reading, asks too slowly or answers no ping, is let go.

uvicorn waits for a slow reader without end, and keeps what it was to be told; it also waits without
end for the rest of a request. `chatsaas.serving` puts these protocols in the place of its own.
"""

import asyncio
import random
from contextlib import suppress
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState

# Together the ten seconds after which a client that reads nothing at all is gone.
STUCK_SECONDS, LINGER_SECONDS = 8.0, 1.0
# For a whole request with its body, of at most 64 KiB; a proxy in front has its own.
REQUEST_SECONDS = 20.0
SLOW = 1013


class LetsGo(asyncio.Protocol):
    """Ends the connection when nothing of what is to be sent has left for eight seconds.

    A slow network is no reason: any progress at all begins the wait again.
    """

    transport: asyncio.Transport
    loop: asyncio.AbstractEventLoop
    _unsent = 0
    _watch: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        super().pause_writing()
        self._look_later()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._look_away()

    def connection_lost(self, exc: Exception | None) -> None:
        self._look_away()
        super().connection_lost(exc)

    def let_go(self) -> None:
        self.transport.abort()

    def _look_later(self) -> None:
        self._look_away()
        self._unsent = self.transport.get_write_buffer_size()
        self._watch = self.loop.call_later(STUCK_SECONDS, self._look)

    def _look(self) -> None:
        if self.transport.get_write_buffer_size() < self._unsent:
            self._look_later()
        else:
            self.let_go()

    def _look_away(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None


class GatewayHttp(LetsGo, HttpToolsProtocol):
    """Requests, and streams of server-sent events. Who does not finish asking is cut off."""

    _asking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_request()

    def data_received(self, data: bytes) -> None:
        is_idle = self.cycle is None or self.cycle.response_complete
        if is_idle and self._asking is None:
            # Even of blank lines, which begin no request.
            self._expect_request()
        super().data_received(data)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._expect_request()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._stop_expecting()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_expecting()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        # From here on the connection is the socket's.
        self._stop_expecting()
        super().handle_websocket_upgrade()

    def _expect_request(self) -> None:
        self._stop_expecting()
        self._asking = self.loop.call_later(REQUEST_SECONDS, self.let_go)

    def _stop_expecting(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None


class GatewaySocket(LetsGo, WebSocketsSansIOProtocol):
    """Sockets. The code 1013 reaches who begins to read again before the line is cut."""

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.close_sent:
            # uvicorn would keep the refusal, of headers that are too long, and the line for ever.
            self.close_sent = True
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.transport.close()

    def let_go(self) -> None:
        if self.close_sent:
            self.transport.abort()
            return
        self._end(SLOW, "nothing was read")

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        # Closing waits for what was not sent, and nobody is there to take it.
        self._abort_soon()

    def schedule_ping(self) -> None:
        """Spread, so that sockets which came together are not all asked together."""
        super().schedule_ping()
        if self.ping_timer is not None and self.ping_interval is not None:
            self.ping_timer.cancel()
            delay = self.ping_interval * random.uniform(0.5, 1.0)
            self.ping_timer = self.loop.call_later(delay, self.send_keepalive_ping)

    def _end(self, code: int, reason: str) -> None:
        gone: Any = {"type": "websocket.disconnect", "code": code, "reason": reason}
        self.stop_keepalive()
        self.queue.put_nowait(gone)
        # Not when the other side was first: only the line is left to be ended then.
        with suppress(InvalidState):
            self.conn.send_close(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self._abort_soon()

    def _abort_soon(self) -> None:
        self._look_away()
        self._watch = self.loop.call_later(LINGER_SECONDS, self.transport.abort)
