"""Conditions as FHIR's `enableWhen`: comparisons that must hold all together, or any of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ai_bridge.intake_exchange.exporters.fhir_links import Link, coding
from ai_bridge.intake_exchange.logic import ALWAYS, Condition, Every, No, Some, Test
from ai_bridge.intake_exchange.losses import Loss
from ai_bridge.intake_exchange.outline import Part


@dataclass(frozen=True, slots=True)
class _Comparison:
    test: Test
    negated: bool

    @property
    def is_given(self) -> bool:
        return self.test.operator == "given" and not self.negated

    @property
    def is_unequal(self) -> bool:
        return self.test.operator == "=" and self.negated


def enable_when(
    part: Part, links: Mapping[str, Link], prefix: str, losses: list[Loss]
) -> dict[str, Any]:
    """The item's `enableWhen` and `enableBehavior`; what they cannot say goes to the losses."""
    if part.visible == ALWAYS:
        return {}
    if isinstance(part.visible, Every):
        behavior, found = "all", _all(part.visible)
    else:
        behavior, found = "any", _any(part.visible)
    if found is None:
        losses.append(
            Loss(
                part.pointer,
                f"`{part.path}` is always enabled.",
                "FHIR's `enableWhen` joins plain comparisons by all or by any.",
                "Write the condition as an expression in the Questionnaire.",
            )
        )
        return {}
    stated = [_stated(comparison, links, prefix) for comparison in found]
    return {"enableWhen": stated} | ({"enableBehavior": behavior} if len(stated) > 1 else {})


def _all(condition: Every) -> list[_Comparison] | None:
    """FHIR's `!=` wants an answer, so beside `given` it says what a template says."""
    found = [_comparison(part) for part in condition.parts]
    given = {item.test.path for item in found if item and item.is_given}
    kept: list[_Comparison] = []
    unequal = {item.test.path for item in found if item and item.is_unequal}
    for item in found:
        if item is None or (item.is_unequal and item.test.path not in given):
            return None
        if not (item.is_given and item.test.path in unequal):
            kept.append(item)
    return kept


def _any(condition: Condition) -> list[_Comparison] | None:
    parts = condition.parts if isinstance(condition, Some) else (condition,)
    found: list[_Comparison] = []
    for part in parts:
        item = _comparison(part)
        if item is None:
            return None
        found.append(item)
        if item.is_unequal:
            found.append(_Comparison(Test(item.test.path, "given"), negated=True))
    return found


def _comparison(part: Condition) -> _Comparison | None:
    test = part.part if isinstance(part, No) else part
    if not isinstance(test, Test):
        return None
    negated = isinstance(part, No)
    return None if negated and test.operator not in ("=", "given") else _Comparison(test, negated)


def _stated(comparison: _Comparison, links: Mapping[str, Link], prefix: str) -> dict[str, Any]:
    test = comparison.test
    asked = links.get(prefix + test.path)
    found: dict[str, Any] = {"question": asked.id if asked else prefix + test.path}
    if test.operator == "given":
        return found | {"operator": "exists", "answerBoolean": not comparison.negated}
    operator = "=" if test.operator == "contains" else test.operator
    return found | {"operator": "!=" if comparison.negated else operator} | _answer(test, asked)


def _answer(test: Test, asked: Link | None) -> dict[str, Any]:
    if isinstance(test.value, bool):
        return {"answerBoolean": test.value}
    if asked and asked.part.options:
        return {"answerCoding": coding(asked.part.schema, test.value, "")}
    if isinstance(test.value, int):
        return {"answerInteger": test.value}
    if isinstance(test.value, float):
        return {"answerDecimal": test.value}
    dated = asked is not None and asked.part.kind == "date"
    return {"answerDate" if dated else "answerString": str(test.value)}
