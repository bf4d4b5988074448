"""Nothing that a visitor says, and no credential, is in any process's log, whatever breaks."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest

from chatsaas.servers.process import wait_until
from chatsaas.servers.served import Served
from tests.gateway.house import ORIGIN, House, furnish
from tests.gateway.visitor import Visitor, ask_for_token, open_socket
from tests.ground.ground import Ground

CANARY = "xylophonmarmelade"
PATIENCE = 60.0


@dataclass
class Stage:
    house: House
    gateway: Served
    runner: Served
    worker: Served

    def logs(self) -> str:
        return "\n".join(one.said(10_000_000) for one in (self.gateway, self.runner, self.worker))


@pytest.fixture
def stage(ground: Ground) -> Iterator[Stage]:
    with ExitStack() as stack:
        house = furnish(ground)
        runner = stack.enter_context(ground.runner())
        gateway = stack.enter_context(ground.gateway())
        yield Stage(house, gateway, runner, stack.enter_context(ground.worker(beat=True)))


def test_logs_hold_the_ids_of_a_turn_and_no_word_or_credential_of_a_visitor(stage: Stage) -> None:
    secrets = knock_at_every_door(stage)
    visitor, turn = break_everything(stage)
    for number, line in enumerate(stage.logs().splitlines()):
        found = [secret for secret in (CANARY, *secrets) if secret in line]
        assert not found, f"line {number}: {found}: {line}"
    lines = [line for line in told(stage.gateway) if line.get("turn") == turn]
    assert lines, stage.gateway.said()
    assert {(line["tenant"], line["session"]) for line in lines} == {("t_acme", visitor.session)}


def told(served: Served) -> list[dict[str, Any]]:
    """Every line of its log; one that is no JSON fails here."""
    return [json.loads(line) for line in served.said(10_000_000).splitlines() if line.strip()]


def knock_at_every_door(stage: Stage) -> list[str]:
    """Says the canary wherever something can be said; answers the credentials it was given."""
    house = stage.house
    visitor = house.visitor(prefill={"name": CANARY})
    visitor.say(f"my name is {CANARY}")
    visitor.say(f"{CANARY}@example.com")
    with visitor.socket() as tab:
        tab.send(type="edit", client_id=str(uuid4()), path="name", value=CANARY)
        tab.send(type=CANARY)
        tab.connection.send("{" + CANARY)
        tab.send(type="message", client_id=CANARY, text=CANARY)
        tab.reply_to(tab.say(f"no, call me {CANARY} Smith"))
    with open_socket(house.url, ORIGIN) as connection:
        connection.send(json.dumps({"type": "hello", "token": visitor.token + CANARY}))
        connection.recv(timeout=PATIENCE)
    refused = [
        ask_for_token(house.url, "pk_" + CANARY, ORIGIN),
        ask_for_token(house.url, house.acme.key, f"https://{CANARY}.example"),
        ask_for_token(house.url, house.acme.key, ORIGIN, identity=CANARY),
        ask_for_token(
            house.url, house.acme.key, ORIGIN, session=str(uuid4()), resume="rs_" + CANARY
        ),
        visitor.request("POST", "chat", content=b'{"text": "' + CANARY.encode()),
        visitor.request("GET", f"sessions/{CANARY}/events"),
        visitor.request("GET", f"{CANARY}?q={CANARY}"),
    ]
    assert all(answer.status_code >= 400 for answer in refused)
    with_secret = {"Authorization": f"Bearer {house.acme.secret}"}
    listed = httpx.get(f"{house.url}/api/v1/sessions", headers=with_secret, timeout=PATIENCE)
    assert CANARY in listed.text
    return [visitor.token, visitor.grant["resume"], house.acme.secret, house.acme.key]


def break_everything(stage: Stage) -> tuple[Visitor, str]:
    """The runner dies in a turn, then the database's connections; the sweeper picks up the rest."""
    house, visitor = stage.house, stage.house.visitor()
    visitor.say("I need a repair")
    with visitor.socket() as tab:
        stage.runner.kill9()
        client_id = tab.say(f"my name is {CANARY} Miller")
        tab.until(lambda frame: frame["type"] == "error")
        house.ground.database.query(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        stage.runner.start()
        tab.until(
            lambda frame: frame["type"] == "message" and frame.get("turn") == client_id, PATIENCE
        )
    spoil_the_transcript(stage, visitor)
    return visitor, client_id


def spoil_the_transcript(stage: Stage, visitor: Visitor) -> None:
    """A stored input that no code can read: whoever drives the turn fails over its words."""
    database = stage.house.ground.database
    database.query(
        "UPDATE t_acme.sessions_app_turn SET status = 'queued', input = jsonb_build_object("
        "'kind', 'message', 'text', ARRAY[%s]::text[]) WHERE session_id = %s",
        CANARY,
        visitor.session_hex,
    )
    database.query(
        "UPDATE t_acme.sessions_app_session SET answered_count = 0, lease_until = NULL "
        "WHERE id = %s",
        visitor.session_hex,
    )
    database.query("UPDATE tenants_due SET at = now() WHERE subject = %s", visitor.session_hex)
    assert wait_until(lambda: "ValidationError" in stage.worker.said(10_000_000), PATIENCE), (
        stage.worker.said()
    )
