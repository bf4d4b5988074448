"""Probes, files and the interface's own description."""

import json
import os
import signal
from contextlib import suppress
from pathlib import Path

import httpx
import jsonschema
from websockets.exceptions import ConnectionClosed

from tests.gateway.house import ORIGIN, House
from tests.gateway.visitor import open_socket
from tests.ground.ground import Ground

ROOT = Path(__file__).resolve().parents[2]


def test_the_description_is_openapi_3_1_and_names_every_public_door(house: House) -> None:
    document = httpx.get(
        f"{house.url}/api/v1/schema", headers={"Accept": "application/json"}
    ).json()
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {
        "/api/v1/token",
        "/api/v1/chat",
        "/api/v1/sessions",
        "/api/v1/sessions/export",
        "/api/v1/sessions/{session}",
        "/api/v1/sessions/{session}/events",
        "/api/v1/sessions/{session}/close",
        "/api/v1/messages",
        "/api/v1/fields",
        "/api/v1/templates",
        "/api/v1/websites",
        "/api/v1/usage",
        "/api/v1/webhooks",
        "/api/v1/webhooks/{webhook}",
        "/api/v1/webhooks/{webhook}/rotate",
        "/api/v1/webhooks/{webhook}/test",
        "/api/v1/webhooks/{webhook}/deliveries",
        "/api/v1/webhooks/{webhook}/deliveries/resend",
        "/api/v1/webhooks/{webhook}/deliveries/{delivery}",
        "/api/v1/webhooks/{webhook}/deliveries/{delivery}/resend",
    }
    for name, schema in document["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert name
    written = json.dumps(document)
    for reference in {part.split('"')[0] for part in written.split("#/components/schemas/")[1:]}:
        assert reference in document["components"]["schemas"]


def test_the_answer_of_a_chat_has_the_described_shape(house: House) -> None:
    document = httpx.get(
        f"{house.url}/api/v1/schema", headers={"Accept": "application/json"}
    ).json()
    answer = house.visitor().say("I need a repair, my name is Ann Smith")
    jsonschema.validate(answer, {**document, "$ref": "#/components/schemas/ChatAnswered"})


def test_the_documentation_page_loads_nothing_from_elsewhere(house: House) -> None:
    page = httpx.get(f"{house.url}/api/v1/docs").text
    assert "swagger" in page
    assert 'src="http' not in page
    assert 'href="http' not in page


def test_the_widgets_files_are_for_every_origin_and_hashed_ones_for_good(house: House) -> None:
    manifest = json.loads((ROOT / "static/widget/dist/manifest.json").read_text())
    loader = httpx.get(f"{house.url}/w/v1/loader.js", headers={"Origin": ORIGIN})
    app = httpx.get(f"{house.url}/w/v1/{manifest['app']}")
    for file in (loader, app):
        assert file.status_code == 200
        assert file.headers["Access-Control-Allow-Origin"] == "*"
        assert file.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert "max-age=300" in loader.headers["Cache-Control"]
    assert "immutable" in app.headers["Cache-Control"]
    assert httpx.get(f"{house.url}/w/v1/manifest.json").status_code == 404
    assert httpx.get(f"{house.url}/w/v1/..%2f..%2fmanage.py").status_code == 404


def test_what_nobody_serves_is_a_problem_document(house: House) -> None:
    for path, code in {
        "/api/v1/nothing": "address_unknown",
        "/api/v1/chat": "method_not_allowed",
    }.items():
        refused = httpx.get(house.url + path, headers={"X-Request-Id": "my-own-request-1"})
        assert refused.json()["code"] == code
        assert refused.json()["request_id"] == "my-own-request-1"
        assert refused.headers["X-Request-Id"] == "my-own-request-1"


def test_without_redis_and_runner_a_gateway_takes_visitors_and_names_both(ground: Ground) -> None:
    with ground.gateway(REDIS_URL="redis://127.0.0.1:1/0") as gateway:
        assert httpx.get(f"{gateway.url}/healthz").status_code == 200
        ready = httpx.get(f"{gateway.url}/readyz")
    assert ready.status_code == 200
    assert ready.json()["status"] == "degraded"
    assert ready.json()["parts"] == {"database": "up", "redis": "down", "runner": "down"}


def test_a_restart_closes_sockets_with_1012(ground: Ground) -> None:
    with ground.gateway() as gateway, open_socket(gateway.url, ORIGIN) as connection:
        os.kill(gateway.pid, signal.SIGTERM)
        with suppress(ConnectionClosed):
            connection.recv(timeout=60)
        assert connection.close_code == 1012
