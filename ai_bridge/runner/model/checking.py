"""What a model claims, against the visitor's words and the field's own normaliser."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ai_bridge.contract import Operation
from ai_bridge.intake import IntakeField
from ai_bridge.runner.extract.clauses import sentences_of
from ai_bridge.runner.extract.types import Utterance
from ai_bridge.runner.model.evidence import locate
from ai_bridge.runner.model.prompt import NOT_OFFERED
from ai_bridge.runner.model.proposal import Proposed
from ai_bridge.runner.normalise import Context, Refusal, Value, normalise

CONFIDENCE = 0.9
# The model may say which option or answer the words mean; everything else must be in them.
_MEANT = ("choice", "choices", "boolean")
# These are the visitor's words themselves, so the right part of them has to be found.
_VERBATIM = ("text", "name", "address")
_LONG = ("text", "address")
# More words than this are a whole message and show nothing.
MAX_EVIDENCE = 200
_CHANGES = ("set", "correct")


@dataclass(frozen=True, slots=True)
class Checked:
    """`operation.value` is what `validate` reads again; `value` what it will come to."""

    operation: Operation
    value: Any = None


def check(proposed: Iterable[Proposed], utterance: Utterance) -> tuple[Checked, ...]:
    """In the model's order; refused ones with their reason, restatements left out."""
    found: dict[str, Checked] = {}
    refused: list[Checked] = []
    for item in proposed:
        checked = _Claim(item, utterance).check()
        if checked is None:
            continue
        if checked.operation.accepted and item.path not in found:
            found[item.path] = checked
        elif not checked.operation.accepted:
            refused.append(checked)
    return (*found.values(), *refused)


class _Claim:
    def __init__(self, proposed: Proposed, utterance: Utterance) -> None:
        self._said, self._utterance = proposed, utterance
        self._place = locate(proposed.quote, utterance.text)

    def check(self) -> Checked | None:
        """None when it only repeats what stands."""
        field = self._utterance.intake.field(self._said.path)
        if field is None or field.hidden or field.kind in NOT_OFFERED:
            return self._refused("unknown field")
        if self._place is None:
            return self._refused("quote_not_found")
        if field.kind not in _LONG and len(self._quote) > MAX_EVIDENCE:
            return self._refused("the quote is too long")
        if self._said.op not in _CHANGES:
            return self._check_withdrawal()
        return self._check_value(field)

    def _check_withdrawal(self) -> Checked:
        """Only a value that stands can be cleared, and only what is open declined."""
        is_filled = self._said.path in self._utterance.values
        if is_filled != (self._said.op == "clear"):
            return self._refused("there is nothing to clear" if not is_filled else "has a value")
        return Checked(self._operation(None))

    def _check_value(self, field: IntakeField) -> Checked | None:
        asked = {self._utterance.asking, *self._utterance.asked_with}
        if field.kind == "text" and field.path not in asked:
            return self._refused("not asked for")
        if field.path not in asked and self._is_in_question():
            return self._refused("the words are a question")
        raw, result = self._read(field)
        if isinstance(result, Refusal):
            return self._refused(result.reason)
        if self._utterance.values.get(field.path) == result.value:
            return None
        return Checked(self._operation(raw), result.value)

    def _read(self, field: IntakeField) -> tuple[str, Value | Refusal]:
        """The text that `validate` shall read, and what it comes to."""
        context = Context(self._utterance.now, self._utterance.locale, self._utterance.region)
        if field.kind in _VERBATIM:
            self._narrow()
            return self._quote, normalise(field, self._quote, context)
        said = normalise(field, self._quote, context)
        stated = self._said.value.strip()
        meant = normalise(field, stated, context) if stated else Refusal("empty")
        if isinstance(meant, Value) and field.kind in _MEANT and _covers(meant, said):
            return stated, meant
        if isinstance(said, Value) and isinstance(meant, Value) and not _agree(said, meant):
            return "", Refusal("the words say something else")
        return self._quote, said

    def _narrow(self) -> None:
        """ "I am Ann Lee" as the quote and "Ann Lee" as the value: the value's own words count."""
        inner = locate(self._said.value, self._utterance.text)
        if inner is not None:
            self._place = inner

    @property
    def _quote(self) -> str:
        start, end = self._place or (0, 0)
        return self._utterance.text[start:end]

    def _is_in_question(self) -> bool:
        start = self._place[0] if self._place else 0
        return any(
            sentence.is_question
            for sentence in sentences_of(self._utterance.text)
            if sentence.start <= start < sentence.end
        )

    def _operation(self, raw: str | None) -> Operation:
        op = self._said.op
        if op in _CHANGES:
            op = "correct" if self._said.path in self._utterance.values else "set"
        start, end = self._place or (None, None)
        return Operation(
            op=op,
            path=self._said.path,
            value=raw,
            quote=self._quote,
            start=start,
            end=end,
            source="model",
            confidence=CONFIDENCE,
        )

    def _refused(self, reason: str) -> Checked:
        return Checked(
            Operation(
                op=self._said.op,
                path=self._said.path,
                value=self._said.value[:200] or None,
                quote=self._said.quote[:200],
                source="model",
                confidence=CONFIDENCE,
                accepted=False,
                reason=reason,
            )
        )


def _covers(meant: Value, said: Value | Refusal) -> bool:
    """A paraphrase is the model's to read; words that name an option themselves decide."""
    if isinstance(said, Refusal):
        return not said.reason.startswith("more than one")
    if isinstance(meant.value, list) and isinstance(said.value, list):
        return set(map(str, meant.value)) >= set(map(str, said.value))
    return bool(said.value == meant.value)


def _agree(said: Value, meant: Value) -> bool:
    if isinstance(said.value, dict) and isinstance(meant.value, dict):
        return bool(said.value.get("amount") == meant.value.get("amount"))
    return bool(said.value == meant.value)
