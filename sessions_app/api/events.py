"""GET /api/v1/sessions/{id}/events: everything since a number, then everything that comes."""

from collections.abc import AsyncIterator

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from sessions_app.api.problems import answers_problems
from sessions_app.api.streams import (
    HEARTBEAT,
    HEARTBEAT_SECONDS,
    as_event,
    come_back,
    following,
    stream_response,
)
from sessions_app.api.visitors import address_of, origin_of, visitor_of_session
from sessions_app.background import is_draining
from sessions_app.errors import BadRequest
from sessions_app.events import StoredEvent
from sessions_app.frames import Frame
from sessions_app.inbox import Channel, Inbox
from sessions_app.limiting.gates import limit_visit
from sessions_app.services.visit import open_visit
from tenants.scope import tenant_call
from tenants.tokens import Visitor

LARGEST = 2**31 - 1


@csrf_exempt
@answers_problems("GET")
async def events(request: HttpRequest, session: str) -> HttpResponseBase:
    visitor = visitor_of_session(request, session)
    after = _cursor_of(request)
    await limit_visit(address_of(request))
    visit = await tenant_call(visitor.schema, open_visit, visitor, origin_of(request))
    return stream_response(_events(visitor, after, visit.ready.seq))


async def _events(visitor: Visitor, after: int, newest: int) -> AsyncIterator[str]:
    yield come_back()
    channel = Channel(visitor.schema, visitor.session_id)
    async with following(channel, Inbox(), after) as follower:
        waiting: list[Frame | StoredEvent] = [*follower.begin(newest), *await follower.catch_up()]
        while True:
            for frame in waiting:
                yield as_event(frame)
            if follower.is_closed or is_draining():
                return
            waiting = await follower.next(HEARTBEAT_SECONDS)
            if not waiting:
                yield HEARTBEAT


def _cursor_of(request: HttpRequest) -> int:
    """A reconnecting EventSource says where it stopped; that is newer than the address."""
    text = request.headers.get("Last-Event-ID") or request.GET.get("after") or "0"
    if not (text.isascii() and text.isdigit() and int(text) <= LARGEST):
        raise BadRequest("`after` is the number of an event: 0 or more.", (("/after", text[:40]),))
    return int(text)
