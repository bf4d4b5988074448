"""What the OpenAPI document allows, and what it does not, is answered as the document says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.gateway.house import House
from tests.hostile.corpora import WHOLE

Case = schemathesis.Case[Any]

# Of each kind, for each operation and credential.
EXAMPLES, REFUSED_EXAMPLES = (100, 20) if WHOLE else (8, 2)
PATIENCE = 60.0
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
VISITORS = ("/api/v1/chat", "/api/v1/sessions/{session}/events", "/api/v1/sessions/{session}/close")


@dataclass
class Asker:
    """Sends each case twice over: with the ids that were made up, and with ids that exist."""

    credentials: dict[str, str]
    ids: dict[str, str]
    failures: set[str] = field(default_factory=set)
    statuses: list[int] = field(default_factory=list)

    def send(self, case: Case, who: str) -> None:
        if len(self.statuses) % 2:
            known = case.path_parameters.keys() & self.ids.keys()
            case.path_parameters |= {name: self.ids[name] for name in known}
        token = self.credentials[who]
        case.headers["Authorization"] = f"Bearer {token}" if token else ""
        answer = case.call(timeout=PATIENCE)
        self.statuses.append(answer.status_code)
        is_known = who == ("visitor" if case.path in VISITORS else "server")
        # Whoever asks, an address with U+0000 is refused before anything else.
        is_refused = answer.status_code in (401, 403) or b"(%00)" in answer.content
        if not is_known and case.path != "/api/v1/token" and not is_refused:
            self.failures.add(f"{case.method} {case.path} as {who}: {answer.status_code}")
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as group:
            for failure in group.exceptions:
                told = f"{answer.status_code} {answer.text_lossy()[:200]}"
                self.failures.add(f"{answer.request.url} as {who}: {failure}\n{told}")


@pytest.fixture(autouse=True)
def examples_of_the_seed_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hypothesis also tries constants that it finds in whichever modules are loaded."""
    none = Constants()
    monkeypatch.setattr(providers, "_get_local_constants", lambda: none)
    providers.CONSTANTS_CACHE.cache.clear()


@pytest.fixture(scope="module")
def asker(house: House) -> Asker:
    """A visitor whose chat is over, so that the stream of its events has an end."""
    visitor = house.visitor()
    visitor.say("I need a repair")
    server = {"Authorization": f"Bearer {house.acme.secret}"}
    made = httpx.post(
        f"{house.url}/api/v1/webhooks",
        headers=server,
        json={"url": "https://93.184.215.14/hook"},
        timeout=PATIENCE,
    )
    assert made.status_code == 201, made.text
    assert visitor.request("POST", f"sessions/{visitor.session}/close").status_code == 200
    credentials = {"server": house.acme.secret, "visitor": visitor.token, "nobody": ""}
    return Asker(credentials, {"session": visitor.session, "webhook": made.json()["id"]})


@pytest.mark.parametrize("mode", [*schemathesis.GenerationMode])
def test_every_answer_is_one_that_the_description_names(
    house: House, asker: Asker, mode: schemathesis.GenerationMode
) -> None:
    document = httpx.get(f"{house.url}/api/v1/schema?format=json", timeout=PATIENCE).json()
    described = schemathesis.openapi.from_dict(document)
    described.config.base_url = house.url
    before = len(asker.statuses)
    for found in described.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        for who in asker.credentials:
            is_known = who == ("visitor" if operation.path in VISITORS else "server")
            most = EXAMPLES if is_known else REFUSED_EXAMPLES
            ask(operation.as_strategy(generation_mode=mode), most, asker.send, who)
    assert len(asker.statuses) - before >= 200
    assert not asker.failures, "\n\n".join(sorted(asker.failures))


def ask(cases: Any, most: int, send: Callable[[Case, str], None], who: str) -> None:
    @seed(4)
    @settings(
        max_examples=most,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def send_each(case: Case) -> None:
        send(case, who)

    send_each()
