"""POST /api/v1/chat: one message, answered as JSON or as a stream of the socket's frames."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from sessions_app.api.problems import answers_problems, parse_body
from sessions_app.api.streams import (
    HEARTBEAT,
    as_event,
    following,
    stream_response,
)
from sessions_app.api.visitors import address_of, origin_of, visitor_of
from sessions_app.background import is_draining, spawn
from sessions_app.errors import SessionClosed, TurnPending
from sessions_app.events import LEASE_SECONDS, StoredEvent
from sessions_app.following import Follower, is_reply_to
from sessions_app.frames import Ack, EditField, Frame, Problem, SendMessage, checked
from sessions_app.inbox import Channel, Inbox
from sessions_app.limiting.gates import message_standings
from sessions_app.limiting.headers import tell_limits
from sessions_app.services.record import recorded_response
from sessions_app.services.site import admit_to
from sessions_app.services.submit import Submitted
from sessions_app.shapes import ChatRequest
from sessions_app.turns import accept_input, drive_session
from tenants.scope import tenant_call
from tenants.tokens import Visitor

GRACE_SECONDS = 5


@csrf_exempt
@answers_problems("POST")
async def chat(request: HttpRequest) -> HttpResponseBase:
    visitor = visitor_of(request)
    asked = parse_body(request, ChatRequest)
    message = checked(SendMessage(client_id=asked.client_id, text=asked.text))
    await tenant_call(visitor.schema, admit_to, visitor.website_id, origin_of(request))
    address = address_of(request)
    is_stream = "text/event-stream" in request.headers.get("Accept", "")
    response = await (_streamed if is_stream else _answered)(visitor, message, address)
    tell_limits(response, await message_standings(visitor, address))
    return response


async def _answered(
    visitor: Visitor, message: SendMessage | EditField, address: str
) -> HttpResponseBase:
    inbox = Inbox()
    async with following(Channel(visitor.schema, visitor.session_id), inbox, 0) as follower:
        submitted = await accept_input(visitor, message, inbox, address)
        if submitted.response:
            return _recorded(submitted.response, is_replayed=True)
        follower.cursor = submitted.seq
        try:
            async with asyncio.timeout(settings.TURN_DEADLINE_SECONDS + GRACE_SECONDS):
                await _reply(follower, message.client_id)
        except TimeoutError as error:
            raise TurnPending(retry_after=GRACE_SECONDS) from error
    response = await tenant_call(
        visitor.schema, recorded_response, visitor.session_id, message.client_id
    )
    return _recorded(response, is_replayed=False)


async def _reply(follower: Follower, client_id: UUID) -> None:
    """Raises TurnPending when the runner is away, SessionClosed when it was closed meanwhile."""
    while True:
        frames = await follower.next(LEASE_SECONDS)
        if not frames and not is_draining():
            # Whoever drove this turn may have died: its lease has run out by now.
            spawn(drive_session(follower.channel))
        for frame in frames:
            if is_reply_to(frame, client_id):
                return
            if isinstance(frame, Problem):
                raise TurnPending(retry_after=frame.retry_after)
        if follower.is_closed:
            raise SessionClosed


def _recorded(response: str, *, is_replayed: bool) -> HttpResponse:
    headers = {"Cache-Control": "no-store"}
    if is_replayed:
        headers["Idempotency-Replayed"] = "true"
    return HttpResponse(response, content_type="application/json", headers=headers)


async def _streamed(
    visitor: Visitor, message: SendMessage | EditField, address: str
) -> HttpResponseBase:
    """What can be refused is refused before the first byte, with a status of its own."""
    inbox = Inbox()
    submitted = await accept_input(visitor, message, inbox, address)
    return stream_response(_frames(visitor, message.client_id, submitted, inbox))


async def _frames(
    visitor: Visitor, client_id: UUID, submitted: Submitted, inbox: Inbox
) -> AsyncIterator[str]:
    first = submitted.events[0].seq if submitted.events else submitted.seq
    async with following(Channel(visitor.schema, visitor.session_id), inbox, first - 1) as follower:
        yield as_event(Ack(client_id=client_id, seq=submitted.seq))
        waiting: list[Frame | StoredEvent] = [*await follower.catch_up()]
        while True:
            for frame in _without_ack(waiting):
                yield as_event(frame)
            if follower.is_closed or any(_is_last(frame, client_id) for frame in waiting):
                return
            waiting = await follower.next(LEASE_SECONDS)
            if not waiting and not is_draining():
                spawn(drive_session(follower.channel))
            if not waiting:
                yield HEARTBEAT


def _without_ack(frames: list[Frame | StoredEvent]) -> list[Frame | StoredEvent]:
    """The acknowledgement has been the stream's first frame already."""
    return [frame for frame in frames if not isinstance(frame, Ack)]


def _is_last(frame: Frame | StoredEvent, client_id: UUID) -> bool:
    return isinstance(frame, Problem) or is_reply_to(frame, client_id)
