"""Drives a turn from its claim to its recorded answer; no transaction is open while it thinks.

Whatever breaks on the way, the turn stays stored and the session stays due: its lease runs out, and
the sweeper or the sender's next try drives the same turn with the same request id.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from structlog.contextvars import bound_contextvars

from ai_bridge import contract
from ai_bridge.contract import CloseReason, Done, TurnRequest
from ai_bridge.errors import RunnerError, RunnerUnavailable, StaleFence, TemplateRequired
from ai_bridge.failpoints import reach
from sessions_app.availability import UNREACHABLE, check_open
from sessions_app.background import spawn
from sessions_app.errors import BudgetSpent
from sessions_app.events import renew_lease
from sessions_app.frames import Ack, Delta, EditField, Problem, SendMessage
from sessions_app.inbox import Channel, Inbox, expect_answer, forget_sender, tell_sender
from sessions_app.limiting.gates import limit_message, spend_tokens
from sessions_app.metrics import (
    HEALS,
    REPLAYS,
    TURNS,
    count_answer,
    count_given_up,
    count_taken_over,
)
from sessions_app.nudges import announce
from sessions_app.runner_port import current_runner
from sessions_app.services.claims import (
    Claim,
    claim_turn,
    history_for,
    postpone_turn,
    try_again,
)
from sessions_app.services.close import close_session, forget_due
from sessions_app.services.finish import Finished, fail_turn, finish_turn
from sessions_app.services.submit import Submitted, submit_edit, submit_message
from tenants.scope import tenant_call
from tenants.tokens import Visitor

logger = logging.getLogger(__name__)

RENEW_SECONDS = 1.5
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 2.0
LATER = timedelta(seconds=5)
# Beyond the deadline of the turn: for the runner's last word and for recording the answer.
RECORD_SECONDS = 10.0


async def accept_input(
    visitor: Visitor, given: SendMessage | EditField, inbox: Inbox, address: str
) -> Submitted:
    """Store an input, acknowledge it to the inbox, have it answered; never waits for the answer.

    Safe to repeat with the same client id. `address` is where it came from. Raises RateLimited
    before anything is stored; with BudgetSpent the session is closed.
    """
    check_open()
    channel = Channel(visitor.schema, visitor.session_id)
    await _within_limits(visitor, channel, address)
    reach("gateway_before_store")
    if isinstance(given, SendMessage):
        submitted = await tenant_call(channel.schema, submit_message, visitor, given)
    else:
        submitted = await tenant_call(channel.schema, submit_edit, visitor, given)
    reach("gateway_after_store")
    REPLAYS.inc(bool(submitted.response))
    inbox.put(Ack(client_id=given.client_id, seq=submitted.seq))
    if not submitted.response:
        expect_answer(channel, given.client_id, inbox)
        announce(channel, submitted.events)
        spawn(drive_session(channel, submitted.claim))
    return submitted


async def _within_limits(visitor: Visitor, channel: Channel, address: str) -> None:
    try:
        await limit_message(visitor, address)
    except BudgetSpent:
        await end_session(channel, "limits")
        raise


async def end_session(channel: Channel, reason: CloseReason) -> bool:
    """Close the session and tell everybody, the runner too. Safe to repeat.

    Answers whether there was anything to close.
    """
    events = await tenant_call(channel.schema, close_session, channel.session_id, reason)
    announce(channel, events)
    if events:
        spawn(tell_runner(channel, reason))
    return bool(events)


async def tell_runner(channel: Channel, reason: CloseReason) -> None:
    """The session is closed; while the runner cannot be told so, the session stays due."""
    try:
        await current_runner().close(f"ses_{channel.session_id.hex}", reason)
    except RunnerError as error:
        logger.warning("the runner was not told of a close, it is tried again: %s", error.code)
        return
    reach("gateway_after_close")
    await tenant_call(channel.schema, forget_due, channel.session_id)


async def drive_session(channel: Channel, claim: Claim | None = None) -> None:
    """Answer the session's waiting turns, oldest first, unless somebody else is at it."""
    while claim := claim or await tenant_call(channel.schema, claim_turn, channel.session_id):
        reach("gateway_after_claim")
        finished = await _drive(channel, claim)
        if finished is None or not finished.is_waiting:
            return
        claim = None


async def _drive(channel: Channel, claim: Claim) -> Finished | None:
    ids = {"tenant": channel.schema, "session": claim.thread_id, "turn": str(claim.request_id)}
    with bound_contextvars(**ids):
        return await _drive_within(channel, claim)


async def _drive_within(channel: Channel, claim: Claim) -> Finished | None:
    """Takes no longer than a turn may: after that the lease runs out, whatever hangs here."""
    try:
        async with asyncio.timeout(drive_seconds()), _lease_kept(channel.schema, claim):
            finished = await _answer(channel, claim)
    except TimeoutError:
        TURNS.labels("hung").inc()
        logger.error("turn %s hung, its lease is given up", claim.request_id)
        return None
    if finished:
        reach("gateway_after_finish")
        announce(channel, finished.events)
        forget_sender(channel, claim.request_id)
        await spend_tokens(channel.schema, claim.website_id.hex, finished.tokens)
    return finished


def drive_seconds() -> float:
    """The longest that one worker drives one turn, and so the longest that it keeps its lease."""
    return float(settings.TURN_DEADLINE_SECONDS) + RECORD_SECONDS


async def _answer(channel: Channel, claim: Claim) -> Finished | None:
    """None when the turn is not ours any more, or has to wait."""
    if claim.is_hopeless(timezone.now()):
        return await _give_up(channel, claim)
    begun_at = time.monotonic()
    try:
        claim, done = await _ask_until_deadline(channel, claim)
    except StaleFence:
        count_taken_over()
        return None
    except RunnerError as error:
        return await _after_refusal(channel, claim, error)
    reach("gateway_before_finish")
    finished = await tenant_call(channel.schema, finish_turn, claim, done)
    if finished is None:
        count_taken_over()
    else:
        count_answer(done, time.monotonic() - begun_at)
    return finished


async def _give_up(channel: Channel, claim: Claim) -> Finished | None:
    finished = await tenant_call(channel.schema, fail_turn, claim)
    if finished:
        logger.error("turn %s is given up, its session asks for a person", claim.request_id)
        count_given_up()
    return finished


async def _ask_until_deadline(channel: Channel, claim: Claim) -> tuple[Claim, Done]:
    """The runner's committed answer. One budget covers every try."""
    clock = asyncio.get_running_loop().time
    end = clock() + settings.TURN_DEADLINE_SECONDS
    pause = FIRST_PAUSE
    while True:
        try:
            return claim, await _ask(channel, claim, int((end - clock()) * 1000))
        except RunnerError as error:
            if not error.retryable or clock() + pause >= end:
                raise
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
        again = await tenant_call(channel.schema, try_again, claim)
        if again is None:
            raise StaleFence
        claim = again


async def _ask(channel: Channel, claim: Claim, deadline_ms: int) -> Done:
    request = claim.request(deadline_ms)
    try:
        return await _stream(channel, claim, request)
    except TemplateRequired:
        HEALS.inc(claim.ordinal > 1)
        document, past = await tenant_call(channel.schema, history_for, claim)
        whole = request.model_copy(update={"template": dict(document), "history": past})
        return await _stream(channel, claim, whole)


async def _stream(channel: Channel, claim: Claim, request: TurnRequest) -> Done:
    async with aclosing(current_runner().turn(request)) as events:
        async for event in events:
            if isinstance(event, Done):
                return event
            if isinstance(event, contract.Delta):
                delta = Delta(turn=claim.request_id, attempt=claim.attempt, text=event.text)
                tell_sender(channel, claim.request_id, delta)
                reach("gateway_while_streaming")
    raise RunnerUnavailable


async def _after_refusal(channel: Channel, claim: Claim, error: RunnerError) -> Finished | None:
    if not error.retryable:
        logger.error("the runner refused turn %s for good: %s", claim.request_id, error.code)
        return await _give_up(channel, claim)
    logger.warning("turn %s has to wait: %s", claim.request_id, error.code)
    await tenant_call(channel.schema, postpone_turn, claim, LATER)
    TURNS.labels("postponed").inc()
    delay = Problem(
        code=RunnerUnavailable.code,
        detail=RunnerUnavailable.default_detail,
        client_id=claim.request_id,
        retry_after=LATER.total_seconds(),
    )
    tell_sender(channel, claim.request_id, delay)
    return None


@asynccontextmanager
async def _lease_kept(schema: str, claim: Claim) -> AsyncIterator[None]:
    renewing = asyncio.create_task(_renew(schema, claim))
    try:
        yield
    finally:
        renewing.cancel()
        await asyncio.wait([renewing])


async def _renew(schema: str, claim: Claim) -> None:
    is_ours = True
    while is_ours:
        await asyncio.sleep(RENEW_SECONDS)
        try:
            is_ours = await tenant_call(schema, renew_lease, claim.session_id, claim.fence)
        except UNREACHABLE as error:
            logger.warning("a lease could not be renewed, it is tried again: %s", error)
