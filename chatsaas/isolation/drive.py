"""Keeps all tenants busy at once, at every door, until enough was asked."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from random import Random

import httpx

from chatsaas.isolation.customers import Customer
from chatsaas.isolation.doors import trespass, visitors
from chatsaas.isolation.doors.caller import Caller
from chatsaas.isolation.doors.dashboards import Desk
from chatsaas.isolation.doors.integrators import READS, export, read, try_webhook
from chatsaas.isolation.doors.visitors import Visit
from chatsaas.isolation.office import Answer, Office

PEOPLE = 3
Talk = Callable[[Visit], AsyncIterator[Answer]]
TALKS = (visitors.talk_by_json, visitors.talk_by_stream, visitors.talk_by_socket)
# Sockets share a thread and a connection; a request over HTTP has its own.
NAIVE_TALKS = (visitors.talk_by_socket,)
PAGES_AT_ONCE, READS_AT_ONCE = 4, 3
SIGN_IN_PAUSE = 0.5


@dataclass
class Town:
    """All tenants of a run. `visits` has the newest visit of each, for others to trespass on.

    `talks` are the visitors' ways to talk.
    """

    office: Office
    gateways: tuple[str, ...]
    customers: Sequence[Customer]
    random: Random
    visits: dict[str, Visit]
    wanted: int
    told: Callable[[int], None]
    talks: Sequence[Talk]

    @property
    def is_done(self) -> bool:
        return self.office.total >= self.wanted

    def foreign_to(self, customer: Customer) -> Visit | None:
        others = [visit for slug, visit in self.visits.items() if slug != customer.slug]
        return self.random.choice(others) if others else None


async def keep_busy(town: Town) -> None:
    """Returns when as many requests were made as the town wants."""
    async with AsyncExitStack() as stack:
        people = [
            await _person(town, customer, stack)
            for customer in town.customers
            for _ in range(PEOPLE)
        ]
        async with asyncio.TaskGroup() as group:
            for caller, desk in people:
                group.create_task(_live(town, caller, desk))


async def _person(town: Town, customer: Customer, stack: AsyncExitStack) -> tuple[Caller, Desk]:
    limits = httpx.Limits(max_connections=8)
    client = await stack.enter_async_context(
        httpx.AsyncClient(limits=limits, trust_env=False, follow_redirects=False)
    )
    caller = Caller(customer, town.gateways, Random(town.random.random()), client)
    return caller, Desk(caller)


async def _live(town: Town, caller: Caller, desk: Desk) -> None:
    town.office.take(await desk.sign_in())
    while not town.is_done:
        before = town.office.total
        await _visit(town, caller)
        await _read(town, caller)
        await _look(town, desk)
        await _trespass(town, caller, desk)
        town.told(town.office.total - before)


async def _visit(town: Town, caller: Caller) -> None:
    answer, visit = await visitors.arrive(caller)
    town.office.take(answer)
    if visit is None:
        # Cut off, or held back by a limit: no reason to hurry.
        await asyncio.sleep(SIGN_IN_PAUSE)
        return
    talk = caller.random.choice(town.talks)
    await _take_all(town.office.take, talk(visit))
    town.visits[caller.customer.slug] = visit


async def _read(town: Town, caller: Caller) -> None:
    for what in caller.random.sample(READS, READS_AT_ONCE):
        town.office.take(await read(caller, what))
    town.office.take(await export(caller))
    town.office.take(await try_webhook(caller))


async def _look(town: Town, desk: Desk) -> None:
    for _ in range(PAGES_AT_ONCE):
        answer = await desk.turn_page()
        town.office.take(answer)
        if answer.status == httpx.codes.FOUND:
            town.office.take(await desk.sign_in())


async def _trespass(town: Town, caller: Caller, desk: Desk) -> None:
    own, foreign = town.visits.get(caller.customer.slug), town.foreign_to(caller.customer)
    if own is None or foreign is None:
        return
    take = town.office.take_trespass
    await _take_all(take, trespass.try_with_token(own, foreign))
    await _take_all(take, trespass.try_with_key(caller, foreign))
    await _take_all(take, trespass.try_with_sign_in(desk, foreign))


async def _take_all(take: Callable[[Answer], None], answers: AsyncIterator[Answer]) -> None:
    async for answer in answers:
        take(answer)
