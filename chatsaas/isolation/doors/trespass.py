"""Everybody tries the others' doors with what is their own; nobody may be let in."""

from collections.abc import AsyncIterator

from chatsaas.isolation.doors.caller import Caller
from chatsaas.isolation.doors.dashboards import HOME, Desk
from chatsaas.isolation.doors.integrators import Integrator
from chatsaas.isolation.doors.visitors import Visit, follow, greet
from chatsaas.isolation.office import Answer

OPERATOR = "localhost"


async def try_with_token(visit: Visit, foreign: Visit) -> AsyncIterator[Answer]:
    """A visitor's token at another tenant's session, and on another tenant's page."""
    yield await follow(visit, foreign.session, door="foreign events")
    yield await visit.caller.ask(
        "foreign close", "POST", f"/api/v1/sessions/{foreign.session}/close", headers=visit.headers
    )
    yield await greet(visit, foreign.caller.customer.origin, door="foreign socket")


async def try_with_key(own: Integrator, foreign: Visit, delivery: str) -> AsyncIterator[Answer]:
    """A secret key at another tenant's rows, and a site key from another tenant's page."""
    yield await own.read_foreign("session", f"sessions/{foreign.session}")
    if delivery:
        yield await own.read_foreign("delivery", f"{own.hook}/deliveries/{delivery}")
    yield await own.caller.ask(
        "foreign page",
        "POST",
        "/api/v1/token",
        json={"site": own.caller.customer.site_key},
        headers={"Origin": foreign.caller.customer.origin},
    )


async def try_with_sign_in(desk: Desk, foreign: Visit) -> AsyncIterator[Answer]:
    """A signed-in owner at the address of another's rows, at another's host, at the operator's."""
    other: Caller = foreign.caller
    row = foreign.session.removeprefix("ses_")
    conversations = f"{HOME}sessions_app/session/"
    yield await desk.open(f"{conversations}{row}/change/", "foreign conversation")
    yield await desk.open(conversations, "foreign host", other.customer.host)
    yield await desk.open(HOME, "foreign operator", OPERATOR)
