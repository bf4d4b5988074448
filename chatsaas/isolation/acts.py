"""What people do, and how often: heavy things less, and yet everything thousands of times."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx

from chatsaas.isolation.doors import trespass, visitors
from chatsaas.isolation.office import Answer
from chatsaas.isolation.town import Person, Talk, Town

Act = Callable[[Town, Person], Awaitable[None]]
READS, CLOSES = 3, 0.3


async def visit(town: Town, person: Person, talk: Talk) -> None:
    """A conversation to its end; some leave before it is over."""
    answer, visit = await visitors.arrive(person.caller)
    town.office.take(answer)
    if visit is None:
        return
    for said in await talk(visit):
        town.office.take(said)
    town.visits[person.caller.customer.slug] = visit
    if person.caller.random.random() < CLOSES:
        town.office.take(await visitors.close(visit))


async def visit_somehow(town: Town, person: Person) -> None:
    await visit(town, person, person.caller.random.choice(town.talks))


async def read(town: Town, person: Person) -> None:
    for _ in range(READS):
        town.office.take(await person.server.read())
    if person.server.delivery:
        town.deliveries[person.caller.customer.slug] = person.server.delivery


async def export(town: Town, person: Person) -> None:
    town.office.take(await person.server.export())


async def try_webhook(town: Town, person: Person) -> None:
    town.office.take(await person.server.try_webhook())


async def sign_in(town: Town, person: Person) -> None:
    async with town.signing_in:
        town.office.take(await person.desk.sign_in())


async def look(town: Town, person: Person) -> None:
    answer = await person.desk.turn_page()
    town.office.take(answer)
    if answer.status == httpx.codes.FOUND:
        await sign_in(town, person)


async def forget_password(town: Town, person: Person) -> None:
    own = person.caller.customer
    town.office.take(await person.desk.forget_password(own.email, "forgotten password"))
    if foreign := town.foreign_to(own):
        other = foreign.caller.customer.email
        town.office.take(await person.desk.forget_password(other, "foreign password"))


async def stumble(town: Town, person: Person) -> None:
    await _take_all(town.office.take, visitors.stumble(person.caller))


async def trespass_everywhere(town: Town, person: Person) -> None:
    customer = person.caller.customer
    own, foreign = town.visits.get(customer.slug), town.foreign_to(customer)
    if own is None or foreign is None:
        return
    take, delivery = town.office.take_trespass, town.deliveries.get(foreign.slug, "")
    await _take_all(take, trespass.try_with_token(own, foreign))
    await _take_all(take, trespass.try_with_key(person.server, foreign, delivery))
    await _take_all(take, trespass.try_with_sign_in(person.desk, foreign))


async def _take_all(take: Callable[[Answer], None], answers: AsyncIterator[Answer]) -> None:
    async for answer in answers:
        take(answer)


# What the control needs: conversations, and others who read.
NAIVE_ACTS: dict[Act, float] = {visit_somehow: 2, read: 1, export: 1}
# How often each is begun, beside the others: what costs the product more is asked for less, and
# everything thousands of times in a long run. A visit is some six requests, a look into the lists
# three, a stumble five, a trespass nine.
ACTS: dict[Act, float] = {
    visit_somehow: 3,
    read: 24,
    export: 2,
    try_webhook: 2,
    look: 5,
    forget_password: 0.1,
    stumble: 5,
    trespass_everywhere: 7,
}
