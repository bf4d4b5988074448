"""Holds all conversations of a script, so many at a time."""

import asyncio
from collections.abc import Callable, Sequence

from chatsaas.chaos.doors import Door, JsonDoor, SocketDoor, StreamDoor
from chatsaas.chaos.script import Line, Talk
from chatsaas.chaos.tabs import SocketTab, StreamTab, Tab
from chatsaas.chaos.visitor import Visitor
from chatsaas.chaos.world import World

AT_ONCE = 48
DOUBLED = 0.2


async def hold_talks(
    world: World, talks: Sequence[Talk], tell: Callable[[], None], *, at_once: int = AT_ONCE
) -> None:
    """`tell` is called for every message that is answered."""
    gate = asyncio.Semaphore(at_once)

    async def one(talk: Talk) -> None:
        async with gate:
            await Conversation(world, talk).hold(tell)

    async with asyncio.TaskGroup() as group:
        for talk in talks:
            group.create_task(one(talk))


class Conversation:
    """One visitor with one or two tabs, each of which follows everything that happens."""

    def __init__(self, world: World, talk: Talk) -> None:
        self._world, self._talk = world, talk
        self._visitor = Visitor(world, talk)
        is_socket = talk.door == "socket"
        first = SocketTab(self._visitor, 0) if is_socket else StreamTab(self._visitor, 0)
        self._tabs: list[Tab] = [first]
        self._doors: list[Door] = [self._door(first)]
        if talk.tabs == 2:
            second = SocketTab(self._visitor, 1)
            self._tabs.append(second)
            self._doors.append(SocketDoor(self._visitor, second))

    def _door(self, tab: Tab) -> Door:
        if isinstance(tab, SocketTab):
            return SocketDoor(self._visitor, tab)
        return JsonDoor(self._visitor) if self._talk.door == "json" else StreamDoor(self._visitor)

    async def hold(self, tell: Callable[[], None]) -> None:
        async with asyncio.TaskGroup() as group:
            await self._visitor.arrive()
            followers = [group.create_task(tab.follow()) for tab in self._tabs]
            try:
                await self._converse(tell)
            except TimeoutError:
                # The checker counts what was never answered, and what a tab never heard.
                self._visitor.write("abandoned")
            for task in followers:
                task.cancel()

    async def _converse(self, tell: Callable[[], None]) -> None:
        """Raises TimeoutError when a step has not come about for longer than anybody waits."""
        for one in self._talk.rounds:
            async with asyncio.timeout(self._world.patience):
                said = (self._say(line, place, tell) for place, line in enumerate(one))
                await asyncio.gather(*said)
        async with asyncio.timeout(self._world.patience):
            if self._talk.closes:
                await self._close()
            await self._settle()

    async def _say(self, line: Line, place: int, tell: Callable[[], None]) -> None:
        """Some messages are said twice at once, the second time through another door."""
        await self._world.pace.begin()
        door = self._doors[place % len(self._doors)]
        ways = [door.say(line)]
        if self._world.random.random() < DOUBLED:
            ways.append(JsonDoor(self._visitor).say(line))
        await asyncio.gather(*ways)
        self._world.pace.end()
        tell()

    async def _close(self) -> None:
        path = f"/api/v1/sessions/{self._visitor.session}/close"
        while True:
            answer = await self._world.ask("POST", path, headers=self._visitor.headers)
            if answer is not None and answer.is_success:
                return
            if answer is not None:
                await self._visitor.arrive()
            await self._world.breathe()

    async def _settle(self) -> None:
        """Every tab gets everything: the newest number is asked for when all is answered."""
        probe = SocketTab(self._visitor, -1)
        probe.cursor = self._visitor.newest
        asking = asyncio.create_task(probe.follow())
        try:
            await probe.connected.wait()
            newest = max(probe.newest, self._visitor.newest)
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
        await asyncio.gather(*(tab.reach(newest) for tab in self._tabs))
        self._visitor.write("settled", seq=newest)
