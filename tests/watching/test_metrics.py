"""The metrics say what happened, to those who may ask, and the document names all of them."""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import DjangoDbBlocker

from ai_bridge.runner import metrics as runner_metrics
from chatsaas.servers.ports import LOOPBACK, find_port
from chatsaas.servers.process import wait_until
from sessions_app import metrics as gateway_metrics
from tenants.scope import tenant_scope
from tenants.workspace.models import ModelConnection
from tests.gateway.house import House, open_house
from tests.gateway.visitor import Visitor
from tests.ground.environment import ROOT

PATIENCE = 60.0


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, swept_server: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[House]:
    with django_db_blocker.unblock(), open_house(tmp_path_factory.mktemp("metrics")) as opened:
        yield opened


def read(url: str) -> dict[str, float]:
    """Every sample by its name and labels, as `name{label="value"}`."""
    answer = httpx.get(f"{url}/metrics", timeout=PATIENCE)
    assert answer.status_code == 200, answer.text
    return {
        sample.name
        + "".join(f'{{{name}="{value}"}}' for name, value in sample.labels.items()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_a_turn_a_replay_and_a_socket_are_counted(house: House) -> None:
    before, visitor, client_id = read(house.url), house.visitor(), str(uuid4())
    visitor.say("I need a repair", client_id)
    visitor.say("I need a repair", client_id)
    with visitor.socket(after=1):
        during = read(house.url)
    after = read(house.url)
    assert more(before, after, 'chat_turns_total{outcome="done"}') == 1
    assert more(before, after, "chat_turn_seconds_count") == 1
    assert more(before, after, "chat_replays_total") == 1
    assert more(before, after, 'chat_resumes_total{outcome="continued"}') == 1
    assert more(before, during, "chat_sockets") == 1
    assert after['chat_due_lag_seconds{kind="session"}'] >= 0


def test_the_runner_counts_its_turns_and_its_start(house: House) -> None:
    runner = house.ground.runner_url
    before = read(runner)
    house.visitor().say("I need a repair")
    after = read(runner)
    assert more(before, after, 'runner_turns_total{outcome="done"}') == 1
    assert after["runner_cold_starts_total"] == 1
    assert after["runner_cold_start_seconds"] > 0


def test_a_lost_thread_is_counted_as_healed(house: House) -> None:
    before, visitor = read(house.url), house.visitor()
    visitor.say("I need a repair")
    house.ground.database.query("TRUNCATE ai.threads, ai.checkpoints, ai.writes, ai.results")
    visitor.say("my name is Ann Smith")
    assert more(before, read(house.url), "chat_heals_total") == 1


def test_a_turn_that_rules_had_to_answer_is_counted(house: House) -> None:
    with tenant_scope(house.globex.schema):
        ModelConnection.objects.create(
            name="away", model_name="none", base_url="https://model.invalid/v1", is_default=True
        )
    before = read(house.url)
    house.visitor(house.globex).say("I need a repair")
    assert more(before, read(house.url), "chat_degraded_turns_total") == 1


def test_the_age_of_the_outbox_is_the_age_of_its_oldest_row(house: House) -> None:
    assert read(house.url)['chat_due_lag_seconds{kind="webhook"}'] == 0
    house.ground.database.query(
        "INSERT INTO tenants_due (schema, kind, subject, at) "
        "VALUES ('t_acme', 'webhook', gen_random_uuid(), now() - interval '100 seconds')"
    )
    assert read(house.url)['chat_due_lag_seconds{kind="webhook"}'] >= 100
    assert read(house.url)['chat_due_rows{kind="webhook"}'] == 1


def test_who_took_over_and_who_came_too_late_are_both_counted(house: House, tmp_path: Path) -> None:
    """The worker answers at a port of its own for the child that did it."""
    port = find_port()
    asked = {"WORKER_METRICS_PORT": str(port), "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    freezing = house.ground.gateway(second=True, failpoints="gateway_before_finish:stop@1")
    with house.ground.worker(beat=True, **asked), freezing as frozen:
        arrived = house.visitor()
        visitor = Visitor(frozen.url, arrived.origin, arrived.grant)
        with visitor.socket() as tab:
            tab.say("I need a repair")
            assert wait_until(lambda: is_answered(house, visitor), PATIENCE)
            os.kill(frozen.pid, signal.SIGCONT)
            late = "chat_stale_fences_total"
            assert wait_until(lambda: read(frozen.url)[late] == 1, PATIENCE)
        worker = read(f"http://{LOOPBACK}:{port}")
    assert worker["chat_lease_expiries_total"] == 1
    assert worker['chat_turns_total{outcome="done"}'] == 1


def is_answered(house: House, visitor: Visitor) -> bool:
    rows = house.ground.database.query(
        "SELECT answered_count FROM t_acme.sessions_app_session WHERE id = %s", visitor.session_hex
    )
    return bool(rows and rows[0][0])


def test_nobody_from_elsewhere_reads_metrics_and_no_host_names_a_tenant(house: House) -> None:
    through_a_proxy = {"X-Forwarded-For": "127.0.0.1"}
    for url in (house.url, house.ground.runner_url):
        refused = httpx.get(f"{url}/metrics", headers=through_a_proxy, timeout=PATIENCE)
        assert refused.status_code in (401, 403)
        assert "chat_turns" not in refused.text
    by_host = httpx.get(f"{house.url}/metrics", headers={"Host": "acme.localhost"})
    assert by_host.status_code == 200
    assert "acme" not in by_host.text


def test_with_a_token_only_who_shows_it_reads_metrics(house: House) -> None:
    with house.ground.gateway(second=True, METRICS_TOKEN="a token for the scraper") as gateway:
        url = f"{gateway.url}/metrics"
        assert httpx.get(url, timeout=PATIENCE).status_code == 403
        wrong = {"Authorization": "Bearer another"}
        assert httpx.get(url, headers=wrong, timeout=PATIENCE).status_code == 403
        right = {"Authorization": "Bearer a token for the scraper"}
        assert httpx.get(url, headers=right, timeout=PATIENCE).status_code == 200


def test_the_document_names_every_metric_and_no_other() -> None:
    assert gateway_metrics.TURNS
    assert runner_metrics.TURNS
    kept = {
        family.name + ("_total" if family.type == "counter" else "")
        for family in REGISTRY.collect()
        if not family.name.startswith(("python_", "process_"))
    }
    text = (ROOT / "docs" / "operations.md").read_text()
    assert set(re.findall(r"^\| `(\w+)", text, re.MULTILINE)) - alerts(text) == kept


def alerts(text: str) -> set[str]:
    """What the rows of alerts begin with: functions and metrics that stand in the table above."""
    rows = text.partition("### Alerts")[2]
    return set(re.findall(r"^\| `(\w+)", rows, re.MULTILINE)) - set(
        re.findall(r"^\| `(\w+)", text.partition("### Alerts")[0], re.MULTILINE)
    )


def more(before: dict[str, float], after: dict[str, float], name: str) -> float:
    return after[name] - before.get(name, 0)
