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
from sessions_app.frames import Delta, Frame

LIMIT, BYTES = 512, 256 * 1024


@dataclass(frozen=True)
class Channel:
    """A session's name within the whole installation."""

    schema: str
    session_id: UUID


@dataclass(frozen=True)
class Wake:
    """Something was stored; read it."""


@dataclass(frozen=True)
class Leave:
    """This process is about to end; another one goes on."""


Item = Frame | Sequence[StoredEvent] | Wake | Leave


class Inbox:
    """What one socket or stream is still to be told, in order, within LIMIT and BYTES."""

    def __init__(self) -> None:
        self._items: asyncio.Queue[Item] = asyncio.Queue()
        self._bytes = 0

    def put(self, item: Item) -> None:
        """Never waits: a reader that is too slow loses deltas, and reads events from the store."""
        if self._items.qsize() >= LIMIT or self._bytes + _size(item) > BYTES:
            self.clear()
            item = Wake()
        self._items.put_nowait(item)
        self._bytes += _size(item)

    def clear(self) -> None:
        while not self._items.empty():
            self._items.get_nowait()
        self._bytes = 0

    async def get(self, seconds: float) -> Item | None:
        """The next item; None after `seconds` of silence."""
        try:
            async with asyncio.timeout(seconds):
                item = await self._items.get()
        except TimeoutError:
            return None
        self._bytes -= _size(item)
        return item


def _size(item: Item) -> int:
    if isinstance(item, Sequence):
        return sum(len(event.encoded) for event in item)
    return len(item.text) if isinstance(item, Delta) else 0


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


def tell_all_to_leave() -> None:
    for inbox in [inbox for inboxes in _listening.values() for inbox in inboxes]:
        inbox.put(Leave())


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
