"""Many listeners, few database connections; quiet ones live on, and their tokens with them."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import jwt
import pytest
from pytest_django import DjangoDbBlocker

from tests.gateway.house import ORIGIN, House, open_house
from tests.gateway.visitor import Visitor

FIRST = "I need a repair, my name is Ann Smith"
STREAMS, POOL = 50, 4
TOKEN_SECONDS = 30


@pytest.fixture(scope="module")
def small_house(
    tmp_path_factory: pytest.TempPathFactory, swept_server: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[House]:
    """A gateway with a pool of four connections, whose tokens live for thirty seconds."""
    folder: Path = tmp_path_factory.mktemp("small")
    settings = {"DATABASE_POOL_SIZE": str(POOL), "VISITOR_TOKEN_SECONDS": str(TOKEN_SECONDS)}
    with django_db_blocker.unblock(), open_house(folder, **settings) as opened:
        yield opened


def test_fifty_open_streams_with_a_pool_of_four_leave_the_api_answering(
    small_house: House,
) -> None:
    visitor = small_house.visitor()
    visitor.say(FIRST)
    limits = httpx.Limits(max_connections=STREAMS)
    with httpx.Client(limits=limits, timeout=90) as client, ExitStack() as stack:
        streams = [stack.enter_context(visitor.event_stream(client)) for _ in range(STREAMS)]
        for stream in streams:
            assert json.loads(next(stream).data)["seq"] == 1
        other = small_house.visitor()
        assert other.say(FIRST)["status"] == "open"
        visitor.say("ann@example.com")
        for stream in streams:
            last = next(event for event in stream if event.event == "completed")
            assert json.loads(last.data)["fields"]["email"] == "ann@example.com"


def test_an_event_source_goes_on_after_the_last_event_it_had(small_house: House) -> None:
    visitor = small_house.visitor()
    visitor.say(FIRST)
    address = f"{small_house.url}/api/v1/sessions/{visitor.session}/events"
    headers = visitor.headers(**{"Last-Event-ID": "2"})
    with httpx.stream("GET", address, headers=headers, timeout=60) as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        assert stream.headers["X-Accel-Buffering"] == "no"
        first = next(line for line in stream.iter_lines() if line.startswith("id: "))
    assert first == "id: 3"
    wrong = visitor.request("GET", f"sessions/{visitor.session}/events?after=-1")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "bad_request")


def test_a_quiet_socket_lives_on_and_gets_a_new_token_before_the_old_one_ends(
    small_house: House,
) -> None:
    visitor = small_house.visitor()
    with visitor.socket() as tab:
        began = time.monotonic()
        pushed = tab.until(lambda frame: frame["type"] == "token", 2 * TOKEN_SECONDS)
        tab.until(lambda frame: frame["type"] == "token", 2 * TOKEN_SECONDS)
        # Thirty seconds of silence from this side, and the first token is over.
        while time.monotonic() - began < TOKEN_SECONDS + 1:
            time.sleep(0.2)
        tab.reply_to(tab.say(FIRST))
    old, new = (
        jwt.decode(token, options={"verify_signature": False})
        for token in (visitor.token, pushed["jwt"])
    )
    assert (old["session"], old["aud"]) == (new["session"], new["aud"])
    assert old["jti"] != new["jti"]
    assert new["exp"] - new["iat"] <= TOKEN_SECONDS
    assert new["iat"] < old["exp"]
    refused = visitor.post("with the old token")
    assert (refused.status_code, refused.json()["code"]) == (401, "token_expired")
    renewed = Visitor(small_house.url, ORIGIN, {**visitor.grant, "token": tab_token(tab.heard)})
    assert renewed.say("ann@example.com")["status"] == "completed"


def tab_token(heard: list[dict[str, object]]) -> str:
    return str([frame["jwt"] for frame in heard if frame["type"] == "token"][-1])
