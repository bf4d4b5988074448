"""Every text is kept as it was sent or refused with the reason; the socket lives on."""

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.gateway.house import TEMPLATE, House, build_site
from tests.gateway.visitor import Tab, Visitor
from tests.hostile.corpora import (
    AWKWARD_TEXTS,
    AWKWARD_VALUES,
    markup,
    naughty_strings,
    sentences,
    some_of,
)

PATIENCE = 60.0
# Messages of one conversation: a tab that comes back is told all of it.
AT_ONCE = 120
# As many messages as a session may have, and more.
LONG = {**TEMPLATE, "x-intake": {**TEMPLATE["x-intake"], "max_turns": 500}}


def test_every_text_is_stored_as_it_was_sent_and_told_again_as_it_is_stored(
    house: House,
) -> None:
    texts = [*naughty_strings(), *AWKWARD_TEXTS.values(), *some_of(markup(), 60), *sentences()]
    site = build_site("t_acme", LONG)
    for start in range(0, len(texts), AT_ONCE):
        keep(house, house.visitor(site), texts[start : start + AT_ONCE])


def keep(house: House, visitor: Visitor, texts: list[str]) -> None:
    """Every seventh over HTTP, the others through a socket; an ordinary one comes last."""
    with visitor.socket() as tab:
        for number, text in enumerate(texts):
            if number % 7:
                assert outcome(tab, tab.say(text))["type"] == "ack", text
            else:
                assert visitor.post(text).status_code == 200, text
        tab.reply_to(tab.say("I need a repair"))
    said = [*texts, "I need a repair"]
    stored = house.ground.database.query(
        "SELECT text FROM t_acme.sessions_app_message WHERE session_id = %s AND role = 'visitor' "
        "ORDER BY id",
        visitor.session_hex,
    )
    assert [text for (text,) in stored] == said
    assert told_again(visitor) == said


def told_again(visitor: Visitor) -> list[str]:
    """The visitor's own words, to a tab that comes back after a while."""
    with visitor.socket() as tab:
        while not tab.stored or tab.stored[-1]["seq"] != tab.ready["seq"]:
            tab.receive(PATIENCE)
        lines = [frame for frame in tab.heard if frame["type"] == "message"]
    return [line["text"] for line in lines if line["role"] == "visitor"]


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
def test_an_awkward_value_of_an_edit_is_taken_or_refused_and_every_socket_lives(
    house: House, value: str
) -> None:
    client_id, visitor = str(uuid4()), house.visitor()
    with visitor.socket() as tab:
        tab.connection.send(
            f'{{"type":"edit","client_id":"{client_id}","path":"name","value":{value}}}'
        )
        outcome(tab, client_id)
        reply = tab.reply_to(tab.say("I need a repair"))
    # A tab that comes later has it all from the database, which may write a number otherwise.
    with visitor.socket() as later:
        assert later.until(lambda frame: frame.get("seq") == reply["seq"]) == reply


def outcome(tab: Tab, client_id: str) -> dict[str, Any]:
    """The acknowledgement of an input, or its refusal (one that could not be read has no id)."""
    return tab.until(
        lambda frame: (
            frame.get("client_id", client_id) in (client_id, None)
            and frame["type"] in ("ack", "error")
        ),
        PATIENCE,
    )
