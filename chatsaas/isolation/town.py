"""The people of all tenants, and what they know of each other."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from random import Random

import httpx

from chatsaas.isolation.customers import Customer
from chatsaas.isolation.doors import visitors
from chatsaas.isolation.doors.balance import Balance
from chatsaas.isolation.doors.caller import Caller
from chatsaas.isolation.doors.dashboards import Desk
from chatsaas.isolation.doors.integrators import Integrator
from chatsaas.isolation.doors.visitors import Visit
from chatsaas.isolation.office import Answer, Office
from chatsaas.isolation.pace import Pace
from chatsaas.terminal.progress import Tell

PEOPLE = 4
# Of connections, each shared by people of several tenants; in a large one, every request looks
# at every connection.
POOLS = 7
Talk = Callable[[Visit], Awaitable[list[Answer]]]
TALKS = (visitors.talk_by_json, visitors.talk_by_stream, visitors.talk_by_socket)
# Sockets share a thread and a connection; a request over HTTP has its own.
NAIVE_TALKS = (visitors.talk_by_socket,)


@dataclass
class Person:
    """Somebody of one tenant, who is visitor, server and owner in turn."""

    caller: Caller
    desk: Desk
    server: Integrator


@dataclass
class Town:
    """All tenants of a run. `visits` and `deliveries` have the newest of each, for trespassers.

    `talks` are the visitors' ways to talk; `is_stopped` ends the run early.
    """

    office: Office
    customers: tuple[Customer, ...]
    random: Random
    told: Tell
    is_naive: bool
    wanted: int = 0
    is_stopped: bool = False
    # Of the requests, those that were told.
    shown: int = 0
    pace: Pace = field(default_factory=Pace)
    # One after another: a password takes 100 MiB to check, on purpose.
    signing_in: asyncio.Lock = field(default_factory=asyncio.Lock)
    people: list[Person] = field(default_factory=list)
    visits: dict[str, Visit] = field(default_factory=dict)
    deliveries: dict[str, str] = field(default_factory=dict)

    @property
    def talks(self) -> Sequence[Talk]:
        return NAIVE_TALKS if self.is_naive else TALKS

    @property
    def is_done(self) -> bool:
        """The control has shown what it is for with the first leak."""
        is_caught = self.is_naive and bool(self.office.leaks)
        return self.is_stopped or is_caught or self.office.total >= self.wanted

    @property
    def is_half_done(self) -> bool:
        return self.office.total * 2 > self.wanted

    def tell(self) -> None:
        more, self.shown = self.office.total - self.shown, self.office.total
        self.told("Everybody at once", more)
        self.pace.note(self.office.total)

    def foreign_to(self, customer: Customer) -> Visit | None:
        others = [visit for slug, visit in self.visits.items() if slug != customer.slug]
        return self.random.choice(others) if others else None


@asynccontextmanager
async def people_of(
    town: Town, gateways: tuple[str, ...], faults: Counter[str]
) -> AsyncIterator[None]:
    """Some of every tenant, for as long as this lasts."""
    async with AsyncExitStack() as stack:
        # Nothing here is encrypted; certificates would be read for nothing.
        transports = [
            await stack.enter_async_context(httpx.AsyncHTTPTransport(trust_env=False, verify=False))
            for _ in range(POOLS)
        ]
        balance = Balance(gateways)
        for number, customer in enumerate(town.customers * PEOPLE):
            client = httpx.AsyncClient(transport=transports[number % POOLS], trust_env=False)
            random = Random(town.random.random())
            caller = Caller(customer, balance, random, client, faults, hangs_up=False)
            town.people.append(Person(caller, Desk(caller), Integrator(caller)))
        yield
