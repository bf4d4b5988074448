"""A form of one field: what an answer to its question fills."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from ai_bridge.intake import Intake, compile_template
from ai_bridge.runner.extract.rules import RuleExtractor
from ai_bridge.runner.extract.types import Extraction, Utterance

# A Saturday.
NOW = datetime(2026, 11, 21, 10)  # noqa: DTZ001 - the visitor's local time
_SCHEMAS: dict[str, dict[str, Any]] = {
    "time": {"type": "string", "x-intake": {"kind": "time"}},
    "date": {"type": "string", "format": "date"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "name": {"type": "string", "x-intake": {"kind": "name"}},
    "email": {"type": "string", "format": "email"},
    "place": {"type": "string", "title": "City"},
    "text": {"type": "string", "title": "Subject"},
}
_EXTRACTOR = RuleExtractor()


def read_answer(kind: str, text: str, region: str = "US") -> Extraction:
    """The answer to a question for the only field, which is called `it`."""
    return _EXTRACTOR.read(Utterance(text, _form(kind), {}, NOW, region=region, asking="it"))


def answer(kind: str, text: str, region: str = "US") -> Any:
    """What the answer fills; None when it fills nothing."""
    found = read_answer(kind, text, region).operations
    return next((item.value for item in found if item.accepted and item.op == "set"), None)


@lru_cache
def _form(kind: str) -> Intake:
    return compile_template({"type": "object", "properties": {"it": _SCHEMAS[kind]}})
