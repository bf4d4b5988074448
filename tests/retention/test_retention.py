"""What a template lets be kept for so many days is gone afterwards, wherever it stood."""

import csv
import io
import json
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError
from prometheus_client import REGISTRY

from sessions_app.models import FieldValue, Session
from sessions_app.retention import erasing, running
from sessions_app.retention.scrubbing import notice
from sessions_app.tasks import relay, retain
from tenants.scope import tenant_scope
from tenants.workspace.models import Webhook
from tests.dashboard.office import page_of, signed_in
from tests.gateway.house import ORIGIN, House, Site, build_site
from tests.gateway.visitor import Visitor
from tests.retention.everywhere import tables_with
from tests.webhooks.sink import open_sink

SCHEMA = "t_acme"
AGAIN = "7d3f2f0a-3c0b-4f6e-9a54-0d7e5f1c2b90"
# Said, confirmed, corrected, signed for by the website, mentioned in passing.
FIRST, EMAIL, NAME, PHONE = "zerlina.old", "zerlina.quux", "Quuxberg", "4915112345678"
DOCUMENT: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Roof quote",
    "type": "object",
    "x-intake": {"greeting": "Hi! What can we do?", "confirm": True},
    "properties": {
        "name": {
            "type": "string",
            "x-intake": {"kind": "name", "ask": "What is your name?", "retain_days": 30},
        },
        "email": {
            "type": "string",
            "format": "email",
            "x-intake": {"ask": "Your e-mail?", "retain_days": 30},
        },
        "phone": {
            "type": "string",
            "x-intake": {"kind": "phone", "ask": "Your phone number?", "retain_days": 180},
        },
        "visit": {"type": "string", "format": "date", "x-intake": {"ask": "On which day?"}},
        "problem": {"type": "string", "x-intake": {"ask": "What is the problem?"}},
    },
    "required": ["name", "email", "phone", "visit", "problem"],
}


@pytest.fixture
def site(house: House, monkeypatch: pytest.MonkeyPatch) -> Site:
    # A run ends when nothing is left to do, however slow the machine.
    monkeypatch.setattr(running, "RUN_SECONDS", 300.0)
    return build_site(SCHEMA, DOCUMENT)


def arrive(house: House, site: Site, name: str) -> Visitor:
    """Whom the customer's own server vouches for."""
    headers = {"Authorization": f"Bearer {site.secret}"}
    identity = {"sub": "customer 7", "email": f"{EMAIL}{name}@canary.example"}
    answer = httpx.post(
        f"{house.url}/api/v1/token", json={"identity": identity}, headers=headers, timeout=60
    )
    return Visitor(house.url, ORIGIN, answer.json())


def converse(house: House, site: Site, name: str) -> Visitor:
    visitor = arrive(house, site, name)
    visitor.say(f"my name is Anna {name}")
    visitor.say(f"{FIRST}{name}@canary.example")
    visitor.say(f"sorry, my e-mail is {EMAIL}{name}@canary.example")
    visitor.say(f"+{PHONE}")
    visitor.say("2031-05-06")
    visitor.say(f"It drips, says Anna {name}")
    with visitor.socket() as tab:
        edit = str(uuid4())
        tab.send(type="edit", client_id=edit, path="name", value=f"Anne {name}")
        tab.reply_to(edit)
    assert visitor.say("yes")["status"] == "completed"
    assert visitor.request("POST", f"sessions/{visitor.session}/close").status_code == 200
    return visitor


def grow_old(house: House, visitor: Visitor, days: int) -> None:
    house.ground.database.query(
        "UPDATE t_acme.sessions_app_session"
        " SET last_activity_at = now() - make_interval(days => %s) WHERE id = %s",
        days,
        visitor.session_hex,
    )


def ask(house: House, site: Site, path: str) -> Any:
    headers = {"Authorization": f"Bearer {site.secret}"}
    answer = httpx.get(f"{house.url}/api/v1/{path}", headers=headers, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer


@pytest.fixture
def told(house: House, site: Site, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """An old conversation that was told to an endpoint, which said it back; beside a young one."""
    monkeypatch.setattr(settings, "OUTBOUND_ALLOWED_HOSTS", frozenset({"127.0.0.1"}))
    with open_sink() as sink:
        with tenant_scope(SCHEMA):
            Webhook.objects.create(url=sink.url(), website=site.website)
        told = converse(house, site, f"{NAME}old")
        converse(house, site, f"{NAME}young")
        relay()
        assert f"{NAME}old" in sink.heard[0].body.decode()
    house.ground.database.query(
        "UPDATE t_acme.sessions_app_attempt SET answer = %s WHERE delivery_id IN"
        " (SELECT id FROM t_acme.sessions_app_delivery WHERE session_id = %s)",
        f"Thank you, {NAME}old and {PHONE}",
        told.session_hex,
    )
    grow_old(house, told, 31)
    return told


def test_a_value_whose_time_is_over_is_found_nowhere(
    house: House, site: Site, told: Visitor
) -> None:
    database = house.ground.database
    other = tables_with(database, f"{NAME}young")
    assert len(tables_with(database, f"{NAME}old")) > 8, "the search finds what is there"
    counted = erased_values()
    retain()
    assert erased_values() - counted == len(rows_erased(told)) > 3
    assert {word: tables_with(database, word) for word in (f"{NAME}old", f"{FIRST}{NAME}old")} == {
        f"{NAME}old": set(),
        f"{FIRST}{NAME}old": set(),
    }
    assert tables_with(database, f"{NAME}young") == other, "one that is not due is untouched"
    assert_told_what_is_left(house, site, told)
    once, counted = rows_of(told), erased_values()
    retain()
    assert rows_of(told) == once, "a second run changes nothing"
    assert erased_values() == counted

    grow_old(house, told, 181)
    database.query("UPDATE t_acme.sessions_app_delivery SET settled_at = now() - '31 d'::interval")
    database.query("UPDATE t_acme.sessions_app_outbox SET created_at = now() - '31 d'::interval")
    retain()
    row = ask(house, site, f"sessions/{told.session}").json()
    assert row["erased"]["phone"]["after_days"] == 180
    assert row["words_erased"]["after_days"] == 30
    assert set(row["document"]) == {"visit", "problem"}
    assert {line["text"] for line in row["messages"]} == {words_of(row)}
    for table in ("delivery", "attempt", "outbox"):
        assert database.query(f"SELECT 1 FROM t_acme.sessions_app_{table}") == []


def assert_told_what_is_left(house: House, site: Site, told: Visitor) -> None:
    """Each door shows what is kept, and says when the rest was erased and after how long."""
    kept = {"phone": f"+{PHONE}", "visit": "2031-05-06", "problem": "It drips, says [erased]"}
    row = ask(house, site, f"sessions/{told.session}").json()
    assert (row["fields"], row["document"]) == (kept, kept)
    assert {path: one["after_days"] for path, one in row["erased"].items()} == {
        "name": 30,
        "email": 30,
    }
    said = words_of(row)
    assert row["identity"] == {"sub": "customer 7"}
    phone = next(change for change in row["history"] if change["path"] == "phone")
    assert (phone["quote"], phone["start"]) == (f"+{PHONE}", None)
    lines = ask(house, site, "sessions/export?as=jsonl").text.splitlines()
    line = next(json.loads(text) for text in lines if told.session in text)
    assert (line["fields"], line["erased"]) == (kept, {"name": said, "email": said})
    cells = csv.DictReader(io.StringIO(ask(house, site, "sessions/export?as=csv").text))
    assert next(row["name"] for row in cells if row["id"] == told.session) == said
    events = told.events()
    assert {event["text"] for event in events if event["type"] == "message"} == {said}
    assert [event["fields"] for event in events if event["type"] == "completed"] == [kept]
    page = page_of(signed_in("reviewer"), f"/admin/sessions_app/session/{told.session_hex}/change/")
    assert page.count("[erased on ") > 16
    assert "What was said was erased on" in page


def erased_values() -> float:
    return REGISTRY.get_sample_value("chat_erased_values_total") or 0.0


def rows_erased(visitor: Visitor) -> list[FieldValue]:
    with tenant_scope(SCHEMA):
        return list(FieldValue.objects.filter(session_id=visitor.session_hex, erased_days__gt=0))


def words_of(row: dict[str, Any]) -> str:
    """What stands for all that was said."""
    return notice(datetime.fromisoformat(row["words_erased"]["at"]), 30)


@pytest.fixture
def begun(house: House, site: Site) -> Visitor:
    """An old conversation in which the name alone was said; nobody has closed it."""
    visitor = arrive(house, site, f"{NAME}old")
    visitor.say(f"my name is Anna {NAME}old", AGAIN)
    grow_old(house, visitor, 31)
    return visitor


def test_who_proves_an_erased_conversation_is_told_that_nothing_can_be_proved(
    house: House, begun: Visitor, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("erase_due", "--dry-run", "--tenant", "acme")
    assert "t_acme: 1 due" in capsys.readouterr().out
    assert tables_with(house.ground.database, f"{NAME}old"), "a dry run erases nothing"
    call_command("erase_due")
    assert "1 erased." in capsys.readouterr().out
    with pytest.raises(SystemExit) as ended:
        call_command("verify_session", begun.session)
    assert ended.value.code == 3
    said = capsys.readouterr().out
    assert f"{begun.session} cannot be recomputed" in said
    assert "after 30 days" in said
    assert "DIFFERS" not in said


def test_what_was_interrupted_is_finished_by_the_next_run(
    house: House, begun: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = house.ground.database
    with monkeypatch.context() as patch:
        patch.setattr(settings, "RUNNER_URL", "http://127.0.0.1:1")
        retain()
    assert "ai.checkpoints" in tables_with(database, f"{NAME}old"), "the runner was away"
    with monkeypatch.context() as patch:
        patch.setattr(erasing, "_erase_rows", _killed)
        retain()
    half = tables_with(database, f"{NAME}old")
    assert "t_acme.sessions_app_message" in half
    assert "t_acme.sessions_app_event" not in half
    retain()
    assert tables_with(database, f"{NAME}old") == set()
    assert begun.post("hello?").json()["code"] == "session_closed"
    again = begun.say(f"my name is Anna {NAME}old", AGAIN)
    assert again["message"]["text"].startswith("[erased on ")
    assert again["fields"][0]["value"] is None


def _killed(*_: Any) -> None:
    raise DatabaseError


def rows_of(visitor: Visitor) -> list[Any]:
    with tenant_scope(SCHEMA):
        session = Session.objects.get(id=visitor.session_hex)
        values = [[*row] for row in session.field_values.values_list()]
        return [*values, *session.turns.values_list(), *session.events.values_list("payload")]


def test_a_key_says_when_it_was_last_used(house: House, site: Site) -> None:
    query = house.ground.database.query
    column = "SELECT kind, last_used_at FROM t_acme.workspace_apikey WHERE website_id = %s"

    def used() -> dict[str, Any]:
        return dict(query(column, site.website.id))

    assert set(used().values()) == {None}
    house.visitor(site)
    assert used()["publishable"] is not None
    assert used()["secret"] is None
    ask(house, site, "websites")
    first = used()
    ask(house, site, "websites")
    house.visitor(site)
    assert used() == first, "not written again within a minute"
    query("UPDATE t_acme.workspace_apikey SET last_used_at = now() - '61 s'::interval")
    ask(house, site, "websites")
    assert used()["secret"] > first["secret"]
    page = page_of(signed_in("owner"), "/admin/workspace/apikey/")
    assert "Last used" in page
