"""`python -m chatsaas.chaos.recompute PART PARTS`: verify_session for every session of a database.

What `verify_session` does in a fresh process for each turn is done here on one runner, as there are
thousands. Writes a line of JSON for each session: its id, how many turns were replayed, and which
of them come to another state than the recorded one.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from uuid import uuid4

import django

from ai_bridge.errors import ChatError
from ai_bridge.runner.local import LocalRunner
from ai_bridge.runner.pool import open_runner
from ai_bridge.runner.process import Runner
from ai_bridge.runner.settings import RunnerSettings
from chatsaas.terminal.replay_turn import Replay, replay_on


@dataclass(frozen=True)
class Job:
    """One session: what every turn was, and the state it was recorded with."""

    session: str
    thread_id: str
    turns: tuple[tuple[int, str, Replay], ...]


def main() -> None:
    part, parts = int(sys.argv[1]), int(sys.argv[2])
    django.setup()
    jobs = list(_jobs())[part::parts]
    asyncio.run(_recompute(jobs))


def _jobs() -> Iterator[Job]:
    from sessions_app.models import Session
    from tenants.models import Tenant
    from tenants.scope import tenant_scope

    for tenant in Tenant.objects.order_by("id"):
        with tenant_scope(tenant.schema_name):
            yield from [_job(session) for session in Session.objects.order_by("id")]


def _job(session: object) -> Job:
    from chatsaas.terminal.verify import replays_of, transcript_of
    from sessions_app.models import Session

    assert isinstance(session, Session)
    thread_id = f"verify_{uuid4().hex}"
    turns = (
        (turn.ordinal, turn.state_hash, asked)
        for turn, asked in replays_of(transcript_of(session), thread_id)
        if asked is not None
    )
    return Job(session.public_id, thread_id, tuple(turns))


async def _recompute(jobs: Sequence[Job]) -> None:
    async with open_runner(RunnerSettings()) as runner:
        for job in jobs:
            differing = [ordinal async for ordinal in _differing(runner, job)]
            await LocalRunner(runner).delete(job.thread_id)
            row = {"session": job.session, "turns": len(job.turns), "differing": differing}
            print(json.dumps(row), flush=True)


async def _differing(runner: Runner, job: Job) -> AsyncIterator[int]:
    for ordinal, recorded, asked in job.turns:
        try:
            found = await replay_on(runner, asked)
        except ChatError as error:
            found = error.code
        if found != recorded:
            yield ordinal


if __name__ == "__main__":
    main()
