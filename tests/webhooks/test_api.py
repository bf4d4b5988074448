"""The integrator's API of webhooks: over HTTP, with a secret key, to a real endpoint."""

import threading
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from chatsaas.servers.process import wait_until
from tenants.api_calls import answer_once
from tenants.errors import CallInFlight
from tenants.keys import issue_key
from tenants.scope import tenant_scope
from tenants.workspace.models import ApiKey, Webhook, Website
from tests.gateway.house import House
from tests.webhooks.post import SCHEMA, Post

SECONDS = 60.0


@pytest.fixture(scope="module")
def served(furnished: House) -> Iterator[House]:
    with furnished.ground.gateway(OUTBOUND_ALLOWED_HOSTS="127.0.0.1"):
        yield furnished


class Api:
    """A customer's server with a secret key."""

    def __init__(self, base: str, key: str) -> None:
        self.client = httpx.Client(
            base_url=f"{base}/api/v1/",
            headers={"Authorization": f"Bearer {key}"},
            timeout=SECONDS,
        )

    def ask(self, method: str, path: str, status: int = 200, **options: Any) -> Any:
        answer = self.client.request(method, path, **options)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        return self.client.post(path, json=body, headers=headers)


@pytest.fixture
def api(served: House, post: Post) -> Iterator[Api]:
    opened = Api(served.url, served.acme.secret)
    with opened.client:
        yield opened


def test_a_webhook_is_made_tried_out_rotated_looked_into_and_removed(api: Api, post: Post) -> None:
    made = api.ask("POST", "webhooks", 201, json={"url": post.sink.url(), "description": "CRM"})
    place = f"webhooks/{made['id']}"
    assert made["id"].startswith("whk_")
    assert made["secret"].startswith("whsec_")
    listed = api.ask("GET", "webhooks")["results"]
    assert [row["id"] for row in listed] == [made["id"]]
    assert "secret" not in listed[0]

    test = api.ask("POST", f"{place}/test", 202)
    post.relay()
    (heard,) = post.sink.heard
    assert heard.verified(made["secret"])["type"] == "webhook.test"
    found = api.ask("GET", f"{place}/deliveries/{test['id']}")
    assert (found["status"], found["event"], found["attempts"]) == ("delivered", heard.id, 1)
    assert found["body"].encode() == heard.body
    assert found["history"][0]["status_code"] == 200
    assert found["history"][0]["latency_ms"] >= 0

    rotated = api.ask("POST", f"{place}/rotate")
    assert rotated["secret"] != made["secret"]
    again = api.ask("POST", f"{place}/deliveries/{test['id']}/resend", 202)
    assert again == {"resent": 1}
    post.relay()
    first, second = post.sink.heard
    assert second.id == first.id
    for secret in (made["secret"], rotated["secret"]):
        assert second.verified(secret)
    post.ground.database.query(
        "UPDATE t_acme.workspace_webhook SET previous_until = now() - '1 s'::interval"
    )
    api.ask("POST", f"{place}/test", 202)
    post.relay()
    assert len(post.sink.heard[2].headers["webhook-signature"].split()) == 1
    assert post.sink.heard[2].verified(rotated["secret"])

    api.ask("DELETE", place, 204)
    assert api.ask("GET", place, 404)["code"] == "webhook_unknown"
    assert post.deliveries() == []


def test_after_an_outage_everything_that_failed_is_sent_again(api: Api, post: Post) -> None:
    made = api.ask("POST", "webhooks", 201, json={"url": post.sink.url("/410")})
    place = f"webhooks/{made['id']}"
    for _ in range(3):
        post.complete(post.session())
    post.relay()
    failed = api.ask("GET", f"{place}/deliveries?status=failed&limit=2")
    assert len(failed["results"]) == 2
    assert len(api.client.get(failed["next"]).json()["results"]) == 1
    assert api.ask("GET", place)["active"] is False
    refused = api.post(f"{place}/deliveries/resend", {"status": "failed"})
    assert (refused.status_code, refused.json()["code"]) == (409, "webhook_off")
    assert api.post(f"{place}/test").json()["code"] == "webhook_off"
    mended = api.ask("PATCH", place, json={"url": post.sink.url(), "active": True})
    assert (mended["active"], mended["off_reason"]) == (True, "")
    assert api.post(f"{place}/deliveries/resend", {"status": "failed"}).json() == {"resent": 3}
    post.relay()
    assert {row.status for row in post.deliveries()} == {"delivered"}
    sent = {heard.id for heard in post.sink.heard if heard.path == "/200"}
    assert sent == {row.event_id for row in post.deliveries()}


def test_an_address_inside_is_refused_where_it_is_typed(api: Api) -> None:
    for url in ("https://10.0.0.5/", "http://www.example.com/", "https://2130706433/", "ftp://x/"):
        refused = api.post("webhooks", {"url": url})
        assert refused.status_code == 400
        assert refused.json()["errors"][0]["pointer"] == "/url"
    assert api.ask("GET", "webhooks")["results"] == []


def test_a_key_sees_the_webhooks_of_its_own_website_alone(api: Api, post: Post) -> None:
    everywhere = post.endpoint()
    with tenant_scope(SCHEMA):
        other = Website.objects.create(name="Another website")
        foreign = Webhook.objects.create(url=post.sink.url(), website=other)
    for hidden in (everywhere, foreign):
        for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/test"), ("POST", "/rotate")):
            answer = api.client.request(method, f"webhooks/{hidden.public_id}{path}")
            assert answer.json()["code"] == "webhook_unknown"
    assert api.ask("GET", "webhooks")["results"] == []


def test_each_door_asks_for_its_scope(served: House, post: Post) -> None:
    with tenant_scope(SCHEMA):
        key = issue_key(
            post.site.website, kind=ApiKey.Kind.SECRET, name="narrow", scopes=["sessions"]
        ).plain
    narrow = Api(served.url, key)
    assert narrow.ask("GET", "sessions")["results"] == []
    for path in ("webhooks", "webhooks/whk_1", "webhooks/whk_1/deliveries"):
        assert narrow.ask("GET", path, 403)["code"] == "scope_missing"
    refused = narrow.post("token", {})
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")


def test_the_same_idempotency_key_gets_the_same_bytes_and_does_nothing_twice(
    api: Api, post: Post
) -> None:
    name, body = str(uuid4()), {"url": post.sink.url()}
    first, again = (api.post("webhooks", body, **{"Idempotency-Key": name}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(api.ask("GET", "webhooks")["results"]) == 1
    other = api.post("webhooks", {**body, "description": "x"}, **{"Idempotency-Key": name})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    elsewhere = api.post("token", {}, **{"Idempotency-Key": name})
    assert elsewhere.json()["code"] == "idempotency_key_reused"


def test_a_visitors_token_from_the_server_is_idempotent_too(api: Api) -> None:
    header = {"Idempotency-Key": str(uuid4())}
    first, again = (api.post("token", {}, **header) for _ in range(2))
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert api.post("token", {}).json()["session"] != first.json()["session"]


def test_a_refused_request_leaves_nothing_behind_its_idempotency_key(api: Api, post: Post) -> None:
    header = {"Idempotency-Key": str(uuid4())}
    assert api.post("webhooks", {"url": "nowhere"}, **header).status_code == 400
    assert api.post("webhooks", {"url": post.sink.url()}, **header).status_code == 201
    assert api.post("webhooks", {}, **{"Idempotency-Key": "x" * 256}).status_code == 400


def test_an_idempotency_key_that_is_being_worked_on_answers_409(api: Api, post: Post) -> None:
    row = key_row(post)
    inside, goes_on = threading.Event(), threading.Event()

    def slow() -> tuple[int, str]:
        inside.set()
        assert goes_on.wait(60)
        return 201, "{}"

    def work() -> None:
        with tenant_scope(SCHEMA):
            answer_once(row, "in-flight", "f", slow)

    worker = threading.Thread(target=work)
    worker.start()
    assert inside.wait(60)
    with tenant_scope(SCHEMA), pytest.raises(CallInFlight):
        answer_once(row, "in-flight", "f", lambda: (201, "{}"))
    refused = api.post("webhooks", {}, **{"Idempotency-Key": "in-flight"})
    goes_on.set()
    worker.join()
    assert refused.json()["code"] == "idempotency_key_reused"
    with tenant_scope(SCHEMA):
        assert answer_once(row, "in-flight", "f", slow).is_replayed


def test_who_died_over_an_idempotent_request_is_replaced_and_may_write_nothing_late(
    post: Post,
) -> None:
    row, done = key_row(post), []

    def overtaken() -> tuple[int, str]:
        Webhook.objects.create(url="https://late.example")
        post.ground.database.query(
            "UPDATE t_acme.workspace_apicall SET deadline = now(), claim = gen_random_uuid()"
        )
        return 201, '"late"'

    with tenant_scope(SCHEMA):
        with pytest.raises(CallInFlight):
            answer_once(row, "taken-over", "f", overtaken)
        assert not Webhook.objects.exists()
        done.append(answer_once(row, "taken-over", "f", lambda: (201, '"mine"')))
        assert done[0].body == '"mine"'
        assert answer_once(row, "taken-over", "f", overtaken).body == '"mine"'


def test_what_was_answered_is_sealed_in_the_database_and_forgotten_after_two_days(
    api: Api, post: Post
) -> None:
    header = {"Idempotency-Key": str(uuid4())}
    made = api.post("webhooks", {"url": post.sink.url()}, **header).json()
    query = post.ground.database.query
    stored = query("SELECT answer FROM t_acme.workspace_apicall WHERE status = 201")
    assert made["secret"] not in str(stored)
    assert made["secret"] not in str(query("SELECT secret FROM t_acme.workspace_webhook"))
    query("UPDATE t_acme.workspace_apicall SET created_at = now() - '47 h'::interval")
    assert api.post("webhooks", {"url": post.sink.url()}, **header).json() == made
    query("UPDATE t_acme.workspace_apicall SET created_at = now() - '49 h'::interval")
    assert api.post("webhooks", {"url": post.sink.url()}, **header).json() != made


def test_a_finished_conversation_reaches_the_customer_through_the_worker(
    api: Api, served: House, post: Post
) -> None:
    made = api.ask("POST", "webhooks", 201, json={"url": post.sink.url()})
    visitor = served.visitor()
    with (
        served.ground.runner(),
        served.ground.worker(beat=True, OUTBOUND_ALLOWED_HOSTS="127.0.0.1"),
    ):
        visitor.say("I need a repair, my name is Ann Smith, ann@example.com")
        assert visitor.request("POST", f"sessions/{visitor.session}/close").status_code == 200
        assert wait_until(lambda: len(post.sink.heard) == 2, 180, pause=0.1)
    said = [heard.verified(made["secret"]) for heard in post.sink.heard]
    assert [each["type"] for each in said] == ["session.completed", "session.closed"]
    assert said[0]["data"]["document"]["email"] == "ann@example.com"
    assert {each["data"]["session"] for each in said} == {visitor.session}


def key_row(post: Post) -> ApiKey:
    with tenant_scope(SCHEMA):
        return ApiKey.objects.get(kind=ApiKey.Kind.SECRET, name="server")
