"""The server's own connections: who stops reading, or answers no ping, is let go.

uvicorn waits for a slow reader without end, and keeps what it was to be told; `GATEWAY_OPTIONS` put
these protocols in the place of its own.
"""

import asyncio
import random
from contextlib import suppress
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState

# Together the ten seconds after which a client that reads nothing at all is gone.
STUCK_SECONDS, LINGER_SECONDS = 8.0, 1.0
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


class GatewayHttp(LetsGo, AutoHTTPProtocol):  # type: ignore[misc,valid-type]  # chosen at import
    """Requests, and streams of server-sent events."""


class GatewaySocket(LetsGo, WebSocketsSansIOProtocol):
    """Sockets. The code 1013 reaches who begins to read again before the line is cut."""

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
