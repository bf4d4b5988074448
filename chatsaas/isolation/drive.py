"""Keeps all tenants busy at once, at every door, until enough was answered."""

import asyncio
from collections.abc import Mapping

from chatsaas.isolation.acts import ACTS, NAIVE_ACTS, Act, sign_in, visit
from chatsaas.isolation.town import PEOPLE, TALKS, Person, Town


async def begin(town: Town) -> None:
    """Everybody signs in, and each tenant's people together do everything once."""
    async with asyncio.TaskGroup() as group:
        for number, person in enumerate(town.people):
            group.create_task(_begin(town, person, number // len(town.customers)))


async def keep_busy(town: Town) -> None:
    """Returns when as many requests were answered as the town wants."""
    town.pace.begin(town.office.total, town.wanted)
    async with asyncio.TaskGroup() as group:
        for person in town.people:
            person.caller.hangs_up = True
            group.create_task(_live(town, person, ACTS))


async def leak(town: Town) -> None:
    """The control: returns as soon as somebody found it out, whatever others wait for."""
    living = [asyncio.create_task(_live(town, person, NAIVE_ACTS)) for person in town.people]
    try:
        done, _ = await asyncio.wait(living, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in living:
            one.cancel()
        await asyncio.gather(*living, return_exceptions=True)
    for one in done:
        one.result()


async def _begin(town: Town, person: Person, number: int) -> None:
    await sign_in(town, person)
    await visit(town, person, TALKS[number % len(TALKS)])
    for act in list(ACTS)[number::PEOPLE]:
        await _do(town, person, act)


async def _live(town: Town, person: Person, acts: Mapping[Act, float]) -> None:
    while not town.is_done:
        (act,) = person.caller.random.choices(list(acts), list(acts.values()))
        await _do(town, person, act)


async def _do(town: Town, person: Person, act: Act) -> None:
    if not town.is_done:
        await act(town, person)
        town.tell()
