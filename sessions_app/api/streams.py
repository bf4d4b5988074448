"""Server-sent events, for clients without a socket; no stream holds a database connection."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from django.http import StreamingHttpResponse

from sessions_app.events import StoredEvent
from sessions_app.following import Follower, text_of
from sessions_app.frames import Frame
from sessions_app.inbox import Channel, Inbox, forget_inbox, listening
from sessions_app.nudges import hearing

HEARTBEAT_SECONDS = 10.0
HEARTBEAT = ": still here\n\n"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def stream_response(events: AsyncIterator[str]) -> StreamingHttpResponse:
    return StreamingHttpResponse(events, content_type="text/event-stream", headers=HEADERS)


def as_event(frame: Frame | StoredEvent) -> str:
    """One event as text; only what is stored has an id, which is what a client resumes from."""
    kind = frame.kind if isinstance(frame, StoredEvent) else frame.model_dump()["type"]
    number = f"id: {frame.seq}\n" if isinstance(frame, StoredEvent) else ""
    return f"{number}event: {kind}\ndata: {text_of(frame)}\n\n"


def come_back() -> str:
    """How long an EventSource waits before it connects again, another time for each."""
    return f"retry: {random.randint(500, 3000)}\n\n"


@asynccontextmanager
async def following(channel: Channel, inbox: Inbox, after: int) -> AsyncIterator[Follower]:
    """A follower that hears of everything from now on; what came before is its to catch up."""
    with listening(channel, inbox):
        async with hearing(channel, inbox):
            try:
                yield Follower(channel, inbox, after)
            finally:
                forget_inbox(inbox)
