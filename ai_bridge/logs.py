"""Structured logs for every process: one JSON object a line, or readable lines while developing.

Every logger of the standard library goes through here, those of uvicorn, Celery and Django too. A
line carries the ids that are bound (`request_id`, `tenant`, `session`, `turn`) and never what a
visitor said: of an exception the place is written, and its words only when no value can be in them.
"""

import logging
import re
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Literal, TextIO

import structlog
from pydantic_settings import BaseSettings
from structlog.typing import EventDict, Processor, WrappedLogger

from ai_bridge.errors import ChatError

# Loggers that bring handlers of their own, which would write past the form and the rules of ours.
# uvicorn's log of requests is not among them: it is switched off where the server is started.
TAMED = ("uvicorn", "uvicorn.error", "django", "django.server", "celery")
# Each request of these is a line, with an address in which a customer's secret may stand.
QUIET = ("httpx", "httpcore", "httpx2", "httpcore2", "openai", "urllib3")
SOCKET_NOISE = ("connection open", "connection closed", '%s - "WebSocket %s" [accepted]')
# Exceptions whose words name servers, code and settings. Of any other only the type is told: a
# refused statement, a value that cannot be parsed repeat what they were given.
SPEAKING = (ChatError, OSError, ImportError, AttributeError, NameError, NotImplementedError)
SPEAKING_NAMES = {"OperationalError", "InterfaceError", "PoolTimeout", "ImproperlyConfigured"}
SPEAKING_MODULES = ("redis.exceptions", "kombu.exceptions", "httpx", "httpcore")
HIDDEN = "(its words may hold values and are not logged)"
CREDENTIAL = re.compile(
    r"eyJ[\w-]+\.[\w-]+\.[\w-]*|\b(?:sk|pk|rs|whsec)_[\w+/=-]{8,}|(?i:\bbearer\s+)\S+|://[^\s/@]+@"
)


class LogSettings(BaseSettings):
    """`LOG_FORMAT` empty: readable with `DEBUG`, else JSON."""

    debug: bool = False
    log_format: Literal["", "json", "console"] = ""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def is_json(self) -> bool:
        return self.log_format == "json" or (not self.log_format and not self.debug)


def configure_logs(*_: Any, **__: Any) -> None:
    """Every logger of this process from now on. Takes, and ignores, what Django and Celery pass."""
    settings = LogSettings()
    handler = Stderr()
    handler.setFormatter(formatter(is_json=settings.is_json))
    handler.addFilter(without_values)
    logging.basicConfig(handlers=[handler], level=settings.log_level, force=True)
    logging.captureWarnings(capture=True)
    for name in TAMED:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    # A refusal is the caller's business; a line for each would let a flood fill the disk.
    logging.getLogger("django.request").setLevel(logging.ERROR)


def formatter(*, is_json: bool) -> structlog.stdlib.ProcessorFormatter:
    ids: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    end: Processor = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    if is_json:
        end = structlog.processors.JSONRenderer(sort_keys=True)
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=ids,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            place_of_exception,
            hide_credentials,
            end,
        ],
    )


class Stderr(logging.StreamHandler[TextIO]):
    """Writes to whatever `sys.stderr` is at the moment."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr


def without_values(record: logging.LogRecord) -> bool:
    """Takes out what libraries put of an exception's words into their messages."""
    if record.name == "uvicorn.error" and record.msg in SOCKET_NOISE:
        return False
    if record.name.startswith("celery") and isinstance(record.args, Mapping):
        record.args = {**record.args, "exc": "see the exception", "traceback": ""}
    if (request := getattr(record, "request", None)) is not None and record.args:
        # An address can hold anything; what it was resolved to cannot.
        route = getattr(getattr(request, "resolver_match", None), "route", "an unknown address")
        path = getattr(request, "path", None)
        record.args = tuple(route if value == path else value for value in record.args)
    if record.name == "asyncio":
        # What follows the first line are the task and its exception, with their arguments.
        record.msg, record.args = str(record.msg).partition("\n")[0], ()
    return True


def place_of_exception(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    found = event.pop("exc_info", None)
    error = sys.exc_info()[1] if found is True else found
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["exception"] = "\n".join(_told(error))
    return event


def hide_credentials(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """The last net: a credential in a message is a mistake, and must not become a leak."""
    return {
        name: CREDENTIAL.sub("[hidden]", value) if isinstance(value, str) else value
        for name, value in event.items()
    }


def _told(error: BaseException) -> list[str]:
    """The exception and what it came from, newest first, each with its calls."""
    lines: list[str] = []
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        lines.append(f"{type(at).__module__}.{type(at).__name__}: {_words(at)}")
        lines.extend(_calls(at.__traceback__))
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return lines


def _words(error: BaseException) -> str:
    kind = type(error)
    is_speaking = (
        isinstance(error, SPEAKING)
        or kind.__name__ in SPEAKING_NAMES
        or kind.__module__.startswith(SPEAKING_MODULES)
    )
    return str(error).partition("\n")[0] if is_speaking else HIDDEN


def _calls(traceback: TracebackType | None) -> list[str]:
    calls = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        calls.append(f"  {code.co_filename}:{traceback.tb_lineno} {code.co_qualname}")
        traceback = traceback.tb_next
    return calls
