"""What the gateway does before its first request and after its last one."""

import logging

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable

from sessions_app.background import drain
from sessions_app.events import LEASE_SECONDS
from sessions_app.runner_port import close_runner

logger = logging.getLogger(__name__)


async def lifespan(receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Answers the server's lifespan messages until it says that it shuts down."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        else:
            late = await drain(LEASE_SECONDS)
            if late:
                logger.warning("%d turns were still under way, they are swept later", late)
            await close_runner()
            await send({"type": "lifespan.shutdown.complete"})
            return
