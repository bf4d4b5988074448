"""What the gateway does before its first request, when it is asked to end, and after its last one.

At SIGTERM it takes no new work, lets turns under way end for DRAIN_SECONDS, and only then
lets the server close its connections: sockets with 1012, whose clients come back elsewhere.
"""

import asyncio
import logging
import signal
import threading
from collections.abc import Callable
from types import FrameType

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable
from django.conf import settings

from sessions_app.background import begin_draining, drain, spawn_outside
from sessions_app.inbox import tell_all_to_leave
from sessions_app.runner_port import close_runner

logger = logging.getLogger(__name__)
Handler = Callable[[int, FrameType | None], None]


async def lifespan(receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Answers the server's lifespan messages until it says that it shuts down."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            _hold_termination()
            await send({"type": "lifespan.startup.complete"})
        else:
            await _leave()
            await close_runner()
            await send({"type": "lifespan.shutdown.complete"})
            return


def _hold_termination() -> None:
    """The server's own handler of SIGTERM waits until turns under way have ended."""
    server = signal.getsignal(signal.SIGTERM)
    if threading.current_thread() is not threading.main_thread() or not callable(server):
        return
    end: Handler = server
    loop = asyncio.get_running_loop()

    def handle(number: int, frame: FrameType | None) -> None:
        # A second signal is not held up.
        signal.signal(signal.SIGTERM, end)
        loop.call_soon_threadsafe(lambda: spawn_outside(_leave_first(end, number)))

    signal.signal(signal.SIGTERM, handle)


async def _leave_first(end: Handler, number: int) -> None:
    await _leave()
    end(number, None)


async def _leave() -> None:
    if not begin_draining():
        return
    tell_all_to_leave()
    late = await drain(settings.DRAIN_SECONDS)
    if late:
        logger.warning("%d turns were still under way, they are swept later", late)
