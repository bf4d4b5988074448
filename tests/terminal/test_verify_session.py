"""A recorded conversation is proved by doing it again, and a forged one is found out."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from ai_bridge.contract import Done, PastTurn, TurnRequest
from ai_bridge.intake import template_hash
from ai_bridge.runner.local import local_runner
from ai_bridge.runner.settings import RunnerSettings
from tests.gateway.house import TEMPLATE, House
from tests.gateway.visitor import Visitor
from tests.terminal.commands import manage


@pytest.fixture
def told(house: House) -> Visitor:
    """A visitor who was known in part, said the rest, and changed a value in the form."""
    visitor = house.visitor()
    visitor.say("I need a repair, my name is Ann Smith")
    with visitor.socket() as tab:
        edit = str(uuid4())
        tab.send(type="edit", client_id=edit, path="name", value="Ann Jones")
        tab.reply_to(edit)
    assert visitor.say("ann@example.com")["document"]["name"] == "Ann Jones"
    return visitor


def test_a_conversation_comes_to_the_recorded_states_again_and_the_replay_leaves_nothing(
    house: House, told: Visitor
) -> None:
    threads = "SELECT thread_id FROM ai.threads ORDER BY 1"
    before = house.ground.database.query(threads)
    checked = manage(house.ground, "verify_session", told.session)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "turn   2  edit        ok" in checked.stdout
    assert "3 turns replayed, every state is the recorded one." in checked.stdout
    for table in ("threads", "checkpoints", "results", "templates", "writes"):
        left = f"SELECT 1 FROM ai.{table} WHERE thread_id NOT LIKE 'ses_%%'"
        assert house.ground.database.query(left) == []
    assert house.ground.database.query(threads) == before


def test_an_altered_input_is_named_with_its_turn(house: House, told: Visitor) -> None:
    house.ground.database.query(
        "UPDATE t_acme.sessions_app_turn SET input = jsonb_set(input, '{value}', '\"Ann Forged\"')"
        " WHERE session_id = %s AND ordinal = 2",
        told.session_hex,
    )
    checked = manage(house.ground, "verify_session", told.session_hex, "--tenant", "acme")
    assert checked.returncode == 1
    assert "turn   1  message     ok" in checked.stdout
    assert "turn   2  edit        DIFFERS" in checked.stdout
    assert "2 of 3 turns come to another state." in checked.stdout


def test_a_turn_that_was_never_answered_is_skipped(house: House, told: Visitor) -> None:
    house.ground.database.query(
        "UPDATE t_acme.sessions_app_turn SET status = 'failed'"
        " WHERE session_id = %s AND ordinal = 3",
        told.session_hex,
    )
    checked = manage(house.ground, "verify_session", told.session)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "turn   3  message     skipped: it was failed" in checked.stdout
    assert "1 skipped." in checked.stdout


DRIPS = "It drips on my bed"
BY_MODEL: dict[str, Any] = {
    "op": "set",
    "path": "service",
    "value": "repair",
    "quote": "drips",
    "start": 3,
    "end": 8,
    "source": "model",
}


async def test_what_a_model_said_is_taken_from_the_record(house: House) -> None:
    visitor = house.visitor()
    visitor.say(DRIPS)
    visitor.say("my name is Ann Smith")
    first, second = house.ground.database.query(
        "SELECT request_id, input, now, locale, region FROM t_acme.sessions_app_turn"
        " WHERE session_id = %s ORDER BY ordinal",
        visitor.session_hex,
    )
    expected = await rebuilt_state(house, past_turn(first, (BY_MODEL,)), past_turn(second))
    house.ground.database.query(
        "UPDATE t_acme.sessions_app_turn SET heard = %s WHERE request_id = %s",
        json.dumps([BY_MODEL]),
        first[0],
    )
    house.ground.database.query(
        "UPDATE t_acme.sessions_app_turn SET state_hash = %s WHERE request_id = %s",
        expected,
        second[0],
    )
    checked = manage(house.ground, "verify_session", visitor.session)
    assert "turn   1  message     DIFFERS" in checked.stdout, "it was recorded without the model"
    assert "turn   2  message     ok" in checked.stdout


def past_turn(row: tuple[Any, ...], operations: tuple[dict[str, Any], ...] | None = None) -> Any:
    names = ("request_id", "input", "now", "locale", "region")
    return PastTurn.model_validate({**dict(zip(names, row, strict=True)), "operations": operations})


async def rebuilt_state(house: House, past: PastTurn, last: PastTurn) -> str:
    """The state after the second turn as the runner itself rebuilds a thread that was lost."""
    request = TurnRequest(
        **last.model_dump(exclude={"operations"}),
        thread_id=f"rebuilt_{uuid4().hex}",
        fence=1,
        template_hash=template_hash(TEMPLATE),
        template=TEMPLATE,
        history=(past,),
    )
    settings = RunnerSettings(
        database_url=house.ground.database.runner_url, token="without doors, none"
    )
    async with local_runner(settings) as runner:
        events = [event async for event in runner.turn(request)]
        await runner.delete(request.thread_id)
    assert isinstance(events[-1], Done)
    return events[-1].state_hash


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ses_1",), "ses_1 is no session's id"),
        ((str(uuid4()),), "is not in any active tenant"),
        ((str(uuid4()), "--tenant", "globex"), "is not in tenant globex"),
        ((str(uuid4()), "--tenant", "nobody"), "no tenant nobody"),
    ],
)
def test_a_session_that_is_not_there_is_refused_by_name(
    house: House, arguments: tuple[str, ...], said: str
) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("verify_session", *arguments)
