"""Forged and misdirected tokens that are accepted, at any door: none."""

import base64
import hmac
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from django.conf import settings
from websockets.exceptions import ConnectionClosed

from tenants.errors import TokenExpired, TokenInvalid
from tenants.tokens import read_token
from tests.gateway.house import ORIGIN, House, Site, build_site
from tests.gateway.test_token import FORGERIES, NOW, forge, sign
from tests.gateway.visitor import Tab, Visitor, ask_for_token, open_socket
from tests.hostile.corpora import read, some_of

PATIENCE = 60.0
GRANTED = "granted"
# However long the tests have been running.
LATER = NOW + 86_400
REFUSALS = {"token_invalid", "token_expired", "token_required"}


class Doors:
    """The doors that want a visitor's token; `codes` is what each of them says to one."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.client = httpx.Client(base_url=f"{visitor.url}/api/v1", timeout=PATIENCE)

    def codes(self, token: str) -> set[str]:
        return {*(self.http(token) if is_header(token) else ()), self.socket(token)}

    def http(self, token: str) -> Iterator[str]:
        headers = {"Authorization": f"Bearer {token}", "Origin": self.visitor.origin}
        body = {"client_id": str(uuid4()), "text": "hello"}
        session = f"/sessions/{self.visitor.session}"
        for method, path in (
            ("POST", "/chat"),
            ("GET", f"{session}/events"),
            ("POST", f"{session}/close"),
        ):
            with self.client.stream(method, path, headers=headers, json=body) as answer:
                # What is granted may have no end.
                yield GRANTED if answer.is_success else json.loads(answer.read())["code"]

    def socket(self, token: str) -> str:
        with open_socket(self.visitor.url, self.visitor.origin) as connection:
            tab = Tab(connection)
            tab.send(type="hello", token=token)
            try:
                told = tab.receive(PATIENCE)
            except ConnectionClosed as closed:
                return str(closed)
        return GRANTED if told["type"] == "ready" else str(told["code"])


@pytest.fixture(scope="module")
def doors(house: House) -> Iterator[Doors]:
    opened = Doors(house.visitor())
    with opened.client:
        yield opened


def is_header(token: str) -> bool:
    return bool(token.strip()) and token.isprintable() and token.isascii() and len(token) < 16_000


def vectors() -> list[str]:
    return [case["jws"] for case in read("jws") if isinstance(case["jws"], str)]


def test_no_vector_of_the_corpus_opens_a_door(doors: Doors) -> None:
    told = {code for token in some_of(vectors(), 40) for code in doors.codes(token)}
    # What is no token at all is no frame either, or none that is longer than a token.
    assert told <= {*REFUSALS, "bad_frame"}
    assert "token_invalid" in told


def test_no_vector_is_read_under_our_own_key_id(doors: Doors) -> None:
    kid = jwt.get_unverified_header(doors.visitor.token)["kid"]
    read_token(doors.visitor.token)
    tokens = [under(kid, token) for token in vectors()]
    assert len(tokens) > 150
    for token in tokens:
        with pytest.raises((TokenInvalid, TokenExpired)):
            read_token(token or "x")


def under(kid: str, token: str) -> str:
    """The same vector, as if our key had signed it."""
    head, dot, rest = token.partition(".")
    try:
        header = {**json.loads(unpadded(head)), "kid": kid}
    except (ValueError, TypeError):
        return token
    return f"{encoded(json.dumps(header).encode())}{dot}{rest}"


DIGESTS = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}
HEADERS: dict[str, dict[str, Any]] = {
    "alg none": {"alg": "none"},
    "alg None": {"alg": "None"},
    "alg nOnE": {"alg": "nOnE"},
    "alg empty": {"alg": ""},
    "alg null": {"alg": None},
    "alg a list": {"alg": ["HS256"]},
    "alg with a space": {"alg": "HS256 "},
    "HS384 with our key": {"alg": "HS384"},
    "HS512 with our key": {"alg": "HS512"},
    "unknown kid": {"kid": "00000000"},
    "kid is a path": {"kid": "../../../../dev/null"},
    "kid is a statement": {"kid": "x' UNION SELECT 'key"},
    "kid is no text": {"kid": ["a"]},
    "no kid": {"kid": None},
    "crit": {"crit": ["exp"], "b64": True},
    "crit of something unknown": {"crit": ["mine"], "mine": 1},
    "b64 false": {"b64": False, "crit": ["b64"]},
    "zip": {"zip": "DEF", "crit": ["zip"]},
}


@pytest.mark.parametrize("name", HEADERS)
def test_no_header_talks_a_door_open(doors: Doors, name: str) -> None:
    parts = doors.visitor.token.split(".")
    header = {**json.loads(unpadded(parts[0])), **HEADERS[name]}
    signed = f"{encoded(json.dumps(header).encode())}.{parts[1]}"
    digest = DIGESTS.get(str(header["alg"]))
    key = settings.VISITOR_TOKEN_KEY.encode()
    signature = hmac.new(key, signed.encode(), digest).digest() if digest else b""
    assert doors.codes(f"{signed}.{encoded(signature)}") == {"token_invalid"}


def test_no_other_key_signs_for_us_wherever_the_header_points(doors: Doors) -> None:
    claims = jwt.decode(doors.visitor.token, options={"verify_signature": False})
    kid = jwt.get_unverified_header(doors.visitor.token)["kid"]
    pair = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(pair.public_key()))
    pointers: dict[str, Any] = {
        "jwk": jwk,
        "jku": "https://evil.example/keys",
        "x5u": "https://evil.example/chain",
        "x5c": ["MIIB"],
    }
    keys: dict[str, Any] = {
        "RS256": pair,
        "PS256": pair,
        "ES256": ec.generate_private_key(ec.SECP256R1()),
        "EdDSA": ed25519.Ed25519PrivateKey.generate(),
        "HS256": base64.b64encode(jwk["n"].encode()),
    }
    for algorithm, key in keys.items():
        forged = jwt.encode(claims, key, algorithm, headers={"kid": kid, **pointers})
        assert doors.codes(forged) == {"token_invalid"}, algorithm
    for guess in (kid * 4, "chatsaas" * 4, settings.SECRET_KEY, "0" * 64):
        assert doors.codes(jwt.encode(claims, guess, "HS256", headers={"kid": kid})) == {
            "token_invalid"
        }


CLAIMS: dict[str, dict[str, Any]] = {
    **FORGERIES,
    "not valid yet": {"nbf": NOW + 3600},
    "an expiry that is text": {"exp": str(LATER)},
    "an expiry in parts of a second": {"exp": LATER + 0.5},
    "no times": {"exp": None, "iat": None},
    "no issue": {"iat": None},
    "two audiences": {"aud": ["t_acme:" + "0" * 32, "t_globex:" + "0" * 32]},
    "an audience with more behind it": {"aud": "t_acme:" + "0" * 32 + "\n"},
    "a tenant that is a path": {"aud": "t_acme,public:" + "0" * 32},
    "no type": {"typ": None},
    "the type of a refresh token": {"typ": "refresh"},
    "no session": {"session": None},
}


@pytest.mark.parametrize("name", CLAIMS)
def test_no_claim_that_is_wrong_opens_a_door(doors: Doors, name: str) -> None:
    assert doors.codes(forge(doors.visitor, **CLAIMS[name])) == {"token_invalid"}


def test_an_expired_token_is_refused_at_every_door(doors: Doors) -> None:
    expired = forge(doors.visitor, iat=NOW - 3600, exp=NOW - 2700)
    assert doors.codes(expired) == {"token_expired"}


def test_no_other_credential_is_a_visitors_token(house: House, doors: Doors) -> None:
    grant, site = doors.visitor.grant, house.acme
    others = [site.key, site.secret, str(grant["resume"]), grant["session"], site.identity_secret]
    for other in (*others, sign(site), f"{doors.visitor.token} x", f"{doors.visitor.token},x"):
        assert doors.codes(other) <= REFUSALS, other
    in_address = doors.client.get(
        f"/sessions/{grant['session']}/events?token={doors.visitor.token}&access_token=x"
    )
    assert in_address.json()["code"] == "token_required"


def test_a_token_of_another_tenant_site_or_session_is_refused(house: House) -> None:
    mine = talking(house, house.acme)
    beside = build_site("t_acme", origin="https://other.roofs.example")
    strangers = [talking(house, house.globex), talking(house, house.acme)]
    strangers.append(Visitor.arrive(house.url, beside.key, "https://other.roofs.example"))
    for stranger in strangers:
        for method, path in (("GET", "events"), ("POST", "close")):
            told = stranger.request(method, f"sessions/{mine.session}/{path}")
            assert (told.status_code, told.json()["code"]) == (404, "session_unknown")
    # The other website's token, from a page that only the first website allows, and the reverse.
    for visitor, origin in ((strangers[2], ORIGIN), (mine, strangers[2].origin)):
        moved = Doors(Visitor(visitor.url, origin, visitor.grant))
        with moved.client:
            assert moved.codes(visitor.token) == {"origin_not_allowed"}
    assert mine.say("I am Ann Smith")["status"] == "open"


def test_a_resume_secret_works_at_its_own_website_and_not_once_it_is_worn_out(house: House) -> None:
    mine = talking(house, house.acme)
    beside = build_site("t_acme")
    for site in (beside, house.globex):
        for secret in worn_out(house, mine):
            grant = house.visitor(site, session=mine.session, resume=secret).grant
            assert (grant["session"] != mine.session, grant["status"]) == (True, "new")
    first, *_ = worn_out(house, mine)
    refused = ask_for_token(house.url, house.acme.key, ORIGIN, session=mine.session, resume=first)
    assert refused.json()["code"] == "resume_refused"


def worn_out(house: House, visitor: Visitor) -> list[str]:
    """Secrets of the session, the oldest first: it has been followed by too many newer ones."""
    secrets = [str(visitor.grant["resume"])]
    while len(secrets) < 7:
        try_this: dict[str, Any] = {"session": visitor.session, "resume": secrets[-1]}
        secrets.append(str(house.visitor(**try_this).grant["resume"]))
    visitor.grant["resume"] = secrets[-1]
    return secrets


def talking(house: House, site: Site) -> Visitor:
    visitor = house.visitor(site)
    visitor.say("I need a repair")
    return visitor


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def unpadded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
