"""One session's events from a cursor on, without a gap: for sockets and for event streams."""

from collections.abc import Sequence
from uuid import UUID

from sessions_app.events import StoredEvent, replay
from sessions_app.frames import Frame, encode
from sessions_app.inbox import Channel, Inbox, Wake
from tenants.scope import tenant_call


class Follower:
    """Turns an inbox into encoded frames. `cursor` is the number of the last event passed on."""

    def __init__(self, channel: Channel, inbox: Inbox, cursor: int) -> None:
        self.channel = channel
        self.inbox = inbox
        self.cursor = cursor
        self.is_closed = False

    async def catch_up(self) -> list[StoredEvent]:
        """What the store has beyond the cursor."""
        stored = await tenant_call(
            self.channel.schema, replay, self.channel.session_id, self.cursor
        )
        return self._pass(stored)

    async def next(self, seconds: float) -> list[Frame | StoredEvent]:
        """The next frames; an empty list when nothing came in `seconds` and nothing was missed."""
        item = await self.inbox.get(seconds)
        if isinstance(item, Frame):
            return [item]
        if isinstance(item, Wake):
            return list(await self.catch_up())
        return list(await self._take(item))

    async def _take(self, events: Sequence[StoredEvent]) -> list[StoredEvent]:
        if events and events[0].seq > self.cursor + 1:
            return await self.catch_up()
        return self._pass(events)

    def _pass(self, events: Sequence[StoredEvent]) -> list[StoredEvent]:
        fresh = [event for event in events if event.seq > self.cursor]
        if fresh:
            self.cursor = fresh[-1].seq
            self.is_closed = self.is_closed or fresh[-1].kind == "closed"
        return fresh


def text_of(frame: Frame | StoredEvent) -> str:
    return frame.encoded() if isinstance(frame, StoredEvent) else encode(frame)


def is_reply_to(frame: Frame | StoredEvent, client_id: UUID) -> bool:
    """Whether this event is the assistant's answer to the message with this id."""
    return (
        isinstance(frame, StoredEvent)
        and frame.kind == "message"
        and frame.payload["role"] == "assistant"
        and frame.payload["turn"] == str(client_id)
    )
