"""Who gets a token, what it opens, and what it does not."""

import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from django.conf import settings

from sessions_app.models import FieldValue, Session
from tenants.keys import issue_key, live_key, revoke_key
from tenants.scope import tenant_scope
from tenants.tokens import MAX_SECONDS, read_token
from tenants.workspace.models import ApiKey, Website
from tests.gateway.house import ORIGIN, House, Site
from tests.gateway.visitor import Visitor, ask_for_token

FIRST = "I need a repair, my name is Ann Smith"


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def ask_as_server(house: House, key: str, **asked: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.post(f"{house.url}/api/v1/token", json=asked, headers=headers)


def test_a_token_is_bound_to_tenant_site_and_session_and_lives_fifteen_minutes(
    house: House,
) -> None:
    visitor = house.visitor()
    claims = jwt.decode(visitor.token, options={"verify_signature": False})
    assert claims["aud"] == f"t_acme:{house.acme.website.id.hex}"
    assert (claims["iss"], claims["typ"]) == ("chatsaas", "visitor")
    assert claims["sub"] == claims["session"] == visitor.session
    assert claims["exp"] - claims["iat"] <= MAX_SECONDS
    assert claims["jti"]
    assert visitor.grant["status"] == "new"


WRONG_ORIGINS = {
    "missing": None,
    "null": "null",
    "another site": "https://evil.example",
    "a subdomain": "https://a.www.roofs.example",
    "the parent domain": "https://roofs.example",
    "another scheme": "http://www.roofs.example",
    "another port": "https://www.roofs.example:8443",
    "a trailing slash": ORIGIN + "/",
    "a look-alike": "https://www.xn--rofs-jjc.example",
}


@pytest.mark.parametrize("origin", WRONG_ORIGINS.values(), ids=WRONG_ORIGINS.keys())
def test_a_site_key_works_from_the_sites_own_origins_alone(
    house: House, origin: str | None
) -> None:
    refused = ask_for_token(house.url, house.acme.key, origin)
    assert code_of(refused) == (403, "origin_not_allowed")


def test_unknown_and_revoked_keys_are_refused(house: House) -> None:
    assert code_of(ask_for_token(house.url, "pk_unknown", ORIGIN)) == (401, "key_unknown")
    with tenant_scope(house.acme.schema):
        issued = issue_key(house.acme.website, kind=ApiKey.Kind.PUBLISHABLE, name="old")
        assert ask_for_token(house.url, issued.plain, ORIGIN).status_code == 200
        key = live_key(issued.plain)
        assert key
        revoke_key(key)
    assert code_of(ask_for_token(house.url, issued.plain, ORIGIN)) == (401, "key_unknown")


def test_a_secret_key_is_refused_from_a_browser(house: House) -> None:
    refused = ask_for_token(house.url, house.acme.secret, ORIGIN)
    assert code_of(refused) == (403, "key_not_for_browsers")


def test_a_site_that_is_switched_off_gives_no_token(house: House) -> None:
    sites = Website.objects.filter(id=house.globex.website.id)
    with tenant_scope(house.globex.schema):
        sites.update(is_active=False)
    assert code_of(ask_for_token(house.url, house.globex.key, ORIGIN)) == (403, "site_disabled")
    with tenant_scope(house.globex.schema):
        sites.update(is_active=True)


def test_the_customers_server_vouches_for_its_visitor_and_prefills(house: House) -> None:
    identity = {"sub": "customer-7", "name": "Ann Smith", "plan": "not kept"}
    granted = ask_as_server(
        house, house.acme.secret, identity=identity, prefill={"email": "ann@example.com"}
    )
    visitor = Visitor(house.url, ORIGIN, granted.json())
    assert visitor.say("A repair. My name is Ann Smith.")["document"] == {
        "service": "repair",
        "name": "Ann Smith",
        "email": "ann@example.com",
    }
    with tenant_scope(house.acme.schema):
        session = Session.objects.get(id=visitor.session_hex)
        prefilled = FieldValue.objects.get(session=session, path="email")
    assert session.identity == {"sub": "customer-7", "name": "Ann Smith"}
    assert prefilled.method == "prefill"
    assert [event["seq"] for event in visitor.events()] == list(range(1, session.last_seq + 1))


def sign(site: Site, **claims: Any) -> str:
    whole = {"sub": "customer-7", "aud": "chatsaas", "exp": int(time.time()) + 60, **claims}
    return jwt.encode({k: v for k, v in whole.items() if v}, site.identity_secret, "HS256")


def test_a_signed_identity_is_kept_with_the_session(house: House) -> None:
    visitor = house.visitor(identity=sign(house.acme))
    visitor.say(FIRST)
    with tenant_scope(house.acme.schema):
        assert Session.objects.get(id=visitor.session_hex).identity == {"sub": "customer-7"}


def test_an_identity_that_proves_nothing_is_refused(house: House) -> None:
    forged = {
        "another site's secret": sign(house.globex),
        "expired": sign(house.acme, exp=int(time.time()) - 60),
        "no expiry": sign(house.acme, exp=None),
        "no subject": sign(house.acme, sub=None),
        "another audience": sign(house.acme, aud="elsewhere"),
        "unsigned": jwt.encode({"sub": "x", "aud": "chatsaas", "exp": 2**31}, "", "none"),
        "empty": "",
    }
    answers = {
        name: code_of(ask_for_token(house.url, house.acme.key, ORIGIN, identity=text))
        for name, text in forged.items()
    }
    assert set(answers.values()) == {(422, "identity_invalid")}, answers


def test_an_unsigned_identity_from_a_browser_is_never_merged(house: House) -> None:
    visitor = house.visitor(identity={"sub": "somebody else"})
    visitor.say(FIRST)
    with tenant_scope(house.acme.schema):
        assert Session.objects.get(id=visitor.session_hex).identity == {}


def test_a_visitor_comes_back_with_the_newest_secrets_only(house: House) -> None:
    visitor = house.visitor()
    visitor.say(FIRST)
    secrets = [visitor.grant["resume"]]
    for _ in range(6):
        grant = house.visitor(session=visitor.session, resume=secrets[-1]).grant
        assert (grant["session"], grant["status"]) == (visitor.session, "open")
        assert grant["resume"] not in secrets
        secrets.append(grant["resume"])
    oldest = ask_for_token(
        house.url, house.acme.key, ORIGIN, session=visitor.session, resume=secrets[0]
    )
    assert code_of(oldest) == (403, "resume_refused")


def test_a_session_id_alone_resumes_nothing(house: House) -> None:
    visitor = house.visitor()
    visitor.say(FIRST)
    for resume in ("", "guess", "guess.guess"):
        refused = ask_for_token(
            house.url, house.acme.key, ORIGIN, session=visitor.session, resume=resume
        )
        assert code_of(refused) == (403, "resume_refused")


def test_a_visitor_who_has_not_written_yet_comes_back_to_the_same_session(house: House) -> None:
    first = house.visitor()
    again = house.visitor(session=first.session, resume=first.grant["resume"])
    assert again.session == first.session
    assert house.visitor(session=first.session, resume="guess").session != first.session
    # Either tab may write first, and then both can come back.
    first.say(FIRST)
    with again.socket():
        pass
    for visitor in (first, again):
        grant = house.visitor(session=visitor.session, resume=visitor.grant["resume"]).grant
        assert grant["session"] == first.session


def forge(visitor: Visitor, *, key: str = "", alg: str = "HS256", **claims: Any) -> str:
    header = jwt.get_unverified_header(visitor.token)
    whole = {**jwt.decode(visitor.token, options={"verify_signature": False}), **claims}
    kept = {name: value for name, value in whole.items() if value is not None}
    signed_with = "" if alg == "none" else key or settings.VISITOR_TOKEN_KEY
    return jwt.encode(kept, signed_with, alg, headers={"kid": header["kid"]})


NOW = int(time.time())
FORGERIES: dict[str, dict[str, Any]] = {
    "another key": {"key": "x" * 40},
    "no signature": {"alg": "none"},
    "another algorithm": {"alg": "HS512"},
    "no expiry": {"exp": None},
    "a long life": {"exp": NOW + 36_000, "iat": NOW},
    "an endless life": {"exp": 1e20},
    "a life that begins later": {"iat": NOW + 36_000, "exp": NOW + 36_300},
    "no id": {"jti": None},
    "no subject": {"sub": None},
    "another subject": {"sub": f"ses_{uuid4().hex}"},
    "another type": {"typ": "staff"},
    "another issuer": {"iss": "elsewhere"},
    "no audience": {"aud": None},
    "a schema that is none": {"aud": "public:" + "0" * 32},
    "a session that is none": {"session": "1", "sub": "1"},
}


@pytest.mark.parametrize("changes", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forged_token_opens_nothing(house: House, changes: dict[str, Any]) -> None:
    visitor = house.visitor()
    genuine = forge(visitor)
    assert read_token(genuine).public_id == visitor.session
    forged = Visitor(visitor.url, ORIGIN, {**visitor.grant, "token": forge(visitor, **changes)})
    assert code_of(forged.post("hi")) == (401, "token_invalid")


def test_an_expired_token_says_so(house: House) -> None:
    visitor = house.visitor()
    past = NOW - int(timedelta(hours=1).total_seconds())
    expired = forge(visitor, iat=past, exp=past + 900)
    late = Visitor(visitor.url, ORIGIN, {**visitor.grant, "token": expired})
    refused = late.post("hi")
    assert code_of(refused) == (401, "token_expired")
    assert refused.headers["WWW-Authenticate"] == "Bearer"


def test_a_request_without_a_token_says_what_to_send(house: House) -> None:
    body = {"client_id": str(uuid4()), "text": "hi"}
    assert code_of(httpx.post(f"{house.url}/api/v1/chat", json=body)) == (401, "token_required")


def test_the_second_tenants_key_token_and_session_open_nothing_of_the_first(house: House) -> None:
    mine, other = house.visitor(house.acme), house.visitor(house.globex)
    mine.say(FIRST)
    other.say(FIRST)
    resumed = house.visitor(house.globex, session=mine.session, resume=mine.grant["resume"])
    assert resumed.session != mine.session
    closed = other.request("POST", f"sessions/{mine.session}/close")
    assert code_of(closed) == (404, "session_unknown")
    # Last, because a stream that is granted has no end.
    events = other.request("GET", f"sessions/{mine.session}/events")
    assert code_of(events) == (404, "session_unknown")
    key = {"Authorization": f"Bearer {house.globex.secret}"}
    page = httpx.get(f"{house.url}/api/v1/sessions", headers=key).json()
    assert mine.session not in {row["id"] for row in page["results"]}
    single = httpx.get(f"{house.url}/api/v1/sessions/{mine.session}", headers=key)
    assert code_of(single) == (404, "session_unknown")
    assert code_of(httpx.get(f"{house.url}/api/v1/sessions")) == (401, "token_required")
    publishable = {"Authorization": f"Bearer {house.acme.key}"}
    assert code_of(httpx.get(f"{house.url}/api/v1/sessions", headers=publishable)) == (
        401,
        "key_unknown",
    )
    # A token that is ours, for the first tenant's session but the second one's schema.
    moved = forge(mine, aud=f"t_globex:{house.globex.website.id.hex}")
    stranger = Visitor(mine.url, ORIGIN, {**mine.grant, "token": moved})
    with stranger.socket() as tab:
        assert (tab.ready["status"], tab.ready["seq"]) == ("new", 0)
