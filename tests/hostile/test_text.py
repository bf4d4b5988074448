"""Every text is kept as it was sent or refused with the reason; the socket lives on."""

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.gateway.house import TEMPLATE, House, build_site
from tests.gateway.visitor import Tab
from tests.hostile.corpora import AWKWARD_TEXTS, AWKWARD_VALUES, naughty_strings

PATIENCE = 60.0
# As many messages as a session may have, and more.
LONG = {**TEMPLATE, "x-intake": {**TEMPLATE["x-intake"], "max_turns": 500}}


def test_every_naughty_string_is_stored_as_it_was_sent(house: House) -> None:
    texts = [*naughty_strings(), *AWKWARD_TEXTS.values()]
    visitor = house.visitor(build_site("t_acme", LONG))
    with visitor.socket() as tab:
        answers = [outcome(tab, tab.say(text)) for text in texts]
    assert {answer["type"] for answer in answers} == {"ack"}
    stored = house.ground.database.query(
        "SELECT text FROM t_acme.sessions_app_message WHERE session_id = %s AND role = 'visitor' "
        "ORDER BY id",
        visitor.session_hex,
    )
    assert [text for (text,) in stored] == texts


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('"\\ud800"', "text_invalid"),
        ('"\\udc00\\ud800"', "text_invalid"),
        ('"\\u0000"', "text_invalid"),
        ('" \\n\\t "', "text_invalid"),
        (json.dumps("x" * 8193), "message_too_long"),
        (json.dumps("é" * 4097), "message_too_long"),
    ],
)
def test_a_text_that_cannot_be_kept_is_refused_with_its_id(
    house: House, text: str, code: str
) -> None:
    client_id = str(uuid4())
    with house.visitor().socket() as tab:
        tab.connection.send(f'{{"type":"message","client_id":"{client_id}","text":{text}}}')
        error = tab.until(lambda frame: frame["type"] == "error", PATIENCE)
        assert error["code"] in (code, "bad_frame")
        assert outcome(tab, tab.say("I need a repair"))["type"] == "ack"


@pytest.mark.parametrize("value", AWKWARD_VALUES.values(), ids=list(AWKWARD_VALUES))
def test_an_awkward_value_of_an_edit_is_taken_or_refused_and_the_socket_lives(
    house: House, value: str
) -> None:
    client_id = str(uuid4())
    with house.visitor().socket() as tab:
        tab.connection.send(
            f'{{"type":"edit","client_id":"{client_id}","path":"name","value":{value}}}'
        )
        outcome(tab, client_id)
        assert outcome(tab, tab.say("I need a repair"))["type"] == "ack"


def outcome(tab: Tab, client_id: str) -> dict[str, Any]:
    """The acknowledgement of an input, or its refusal (one that could not be read has no id)."""
    return tab.until(
        lambda frame: (
            frame.get("client_id", client_id) in (client_id, None)
            and frame["type"] in ("ack", "error")
        ),
        PATIENCE,
    )
