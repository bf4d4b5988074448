"""Everybody tries the others' doors with what is their own; nobody may be let in."""

from collections.abc import AsyncIterator

from chatsaas.isolation.doors.caller import Caller
from chatsaas.isolation.doors.dashboards import Desk
from chatsaas.isolation.doors.integrators import credentials
from chatsaas.isolation.doors.visitors import Visit, follow
from chatsaas.isolation.office import Answer


async def try_with_token(visit: Visit, foreign: Visit) -> AsyncIterator[Answer]:
    """A visitor's token at another tenant's session."""
    yield await follow(visit, foreign.session, door="foreign events")
    yield await visit.caller.ask(
        "foreign close", "POST", f"/api/v1/sessions/{foreign.session}/close", headers=visit.headers
    )


async def try_with_key(caller: Caller, foreign: Visit) -> AsyncIterator[Answer]:
    """A secret key at another tenant's session, and a site key from another tenant's page."""
    yield await caller.ask(
        "foreign session",
        "GET",
        f"/api/v1/sessions/{foreign.session}",
        headers=credentials(caller),
    )
    yield await caller.ask(
        "foreign page",
        "POST",
        "/api/v1/token",
        json={"site": caller.customer.site_key},
        headers={"Origin": foreign.caller.customer.origin},
    )


async def try_with_sign_in(desk: Desk, foreign: Visit) -> AsyncIterator[Answer]:
    """A signed-in owner at the address of another's rows, and at another's host."""
    other = foreign.caller.customer
    row = foreign.session.removeprefix("ses_")
    yield await desk.open(f"/admin/sessions_app/session/{row}/change/", "foreign conversation")
    yield await desk.caller.ask(
        "foreign host", "GET", "/admin/sessions_app/session/", headers={"Host": other.host}
    )
