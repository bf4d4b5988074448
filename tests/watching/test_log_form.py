"""What a line of a log looks like, and what it never holds."""

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DataError, OperationalError
from structlog.contextvars import bound_contextvars

from ai_bridge.errors import RunnerUnavailable
from ai_bridge.logs import Stderr, formatter, without_values

CANARY = "my secret is marmalade"


@pytest.fixture
def said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[], list[dict[str, Any]]]:
    handler = Stderr()
    handler.setFormatter(formatter(is_json=True))
    handler.addFilter(without_values)
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_is_json_with_the_ids_that_are_bound(said: Callable[[], list[Any]]) -> None:
    with bound_contextvars(tenant="t_acme", session="ses_1", turn="2", request_id="r"):
        logging.getLogger("a.b").warning("the %s is late", "runner")
    (line,) = said()
    assert line["event"] == "the runner is late"
    assert (line["level"], line["logger"]) == ("warning", "a.b")
    assert (line["tenant"], line["session"], line["turn"]) == ("t_acme", "ses_1", "2")
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize("error", [ValueError(CANARY), DataError(CANARY), KeyError(CANARY)])
def test_an_exception_that_repeats_what_it_was_given_tells_only_its_place(
    said: Callable[[], list[Any]], error: Exception
) -> None:
    try:
        try:
            raise error
        except Exception as cause:
            raise RuntimeError(CANARY) from cause
    except RuntimeError:
        logging.getLogger("a").exception("it broke")
    (line,) = said()
    assert CANARY not in json.dumps(line)
    assert type(error).__name__ in line["exception"]
    assert "test_log_form.py:" in line["exception"]


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("the server closed the connection"),
        ConnectionError("the server closed the connection"),
        RunnerUnavailable("the server closed the connection"),
    ],
)
def test_an_exception_that_names_a_server_keeps_its_words(
    said: Callable[[], list[Any]], error: Exception
) -> None:
    logging.getLogger("a").error("it broke", exc_info=error)
    (line,) = said()
    assert "the server closed the connection" in line["exception"]


@pytest.mark.parametrize(
    "secret",
    [
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzZXNfMSJ9.c2lnbmF0dXJl",
        "sk_Zm9vYmFyYmF6cXV4",
        "Bearer abcdefgh",
        "whsec_Zm9vYmFyYmF6",
        "postgres://owner:password@host/db",
    ],
)
def test_a_credential_that_got_into_a_message_is_hidden(
    said: Callable[[], list[Any]], secret: str
) -> None:
    logging.getLogger("a").error("refused: %s", secret)
    (line,) = said()
    assert secret not in line["event"]
    assert "[hidden]" in line["event"]


async def test_what_libraries_repeat_of_an_exception_is_left_out(
    said: Callable[[], list[Any]],
) -> None:
    async def fail() -> None:
        raise ValueError(CANARY)

    task = asyncio.get_running_loop().create_task(fail())
    await asyncio.wait([task])
    asyncio.get_running_loop().call_exception_handler(
        {"message": "Task exception was never retrieved", "task": task}
    )
    context = {"name": "sessions.sweep", "exc": repr(ValueError(CANARY)), "traceback": CANARY}
    logging.getLogger("celery.app.trace").error("Task %(name)s raised: %(exc)s", context)
    lines = said()
    assert len(lines) == 2
    assert CANARY not in json.dumps(lines)
    assert "never retrieved" in lines[0]["event"]
    assert "sessions.sweep" in lines[1]["event"]
    assert task.exception()
