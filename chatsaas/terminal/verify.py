"""Replays a conversation from its transcript and compares what it comes to, turn by turn."""

import asyncio
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings

from ai_bridge.contract import Operation, PastTurn, TurnRequest
from ai_bridge.runner.local import local_runner
from ai_bridge.runner.settings import RunnerSettings
from chatsaas.terminal.replay_turn import Replay, replay
from sessions_app.models import Session, Turn
from tenants.models import Tenant
from tenants.pinned import pinned_template
from tenants.scope import tenant_scope

DEADLINE_MS = 60_000
# A runner's settings want a token for its doors, and what is replayed here comes through none.
NO_DOORS = "replayed without doors"


class SessionNotFound(Exception):
    """The text says where was looked and what to do."""


@dataclass(frozen=True)
class Transcript:
    """A session's turns in order, with the template version that it keeps.

    `erased` says when what was said was erased and after how long; nothing can be replayed then.
    """

    public_id: str
    template_hash: str
    template: Mapping[str, Any]
    turns: tuple[Turn, ...]
    erased: str = ""


@dataclass(frozen=True)
class Verdict:
    """What one turn came to. `found` is its state hash now, or why there is none.

    A turn that was never answered has no recorded hash and is not replayed.
    """

    ordinal: int
    kind: str
    status: str
    recorded: str
    found: str

    @property
    def is_skipped(self) -> bool:
        return self.status != Turn.Status.DONE

    @property
    def differs(self) -> bool:
        return not self.is_skipped and self.found != self.recorded


def find_transcript(session_id: UUID, slug: str = "") -> Transcript:
    """Looks in the named tenant, or in every active one. Raises SessionNotFound."""
    wanted = {"slug": slug} if slug else {"status": Tenant.Status.ACTIVE}
    tenants = list(Tenant.objects.filter(**wanted))
    if not tenants:
        raise SessionNotFound(
            f"There is no tenant {slug}. Give its slug, as in its dashboard's address."
            if slug
            else "There is no active tenant. Make one with `manage.py create_tenant`."
        )
    for tenant in tenants:
        with tenant_scope(tenant.schema_name):
            session = Session.objects.filter(id=session_id).first()
            if session:
                return transcript_of(session)
    where = f"tenant {slug}" if slug else "any active tenant"
    raise SessionNotFound(
        f"Session ses_{session_id.hex} is not in {where}. Copy the id from its transcript's page."
    )


def verify(transcript: Transcript) -> Iterator[Verdict]:
    """Each turn in a fresh process, on a thread that is made for it and erased at the end."""
    with _scratch_thread() as thread_id, _fresh_processes() as processes:
        for turn, asked in replays_of(transcript, thread_id):
            yield _verdict(turn, _run(processes, asked) if asked else "")


def replays_of(transcript: Transcript, thread_id: str) -> Iterator[tuple[Turn, Replay | None]]:
    """Each turn with what has to be run again for it, in order; None for one never answered."""
    is_first = True
    for turn in transcript.turns:
        if turn.status != Turn.Status.DONE:
            yield turn, None
            continue
        yield turn, _replay(transcript, turn, thread_id, with_template=is_first)
        is_first = False


@contextmanager
def _scratch_thread() -> Iterator[str]:
    thread_id = f"verify_{uuid4().hex}"
    try:
        yield thread_id
    finally:
        asyncio.run(_erase(thread_id))


async def _erase(thread_id: str) -> None:
    async with local_runner(_runner_settings()) as runner:
        await runner.delete(thread_id)


def _runner_settings() -> RunnerSettings:
    return RunnerSettings(database_url=settings.RUNNER_DATABASE_URL, token=NO_DOORS, pool_size=1)


def transcript_of(session: Session) -> Transcript:
    """Called within the session's tenant."""
    pinned = pinned_template(session.template_version_id)
    turns = tuple(session.turns.order_by("ordinal"))
    erased = ""
    if session.words_erased_at:
        erased = f"{session.words_erased_at:%Y-%m-%d}, after {session.words_days} days"
    return Transcript(session.public_id, pinned.hash, pinned.document, turns, erased)


def _replay(transcript: Transcript, turn: Turn, thread_id: str, *, with_template: bool) -> Replay:
    past = PastTurn.model_validate(
        {
            "request_id": turn.request_id,
            "input": turn.input,
            "now": turn.now,
            "locale": turn.locale,
            "region": turn.region,
        }
    )
    request = TurnRequest(
        request_id=past.request_id,
        thread_id=thread_id,
        fence=turn.ordinal,
        input=past.input,
        template_hash=transcript.template_hash,
        template=dict(transcript.template) if with_template else None,
        locale=past.locale,
        region=past.region,
        now=past.now,
        deadline_ms=DEADLINE_MS,
    )
    return Replay(request=request, recorded=_said_by_model(turn))


def _said_by_model(turn: Turn) -> tuple[Operation, ...] | None:
    if turn.heard is None:
        return None
    return tuple(Operation.model_validate(found) for found in turn.heard)


def _fresh_processes() -> ProcessPoolExecutor:
    """One at a time and for one task each, forked by one that has loaded what replays."""
    context = ForkServerContext()
    context.set_forkserver_preload([replay.__module__])
    return ProcessPoolExecutor(1, context, max_tasks_per_child=1)


def _run(processes: ProcessPoolExecutor, asked: Replay) -> str:
    try:
        return processes.submit(replay, asked, _runner_settings()).result()
    except BrokenProcessPool:
        return "the process that replayed it was killed"


def _verdict(turn: Turn, found: str) -> Verdict:
    return Verdict(
        ordinal=turn.ordinal,
        kind=str(turn.input.get("kind", "?")),
        status=turn.status,
        recorded=turn.state_hash,
        found=found,
    )
