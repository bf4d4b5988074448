"""The doors of a real gateway turn a flood away, say so, and let everybody else in."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, cast
from uuid import uuid4

import httpx
import pytest
from pytest_django import DjangoDbBlocker
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tests.gateway.house import ORIGIN, House, open_house

# A twentieth of each limit: 30 visits and 60 messages of an address, 6 messages of a session.
SMALL = {"LIMITS_FACTOR": "0.05", "LIMITS_REDIS_MS": "20000", "TRUSTED_PROXIES": "127.0.0.1"}
VISITS, SESSION, REQUESTS = 30, 6, 30
SECONDS = 60.0
numbers = count(1)


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, swept_server: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[House]:
    with django_db_blocker.unblock(), open_house(tmp_path_factory.mktemp("h"), **SMALL) as opened:
        opened.ground.database.query(
            "UPDATE tenants_tenant SET turns_per_day = 20 WHERE slug = 'globex'"
        )
        yield opened


@pytest.fixture
def address() -> str:
    """Of this test alone, as the trusted proxy in front of the gateway would say it."""
    return f"203.0.113.{next(numbers)}"


def arrive(house: House, address: str, key: str = "") -> httpx.Response:
    headers = {"Origin": ORIGIN, "X-Forwarded-For": address}
    body = {"site": key or house.acme.key}
    return httpx.post(f"{house.url}/api/v1/token", json=body, headers=headers, timeout=SECONDS)


def say(house: House, address: str, token: str, text: str = "hello") -> httpx.Response:
    headers = {
        "Origin": ORIGIN,
        "X-Forwarded-For": address,
        "Authorization": f"Bearer {token}",
    }
    body = {"client_id": str(uuid4()), "text": text}
    return httpx.post(f"{house.url}/api/v1/chat", json=body, headers=headers, timeout=SECONDS)


@contextmanager
def opened(house: House, address: str) -> Iterator[ClientConnection]:
    with connect(
        house.url.replace("http", "ws", 1) + "/ws/v1/chat",
        origin=Origin(ORIGIN),
        subprotocols=[Subprotocol("chat.v1")],
        additional_headers={"X-Forwarded-For": address},
        compression=None,
        open_timeout=SECONDS,
        close_timeout=1,
    ) as connection:
        yield connection


def hear(connection: ClientConnection, kind: str) -> dict[str, Any]:
    while True:
        frame: dict[str, Any] = json.loads(connection.recv(timeout=SECONDS))
        if frame["type"] == kind:
            return frame


def greet(house: House, address: str, connection: ClientConnection) -> None:
    token = arrive(house, address).json()["token"]
    connection.send(json.dumps({"type": "hello", "token": token}))
    hear(connection, "ready")


def message() -> tuple[str, str]:
    client_id = str(uuid4())
    return client_id, json.dumps({"type": "message", "client_id": client_id, "text": "hello"})


def test_token_exchanges_of_one_address_are_limited_and_another_comes_in(
    house: House, address: str
) -> None:
    answers = [arrive(house, address) for _ in range(VISITS + 2)]
    assert [answer.status_code for answer in answers].count(200) == VISITS
    refused = answers[-1]
    assert refused.status_code == 429
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "rate_limited"
    assert refused.headers["RateLimit-Policy"] == f'"visits";q={VISITS};w=60'
    assert refused.headers["RateLimit"].startswith('"visits";r=0;t=')
    assert int(refused.headers["Retry-After"]) >= 1
    assert arrive(house, f"{address}9").status_code == 200


def test_an_answer_says_what_is_left_for_this_caller_and_nothing_of_others(
    house: House, address: str
) -> None:
    arrived = arrive(house, address)
    assert arrived.headers["RateLimit"].startswith(f'"visits";r={VISITS - 1};t=')
    answer = say(house, address, arrived.json()["token"])
    assert answer.status_code == 200, answer.text
    assert answer.headers["RateLimit-Policy"] == '"session";q=6;w=60, "address";q=60;w=60'
    assert answer.headers["RateLimit"].startswith(f'"session";r={SESSION - 1};t=')
    assert "RateLimit" in answer.headers["Access-Control-Expose-Headers"]


def test_messages_of_one_session_are_limited_over_http(house: House, address: str) -> None:
    token = arrive(house, address).json()["token"]
    answers = [say(house, address, token) for _ in range(SESSION + 1)]
    assert [answer.status_code for answer in answers] == [200] * SESSION + [429]
    assert answers[-1].json()["code"] == "rate_limited"


def test_over_a_socket_the_refusal_names_the_message_and_when_to_send_it_again(
    house: House, address: str
) -> None:
    with opened(house, address) as connection:
        greet(house, address, connection)
        sent = [message() for _ in range(SESSION + 1)]
        for _, text in sent:
            connection.send(text)
        error = hear(connection, "error")
    assert error["code"] == "rate_limited"
    assert error["client_id"] == sent[-1][0]
    assert error["retry_after"] >= 1


def test_who_goes_on_regardless_is_closed_with_4429(house: House, address: str) -> None:
    with opened(house, address) as connection:
        greet(house, address, connection)
        with pytest.raises(ConnectionClosed) as closed:
            flood(connection)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 4429
    gateway = next(one for one in house.ground.processes if one.name == "gateway")
    assert "Traceback" not in gateway.said(1_000_000)


def flood(connection: ClientConnection) -> None:
    for _ in range(1000):
        connection.send('{"type": "ping"}')
    while True:
        connection.recv(timeout=SECONDS)


def test_a_socket_too_many_is_told_so_and_closed(house: House, address: str) -> None:
    for _ in range(VISITS):
        with opened(house, address):
            pass
    with opened(house, address) as connection:
        assert hear(connection, "error")["code"] == "rate_limited"
        with pytest.raises(ConnectionClosed) as closed:
            connection.recv(timeout=SECONDS)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 4429


def test_requests_with_a_secret_key_are_limited_by_the_plan(house: House, address: str) -> None:
    headers = {"Authorization": f"Bearer {house.acme.secret}"}
    with httpx.Client(base_url=f"{house.url}/api/v1", headers=headers, timeout=SECONDS) as client:
        answers = [client.get("/sessions") for _ in range(REQUESTS + 1)]
    assert [answer.status_code for answer in answers] == [200] * REQUESTS + [429]
    assert answers[0].headers["RateLimit"].startswith(f'"requests";r={REQUESTS - 1};t=')
    assert answers[-1].json()["code"] == "rate_limited"


def test_who_tries_keys_is_limited_by_address(house: House, address: str) -> None:
    headers = {"Authorization": "Bearer sk_guessed", "X-Forwarded-For": address}
    with httpx.Client(base_url=f"{house.url}/api/v1", headers=headers, timeout=SECONDS) as client:
        codes = [client.get("/sessions").status_code for _ in range(VISITS // 2)]
        codes += [client.post("/token", json={}).status_code for _ in range(VISITS // 2 + 1)]
    assert codes == [401] * VISITS + [429]


def test_a_website_that_has_used_up_its_day_ends_its_chats_and_says_so(
    house: House, address: str
) -> None:
    """Globex ordered one turn a day (20, and a twentieth of it)."""
    token = arrive(house, address, house.globex.key).json()["token"]
    assert say(house, address, token).status_code == 200
    refused = say(house, address, token)
    assert (refused.status_code, refused.json()["code"]) == (403, "budget_spent")
    assert say(house, address, token).json()["code"] == "budget_spent"
    closed = house.ground.database.query(
        "SELECT close_reason FROM t_globex.sessions_app_session WHERE closed_at IS NOT NULL"
    )
    assert closed == [("limits",)]


def test_the_answer_that_uses_up_a_sessions_tokens_is_its_last(house: House, address: str) -> None:
    granted = arrive(house, address).json()
    assert say(house, address, granted["token"], "I need a repair").status_code == 200
    session = granted["session"].removeprefix("ses_")
    house.ground.database.query(
        "UPDATE t_acme.sessions_app_session SET token_budget = 0 WHERE id = %s", session
    )
    last = say(house, address, granted["token"], "my name is Ann Smith")
    assert last.json()["status"] == "closed"
    assert cast("str", last.json()["message"]["text"])
    assert say(house, address, granted["token"]).json()["code"] == "session_closed"
    rows = house.ground.database.query(
        "SELECT close_reason FROM t_acme.sessions_app_session WHERE id = %s", session
    )
    assert rows == [("limits",)]
