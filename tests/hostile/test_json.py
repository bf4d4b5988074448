"""No body, no frame, no header and no address makes a server error, whatever is in it."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.gateway.house import ORIGIN, House
from tests.gateway.test_token import sign
from tests.gateway.visitor import Tab, Visitor
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


# Of requests whose bodies are right, or which have none.
HEADERS: dict[str, list[bytes]] = {
    "Authorization": [b"", b"Bearer", b"Bearer \xff\xfe", b"Bearer " + b"a." * 4000, b"Basic Og=="],
    "Origin": [b"null", b"\xff", b"https://[::1", b"x" * 9000],
    "Content-Type": [
        b"text/plain",
        b"application/json; charset=utf-7",
        b"\xff/\xff",
        b"multipart/",
    ],
    "Content-Encoding": [b"gzip", b"br"],
    "Accept": [b"text/event-stream;q=\xff", b"*", b",,,", b"a/b" * 2000],
    "Accept-Language": [b"\xff", b"en;q=1e400", b"a-" * 3000],
    "X-Forwarded-For": [b"::1, \xff", b",127.0.0.1" * 500],
    "X-Request-Id": [b"\xff", b"a\tb", b"{{7*7}}", b"x" * 9000],
    "Idempotency-Key": [b"\xff", b"x" * 300],
    "Last-Event-ID": [b"-1", b"1e9", b"9" * 40, b"\xff", b"ses_"],
    "Host": [b"\xff", b"a b", b"[::1", b"evil.example", b"localhost:99999"],
    "Cookie": [b"sessionid=\xff; csrftoken=\x7f", b"a=b;" * 2000],
    "Range": [b"bytes=9-1", b"bytes=-1e9"],
    "If-None-Match": [b"\xff", b'W/"' * 2000],
}
PATHS = [
    "/api/v1/sessions/{session}/events?after=-1", "/api/v1/sessions/{session}/events?after=1e400",
    "/api/v1/sessions/{session}/events?after=99999999999999999999999", "/api/v1/sessions/%00",
    "/api/v1/sessions/ses_%00/close", "/api/v1/sessions/..%2f..%2fetc", "/api/v1/%ff%fe",
    "/api/v1/schema?format=%00", "/api/v1/schema?lang=%ff", "/w/v1/..%2f..%2f..%2fetc%2fpasswd",
    "/w/v1/%00", "/w/v1/loader.js%00.css", "/static/..%2f..%2fmanage.py", "/static/%00", "/%00",
    "/%c0%ae%c0%ae/", "/admin/%00", "/healthz?%00", "/metrics?name%5b%5d=%00",
    "//evil.example/%2f..", "/api/v1/messages?limit=%00", "/api/v1/messages?cursor=%ff%fe",
    "/api/v1/messages?cursor=" + "x" * 5000,
    "/api/v1/messages?session=%00", "/api/v1/fields?path=%00", "/api/v1/sessions?status=%00",
    "/api/v1/sessions/export?since=%00", "/api/v1/sessions/export?since=99999-01-01",
    "/api/v1/sessions?format=x", "/api/v1/sessions?format=json", "/api/v1/usage?format=api",
    "/api/v1/usage?months=%d9%a3", "/api/v1/webhooks/whk_%00",
    "/api/v1/webhooks/%F0%9F%92%A9/rotate",
]  # fmt: skip


def test_no_address_and_no_header_makes_a_server_error(house: House) -> None:
    visitor = house.visitor()
    with httpx.Client(base_url=house.url, timeout=PATIENCE) as client:
        secret = f"Bearer {house.acme.secret}".encode()
        answers = {
            f"{method} {path}": client.request(
                method, path.format(session=visitor.session), headers=[(b"Authorization", secret)]
            )
            for path in PATHS
            for method in ("GET", "POST")
        }
        for name, values in HEADERS.items():
            for value in values:
                answers[f"{name}: {value!r}"] = ask(client, visitor, {name: value})
        assert client.get("/healthz").status_code == 200
    wrong = {name: answer.text for name, answer in answers.items() if answer.status_code >= 500}
    assert not wrong
    assert not [name for name, answer in answers.items() if "root:" in answer.text]
    plain = [name for name, answer in answers.items() if "/api/v1/" in name and is_untold(answer)]
    assert not plain
    visitor.say("I need a repair")


def is_untold(answer: httpx.Response) -> bool:
    """Refused, but not by a problem document."""
    kind = answer.headers.get("Content-Type", "")
    return answer.status_code >= 400 and not kind.startswith("application/problem+json")


def ask(client: httpx.Client, visitor: Visitor, header: dict[str, bytes]) -> httpx.Response:
    own = {name: value.encode() for name, value in visitor.headers().items()}
    headers = [(name.encode(), value) for name, value in {**own, **header}.items()]
    body = {"client_id": str(uuid4()), "text": "hello"}
    return client.post("/api/v1/chat", headers=headers, json=body)


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_no_text_that_cannot_be_stored_waits_in_a_token_or_breaks_a_webhook(
    house: House, text: str
) -> None:
    told = Client(house)
    for claim in ("sub", "name", "email", "phone"):
        claims = {"sub": "customer-7", claim: text}
        assert told.code("token", identity=claims) in ("identity_invalid", "bad_request")
        signed = sign(house.acme, **claims)
        assert told.code("token", identity=signed) == "identity_invalid"
    assert told.code("token", prefill={"name": text}) == "bad_request"
    assert told.code("token", prefill={text: "Ann"}) == "bad_request"
    assert told.code("token", prefill={"name": [10**19]}) == "bad_request"
    hook = {"url": "https://93.184.215.14/hook"}
    assert told.code("webhooks", **hook, description=text) == "bad_request"
    assert told.code("webhooks", url=f"{hook['url']}{text}") == "bad_request"
    assert told.code("webhooks", **hook, events=[text]) == "bad_request"


@dataclass(frozen=True)
class Client:
    """The customer's server. What it sends is written as JSON with escapes."""

    house: House

    def code(self, door: str, **body: Any) -> str:
        answer = httpx.post(
            f"{self.house.url}/api/v1/{door}",
            content=json.dumps(body),
            headers={"Authorization": f"Bearer {self.house.acme.secret}"},
            timeout=PATIENCE,
        )
        return str(answer.json().get("code", answer.status_code))


def taken(tab: Tab) -> None:
    tab.reply_to(tab.say("I need a repair"))


def as_text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return ""
