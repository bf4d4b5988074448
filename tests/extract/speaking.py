"""A visitor who says one line to the roof template."""

from datetime import datetime
from typing import Any

from ai_bridge.contract import Operation
from ai_bridge.intake import compile_template
from ai_bridge.runner.extract.rules import RuleExtractor
from ai_bridge.runner.extract.types import Extraction, Utterance
from tests.intake.roof import ROOF

INTAKE = compile_template(ROOF)
# A Saturday.
NOW = datetime(2026, 11, 21, 10)  # noqa: DTZ001 - the visitor's local time
EXTRACTOR = RuleExtractor()


def read(text: str, asking: str | None = None, region: str = "US", **values: Any) -> Extraction:
    """`values` that stand already are given with __ for the dot of a path."""
    standing = {path.replace("__", "."): value for path, value in values.items()}
    return EXTRACTOR.read(
        Utterance(text=text, intake=INTAKE, values=standing, now=NOW, region=region, asking=asking)
    )


def say(text: str, asking: str | None = None, region: str = "US", **values: Any) -> dict[str, Any]:
    """What the line fills or corrects, by path."""
    found = read(text, asking, region, **values).operations
    return {
        item.path: item.value for item in found if item.accepted and item.op in ("set", "correct")
    }


def only(found: Extraction) -> Operation:
    (operation,) = found.operations
    return operation
