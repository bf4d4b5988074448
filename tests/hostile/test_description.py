"""What the OpenAPI document allows, and what it does not, makes no server error."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from hypothesis.strategies import SearchStrategy
from schemathesis.core.result import Ok

from tests.gateway.house import House

Case = schemathesis.Case[Any]

EXAMPLES = 8
PATIENCE = 60.0


@pytest.mark.parametrize("mode", [*schemathesis.GenerationMode])
def test_no_described_request_makes_a_server_error(
    house: House, mode: schemathesis.GenerationMode
) -> None:
    document = httpx.get(f"{house.url}/api/v1/schema?format=json", timeout=PATIENCE).json()
    described = schemathesis.openapi.from_dict(document)
    described.config.base_url = house.url
    failures: list[str] = []
    count = 0
    for found in described.get_all_operations():
        assert isinstance(found, Ok), found
        cases = found.ok().as_strategy(generation_mode=mode)
        ask(cases, sender(house, failures))
        count += 1
    assert count >= 6
    assert not failures, "\n".join(failures)


def sender(house: House, failures: list[str]) -> Callable[[Case], None]:
    visitor = house.visitor()

    def send(case: Case) -> None:
        is_visitors = case.path.startswith(("/api/v1/chat", "/api/v1/sessions/{session}/"))
        token = visitor.token if is_visitors else house.acme.secret
        answer = case.call(headers={"Authorization": f"Bearer {token}"}, timeout=PATIENCE)
        if answer.status_code >= 500:
            failures.append(f"{case.method} {case.formatted_path}: {answer.status_code}")

    return send


def ask(cases: SearchStrategy[Case], send: Callable[[Case], None]) -> None:
    @seed(4)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def send_each(case: Case) -> None:
        send(case)

    send_each()
