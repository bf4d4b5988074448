"""One session's events from a cursor on, without a gap: for sockets and for event streams."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from sessions_app.events import PAGE, WINDOW, StoredEvent, replay
from sessions_app.frames import Frame, Resync, encode
from sessions_app.inbox import Channel, Inbox, Item, Leave, Wake
from tenants.scope import tenant_call


class Follower:
    """Turns an inbox into encoded frames. `cursor` is the number of the last event passed on."""

    def __init__(self, channel: Channel, inbox: Inbox, cursor: int) -> None:
        self.channel = channel
        self.inbox = inbox
        self.cursor = cursor
        self.is_closed = False

    def begin(self, newest: int) -> list[Frame]:
        """What a client is told that cannot go on from its cursor; `newest` is the last event.

        It is ahead of the session, as after a restored backup, or further behind than the window:
        it forgets what it has, and goes on after the number that it is given.
        """
        if 0 <= newest - self.cursor <= WINDOW:
            return []
        self.cursor = max(0, newest - WINDOW)
        return [Resync(after=self.cursor)]

    async def catch_up(self) -> list[StoredEvent]:
        """One page of what the store has beyond the cursor; `next` goes on with the others."""
        stored = await tenant_call(
            self.channel.schema, replay, self.channel.session_id, self.cursor
        )
        if len(stored) == PAGE:
            self.inbox.put(Wake())
        return self._pass(stored)

    async def next(self, seconds: float) -> list[Frame | StoredEvent]:
        """The next frames; an empty list only after `seconds` of silence in which none was missed,
        and when this process is about to end.

        What was passed on already is no sign of life: who waits for an answer must hear silence.
        """
        clock = asyncio.get_running_loop().time
        end = clock() + seconds
        while True:
            item = await self.inbox.get(end - clock())
            frames = await self._frames_of(Wake() if item is None else item)
            if frames or item is None or isinstance(item, Leave):
                return frames

    async def _frames_of(self, item: Item) -> list[Frame | StoredEvent]:
        if isinstance(item, Frame):
            return [item]
        if isinstance(item, Leave):
            return []
        return list(await (self.catch_up() if isinstance(item, Wake) else self._take(item)))

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
    return frame.encoded if isinstance(frame, StoredEvent) else encode(frame)


def is_reply_to(frame: Frame | StoredEvent, client_id: UUID) -> bool:
    """Whether this event is the assistant's answer to the message with this id."""
    return (
        isinstance(frame, StoredEvent)
        and frame.kind == "message"
        and frame.payload["role"] == "assistant"
        and frame.payload["turn"] == str(client_id)
    )
