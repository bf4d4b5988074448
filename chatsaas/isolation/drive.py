"""Keeps all tenants busy at once, at every door, until enough was answered."""

import asyncio

from chatsaas.isolation.acts import ACTS, Act, sign_in, visit
from chatsaas.isolation.town import PEOPLE, Person, Town


async def begin(town: Town) -> None:
    """Everybody signs in, and each tenant's people together do everything once."""
    async with asyncio.TaskGroup() as group:
        for number, person in enumerate(town.people):
            group.create_task(_begin(town, person, number // len(town.customers)))


async def keep_busy(town: Town) -> None:
    """Returns when as many requests were answered as the town wants."""
    async with asyncio.TaskGroup() as group:
        for person in town.people:
            person.caller.hangs_up = not town.is_naive
            group.create_task(_live(town, person))


async def _begin(town: Town, person: Person, number: int) -> None:
    await sign_in(town, person)
    await visit(town, person, town.talks[number % len(town.talks)])
    for act in list(ACTS)[number::PEOPLE]:
        await _do(town, person, act)


async def _live(town: Town, person: Person) -> None:
    while not town.is_done:
        (act,) = person.caller.random.choices(list(ACTS), list(ACTS.values()))
        await _do(town, person, act)


async def _do(town: Town, person: Person, act: Act) -> None:
    if not town.is_done:
        await act(town, person)
        town.told(town.office.total)
