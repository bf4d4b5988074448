"""No body and no frame makes a server error, whatever is in it."""

from uuid import uuid4

import httpx
import pytest

from tests.gateway.house import ORIGIN, House
from tests.gateway.visitor import Tab
from tests.hostile.corpora import AWKWARD_VALUES, DEEP, json_cases

PATIENCE = 60.0
MIB = 1024 * 1024
BODIES = {
    **json_cases(),
    "50,000 deep": DEEP,
    "1 MiB": b'{"client_id":"' + str(uuid4()).encode() + b'","text":"' + b"x" * MIB + b'"}',
    "empty": b"",
    **{
        name: f'{{"client_id":"{uuid4()}","text":{value}}}'.encode()
        for name, value in AWKWARD_VALUES.items()
    },
}


@pytest.mark.parametrize("door", ["token", "chat"])
def test_no_body_makes_a_server_error(house: House, door: str) -> None:
    headers = house.visitor().headers() if door == "chat" else {"Origin": ORIGIN}
    with httpx.Client(base_url=f"{house.url}/api/v1", headers=headers, timeout=PATIENCE) as client:
        answers = {name: client.post(f"/{door}", content=body) for name, body in BODIES.items()}
    wrong = {
        name: (answer.status_code, answer.text[:200])
        for name, answer in answers.items()
        if not is_refusal(answer)
    }
    # U+0000 within a text is left out, by design: the rest of the words counts.
    for kept in ("U+0000", "an escape that is none"):
        wrong.pop(kept, None)
    assert not wrong


def is_refusal(answer: httpx.Response) -> bool:
    is_problem = answer.headers["Content-Type"] == "application/problem+json"
    return 400 <= answer.status_code < 500 and is_problem and bool(answer.json()["detail"])


def test_no_frame_makes_a_server_error_and_the_next_message_is_taken(house: House) -> None:
    frames = [text for body in BODIES.values() if len(body) < 60_000 and (text := as_text(body))]
    visitor = house.visitor()
    # The fifth bad frame ends a socket.
    for start in range(0, len(frames), 4):
        with visitor.socket() as tab:
            for frame in frames[start : start + 4]:
                tab.connection.send(frame)
            tab.send(type="ping")
            tab.until(lambda frame: frame["type"] == "pong", PATIENCE)
    with visitor.socket() as tab:
        taken(tab)


def taken(tab: Tab) -> None:
    tab.reply_to(tab.say("I need a repair"))


def as_text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return ""
