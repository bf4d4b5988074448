"""Forged and misdirected tokens that are accepted: none."""

import base64
import hmac
import json
from typing import Any

import httpx
import pytest
from django.conf import settings

from tests.gateway.house import House
from tests.hostile.corpora import read

PATIENCE = 60.0


def knock(client: httpx.Client, token: str) -> int:
    """The status of a door that wants a visitor's token."""
    headers = {"Authorization": f"Bearer {token}"}
    body = {"client_id": "7e1fb4b5-6a5d-4c5a-9a9e-0a3a1b0e6f11", "text": "hello"}
    return client.post("/api/v1/chat", headers=headers, json=body).status_code


def test_no_vector_of_the_corpus_opens_a_door(house: House) -> None:
    tokens = [case["jws"] for case in read("jws") if isinstance(case["jws"], str)]
    with httpx.Client(base_url=house.url, timeout=PATIENCE) as client:
        codes = {token: knock(client, token) for token in tokens if is_header(token)}
    assert len(codes) > 100
    assert set(codes.values()) == {401}


def is_header(token: str) -> bool:
    return bool(token.strip()) and token.isprintable() and token.isascii() and len(token) < 16_000


DIGESTS = {"HS256": "sha256", "HS512": "sha512"}
HEADERS: dict[str, dict[str, Any]] = {
    "alg none": {"alg": "none"},
    "alg None": {"alg": "None"},
    "HS512 with our key": {"alg": "HS512"},
    "unknown kid": {"kid": "00000000"},
    "kid is a path": {"kid": "../../../../dev/null"},
    "kid is no text": {"kid": ["a"]},
    "no kid": {"kid": None},
    "jku": {"jku": "https://evil.example/keys"},
    "crit": {"crit": ["exp"], "b64": True},
}


@pytest.mark.parametrize("name", HEADERS)
def test_no_header_talks_the_door_open(house: House, name: str) -> None:
    visitor = house.visitor()
    parts = visitor.token.split(".")
    header = {**json.loads(unpadded(parts[0])), **HEADERS[name]}
    signed = f"{encoded(json.dumps(header).encode())}.{parts[1]}"
    key, digest = settings.VISITOR_TOKEN_KEY.encode(), DIGESTS.get(str(header["alg"]))
    signature = hmac.new(key, signed.encode(), digest).digest() if digest else b""
    forged = f"{signed}.{encoded(signature)}"
    with httpx.Client(base_url=house.url, timeout=PATIENCE) as client:
        code = knock(client, forged)
        # Signed with our key, a pointer to another one is not followed: the token is our own.
        assert code == (200 if name == "jku" else 401)
        assert knock(client, visitor.token) == 200


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def unpadded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
