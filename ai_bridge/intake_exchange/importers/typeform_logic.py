"""Typeform's logic jumps as jumps between the questions that were carried over."""

from collections.abc import Mapping
from typing import Any, Protocol

from ai_bridge.intake_exchange.drafting import Draft
from ai_bridge.intake_exchange.logic import ALWAYS, Condition, Test, every, no, some
from ai_bridge.intake_exchange.logic.flow import Jump
from ai_bridge.intake_exchange.logic.terms import Operator
from ai_bridge.intake_exchange.shapes import listed, mapping, mappings, name_of, scalar

OPERATORS: dict[str, Operator] = {
    "is": "=", "equal": "=", "on": "=", "is_not": "=", "not_equal": "=", "not_on": "=",
    "lower_than": "<", "lower_equal_than": "<=", "greater_than": ">", "greater_equal_than": ">=",
}  # fmt: skip
NEGATED = frozenset({"is_not", "not_equal", "not_on"})


class Asked(Protocol):
    """What a condition must know of a question."""

    path: str
    is_list: bool
    labels: dict[str, str]


def jumps_of(
    draft: Draft, source: Mapping[str, Any], steps: Mapping[str, Asked], starts: Mapping[str, int]
) -> dict[int, list[Jump]]:
    """The jumps after each question, by its index; what is no jump forward is lost."""
    found: dict[int, list[Jump]] = {}
    end = len(steps)
    for index, rule in mappings(source.get("logic")):
        for number, action in mappings(rule.get("actions")):
            pointer = f"/logic/{index}/actions/{number}"
            start = starts.get(name_of(rule.get("ref")))
            jump = None if start is None else _jump(action, start, steps, starts, end)
            if jump is None or start is None:
                _lose(draft, pointer, action)
            else:
                found.setdefault(start, []).append(jump)
    return found


def _jump(
    action: Mapping[str, Any],
    start: int,
    steps: Mapping[str, Asked],
    starts: Mapping[str, int],
    end: int,
) -> Jump | None:
    to = mapping(mapping(action.get("details")).get("to"))
    ending = to.get("type") in ("thankyou", "outcome")
    target = end if ending else starts.get(name_of(to.get("value")))
    condition = _condition(mapping(action.get("condition")), steps)
    jumps = action.get("action") == "jump"
    if not jumps or target is None or target <= start or condition is None:
        return None
    return Jump(condition, target)


def _condition(stated: Mapping[str, Any], steps: Mapping[str, Asked]) -> Condition | None:
    operator = name_of(stated.get("op"))
    if operator == "always":
        return ALWAYS
    if operator in ("and", "or"):
        parts = [_condition(mapping(part), steps) for part in listed(stated.get("vars"))]
        found = [part for part in parts if part is not None]
        if len(found) < len(parts):
            return None
        return every(*found) if operator == "and" else some(*found)
    variables = [mapping(item) for item in listed(stated.get("vars"))]
    asked = steps.get(name_of(variables[0].get("value"))) if len(variables) == 2 else None
    if asked is None or not asked.path or operator not in OPERATORS:
        return None
    return _test(operator, asked, variables[1])


def _test(operator: str, asked: Asked, compared: Mapping[str, Any]) -> Condition | None:
    value = compared.get("value")
    if compared.get("type") == "choice":
        value = asked.labels.get(name_of(value))
    if value is None or not scalar(value):
        return None
    compare = OPERATORS[operator]
    if compare == "=" and asked.is_list:
        compare = "contains"
    found = Test(asked.path, compare, value)
    return no(found) if operator in NEGATED else found


def _lose(draft: Draft, pointer: str, action: Mapping[str, Any]) -> None:
    if action.get("action") == "jump":
        draft.lose(
            pointer,
            "The jump was left out: the questions in between are asked.",
            "It goes back, leads nowhere, or compares what a template cannot.",
            "Write an `if`/`then` for it by hand.",
        )
    else:
        draft.lose(
            pointer,
            f"The action `{str(action.get('action'))[:40]}` was left out.",
            "A template computes nothing.",
            "Compute it where you receive the result.",
        )
