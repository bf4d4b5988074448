"""Each limit of the table, flooded alone: exactly as many get through as it says."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import count
from uuid import UUID, uuid4

import pytest
import redis.asyncio
from django.conf import settings as django_settings
from pytest_django import Settings

from sessions_app.errors import BudgetSpent, RateLimited
from sessions_app.limiting import policies
from sessions_app.limiting.gates import (
    FrameGate,
    limit_message,
    limit_requests,
    limit_visit,
    spend_tokens,
)
from sessions_app.limiting.policies import POLICIES, Policy
from tenants.plans import FIGURES, Plan, read_plan
from tenants.scope import shared_call
from tenants.tokens import Visitor
from tests.ground.ground import Ground

FACTOR = 0.01
SITE = UUID(int=7)
numbers = count(1)


@pytest.fixture(autouse=True)
def small(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenants.plans._known", {})
    settings.LIMITS_FACTOR = FACTOR
    settings.LIMITS_REDIS_MS = 20_000


def address() -> str:
    return f"203.0.113.{next(numbers)}"


def visitor() -> Visitor:
    return Visitor("t_acme", uuid4(), uuid4(), resume_hash="")


def known(name: str) -> Visitor:
    return replace(visitor(), website_id=SITE, identity={"sub": name})


def of_session() -> Callable[[], Awaitable[None]]:
    one = visitor()
    return lambda: limit_message(one, address())


FLOODS: dict[str, Callable[[], Callable[[], Awaitable[None]]]] = {
    "visits": lambda: lambda: limit_visit("198.51.100.1"),
    "address": lambda: lambda: limit_message(visitor(), "198.51.100.1"),
    "visitor": lambda: lambda: limit_message(known("Ann"), address()),
    "session": of_session,
    "site": lambda: lambda: limit_message(replace(visitor(), website_id=SITE), address()),
    "tenant": lambda: lambda: limit_message(visitor(), address()),
    "requests": lambda: lambda: limit_requests("t_acme"),
}


async def test_each_limit_lets_through_what_it_says(ground: Ground) -> None:
    plan = await shared_call(read_plan, "t_acme")
    for name, flood in FLOODS.items():
        policy = next(policy for policy in POLICIES if policy.name == name)
        through, error = await flooded(policy, flood(), plan)
        assert (name, through) == (name, policy.item(plan).amount)
        assert error.standing.item.namespace == name
        assert str(policy.item(plan).amount) in error.detail
        # A flood of the test before must not be what stops the next one.
        await refill(ground)


async def flooded(
    policy: Policy, ask: Callable[[], Awaitable[None]], plan: Plan
) -> tuple[int, RateLimited]:
    for through in range(policy.item(plan).amount + 1):
        try:
            await ask()
        except RateLimited as error:
            return through, error
    raise AssertionError(f"{policy.name} let everything through")


async def refill(ground: Ground) -> None:
    async with redis.asyncio.from_url(django_settings.REDIS_URL) as client:
        await client.flushdb()


async def test_one_sessions_flood_uses_up_nothing_of_its_website(ground: Ground) -> None:
    loud, quiet = visitor(), visitor()
    loud, quiet = replace(loud, website_id=SITE), replace(quiet, website_id=SITE)
    through = 0
    for _ in range(policies.SITE.item().amount * 3):
        try:
            await limit_message(loud, "198.51.100.1")
            through += 1
        except RateLimited:
            continue
    assert through <= policies.SESSION.item().amount
    await limit_message(quiet, "198.51.100.2")


async def test_the_plan_of_the_operator_holds(ground: Ground) -> None:
    ground.database.query("UPDATE tenants_tenant SET turns_per_day = 300 WHERE slug = 'globex'")
    await shared_call(read_plan, "t_globex")
    one = replace(visitor(), schema="t_globex", website_id=SITE)
    for _ in range(3):
        await limit_message(replace(one, session_id=uuid4()), address())
    with pytest.raises(BudgetSpent):
        await limit_message(one, address())


async def test_a_websites_tokens_of_the_day_are_a_budget(ground: Ground) -> None:
    plan = await shared_call(read_plan, "t_acme")
    one = replace(visitor(), website_id=SITE)
    await limit_message(one, address())
    await spend_tokens("t_acme", SITE.hex, plan.tokens_per_day)
    with pytest.raises(BudgetSpent):
        await limit_message(replace(one, session_id=uuid4()), address())
    await limit_message(visitor(), address())


async def test_a_sockets_frames_are_counted_where_it_is() -> None:
    one, other = FrameGate(), FrameGate()
    with pytest.raises(RateLimited):
        await send_many(one)
    await other.limit()


async def send_many(socket: FrameGate) -> None:
    """More than one window's worth: a window may end in between."""
    for _ in range(policies.FRAMES.item().amount * 3):
        await socket.limit()


async def test_the_factor_zero_switches_every_limit_off(settings: Settings) -> None:
    settings.LIMITS_FACTOR = 0
    for _ in range(policies.VISITS.amount + 1):
        await limit_visit("198.51.100.1")


def test_every_limit_has_a_reason_and_its_figure_from_one_place() -> None:
    for policy in POLICIES:
        assert policy.why
        assert bool(policy.amount) != bool(policy.figure), policy.name
        assert not policy.figure or policy.figure in FIGURES
