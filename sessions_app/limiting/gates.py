"""What each door asks before it does anything. A gate raises RateLimited or BudgetSpent."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from limits import RateLimitItem
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter as Window

from sessions_app.errors import BudgetSpent, RateLimited
from sessions_app.limiting import policies
from sessions_app.limiting.counting import Standing, counter
from sessions_app.limiting.policies import Policy
from sessions_app.metrics import LIMITED
from tenants.plans import Plan, known_plan, read_plan
from tenants.scope import shared_call
from tenants.tokens import Visitor


@dataclass(frozen=True)
class Gate:
    """One limit for one caller. `name` says whom it counts within the policy."""

    policy: Policy
    item: RateLimitItem
    name: str


async def limit_visit(address: str) -> None:
    """Somebody comes in: a token exchange, a socket, an event stream."""
    await _pass([_gate(policies.VISITS, address)])


async def limit_message(visitor: Visitor, address: str) -> None:
    """A message or an edit. The narrow limits go first: one session's flood uses up its own."""
    plan = await _plan(visitor.schema)
    await _pass(_narrow(visitor, address))
    site = f"{visitor.schema}/{visitor.website_id.hex}"
    await _pass(
        [
            _gate(policies.SITE, site),
            _gate(policies.TENANT, visitor.schema, plan),
        ]
    )
    await _hold_to_budgets(site, plan)


async def limit_requests(schema: str) -> None:
    """A request with a secret key of this tenant."""
    await _pass([_gate(policies.REQUESTS, schema, await _plan(schema))])


async def visit_standings(address: str) -> list[Standing]:
    return await _standings([_gate(policies.VISITS, address)])


async def message_standings(visitor: Visitor, address: str) -> list[Standing]:
    return await _standings(_narrow(visitor, address))


async def request_standings(schema: str) -> list[Standing]:
    return await _standings([_gate(policies.REQUESTS, schema, await _plan(schema))])


async def spend_tokens(schema: str, website: str, tokens: int) -> None:
    """What a turn's model used goes off the website's budget of the day."""
    if tokens and settings.LIMITS_FACTOR:
        item = policies.TOKENS.item(await _plan(schema))
        await counter().spend(item, f"{schema}/{website}", tokens)


class FrameGate:
    """Counts one socket's frames, here: another process never sees them."""

    def __init__(self) -> None:
        self._window = Window(MemoryStorage())
        self._item = policies.FRAMES.item()

    async def limit(self) -> None:
        if settings.LIMITS_FACTOR and not await self._window.hit(self._item):
            LIMITED.labels(policies.FRAMES.name).inc()
            raise RateLimited(policies.FRAMES, Standing(self._item, 0, policies.FRAMES.seconds))


def _narrow(visitor: Visitor, address: str) -> list[Gate]:
    gates = [
        _gate(policies.SESSION, f"{visitor.schema}/{visitor.session_id.hex}"),
        _gate(policies.ADDRESS, address),
    ]
    if known_as := visitor.identity.get("sub"):
        # Redis need not know who that is.
        digest = hashlib.sha256(str(known_as).encode()).hexdigest()
        name = f"{visitor.schema}/{visitor.website_id.hex}/{digest}"
        gates.append(_gate(policies.VISITOR, name))
    return gates


def _gate(policy: Policy, name: str, plan: Plan | None = None) -> Gate:
    return Gate(policy, policy.item(plan), name)


async def _pass(gates: Iterable[Gate]) -> None:
    """Each gate in its order, until one is shut."""
    if not settings.LIMITS_FACTOR:
        return
    for gate in gates:
        if not await counter().take(gate.item, gate.name):
            LIMITED.labels(gate.policy.name).inc()
            raise RateLimited(gate.policy, await counter().standing(gate.item, gate.name))


async def _hold_to_budgets(site: str, plan: Plan) -> None:
    if not settings.LIMITS_FACTOR:
        return
    turns, tokens = policies.TURNS.item(plan), policies.TOKENS.item(plan)
    for policy, is_left in (
        (policies.TOKENS, await counter().has(tokens, site)),
        (policies.TURNS, await counter().take(turns, site)),
    ):
        if not is_left:
            LIMITED.labels(policy.name).inc()
            raise BudgetSpent


async def _standings(gates: Iterable[Gate]) -> list[Standing]:
    if not settings.LIMITS_FACTOR:
        return []
    return [await counter().standing(gate.item, gate.name) for gate in gates]


async def _plan(schema: str) -> Plan:
    known = known_plan(schema)
    if known is None:
        known = await shared_call(read_plan, schema)
    return known
