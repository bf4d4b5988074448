"""Who in this process listens to which session: the short way from a turn to a socket.

Nothing here is the truth. An inbox that overflows or misses a piece is healed from the database by
its reader, which knows the number of the last event it passed on.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from sessions_app.events import StoredEvent
from sessions_app.frames import Frame

LIMIT = 512


@dataclass(frozen=True)
class Channel:
    """A session's name within the whole installation."""

    schema: str
    session_id: UUID


@dataclass(frozen=True)
class Wake:
    """Something was stored; read it."""


Item = Frame | Sequence[StoredEvent] | Wake


class Inbox:
    """What one socket or stream is still to be told, in order."""

    def __init__(self) -> None:
        self._items: asyncio.Queue[Item] = asyncio.Queue(LIMIT)

    def put(self, item: Item) -> None:
        """Never waits: a reader that is too slow loses deltas, and reads events from the store."""
        if not self._items.full():
            self._items.put_nowait(item)

    async def get(self, seconds: float) -> Item | None:
        """The next item; None after `seconds` of silence."""
        try:
            async with asyncio.timeout(seconds):
                return await self._items.get()
        except TimeoutError:
            return None


_listening: dict[Channel, set[Inbox]] = defaultdict(set)
_senders: dict[tuple[Channel, UUID], Inbox] = {}


@contextmanager
def listening(channel: Channel, inbox: Inbox) -> Iterator[None]:
    """The inbox gets every event of the session that this process hears of."""
    _listening[channel].add(inbox)
    try:
        yield
    finally:
        _listening[channel].discard(inbox)
        if not _listening[channel]:
            del _listening[channel]


def tell_listeners(channel: Channel, item: Item) -> None:
    for inbox in _listening.get(channel, ()):
        inbox.put(item)


def expect_answer(channel: Channel, client_id: UUID, inbox: Inbox) -> None:
    """The inbox gets what is only for the sender of this message: deltas and delays."""
    _senders[channel, client_id] = inbox


def tell_sender(channel: Channel, client_id: UUID, frame: Frame) -> None:
    inbox = _senders.get((channel, client_id))
    if inbox is not None:
        inbox.put(frame)


def forget_sender(channel: Channel, client_id: UUID) -> None:
    _senders.pop((channel, client_id), None)


def forget_inbox(inbox: Inbox) -> None:
    for key in [key for key, known in _senders.items() if known is inbox]:
        del _senders[key]
