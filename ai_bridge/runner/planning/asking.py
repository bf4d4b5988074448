"""What is asked next, how often, and when the conversation is over."""

from typing import Literal

from ai_bridge.contract import CloseReason, Operation
from ai_bridge.intake import IntakeField, Problem
from ai_bridge.runner.extract.operations import HAS_NO_OPTION, tells_otherwise
from ai_bridge.runner.normalise.part_days import part_of
from ai_bridge.runner.normalise.types import NAMED, OPEN_END, PART_OF_DAY
from ai_bridge.runner.planning.situation import Situation, ladder_length
from ai_bridge.runner.state import LEAVING, Control, Doubt
from ai_bridge.runner.turn import Act, ActKind


class Draft:
    """The decision while it is being made. Control values are copied: the old state stays whole."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.acts: list[Act] = []
        # Whether this very turn failed to answer: only then is the question put in other words.
        self.is_pressed = False
        self.refused_path = ""
        self.operations = [item for item in situation.operations if item not in situation.declined]
        control = situation.control
        self.control: Control = {
            **control,
            "misses": dict(control["misses"]),
            "declined": dict(control["declined"]),
            "begun": list(control["begun"]),
        }
        for operation in situation.declined:
            self.control["declined"].pop(operation.path, None)
        for operation in situation.stated:
            self.control["misses"].pop(operation.path, None)

    def act(
        self,
        kind: ActKind,
        path: str = "",
        *,
        detail: str = "",
        operation: Operation | None = None,
        miss: int = 0,
    ) -> None:
        self.acts.append(Act(kind, path, detail, operation, miss))

    def misses(self, path: str) -> int:
        return self.control["misses"].get(path, 0)

    def add_miss(self, path: str) -> None:
        self.is_pressed = True
        self.control["misses"][path] = self.misses(path) + 1

    def record_decline(self, operation: Operation, *, is_told: bool = True) -> None:
        self.operations.append(operation)
        self.control["declined"][operation.path] = operation.op
        if is_told:
            self.act("declined", operation.path)

    def ask(self, path: str) -> None:
        """Ask for this field now, whether or not it has a value."""
        self.control["stage"] = "collecting"
        self.control["asked"] = path
        self.control["doubt"] = self._doubt(path)
        is_explained = any(
            act.path == path and act.kind in ("refused", "needed", "unfit") for act in self.acts
        )
        miss = self.misses(path) if self.is_pressed else 0
        self.act("ask", path, detail="explained" if is_explained else "", miss=miss)

    def ask_whether_to_stop(self) -> None:
        self.control["doubt"] = Doubt(path=self.control["asked"] or "", reason=LEAVING)
        self.act("confirm_leaving")

    def close(self, reason: CloseReason, kind: Literal["cancelled", "limits"]) -> None:
        self._stop("closed")
        self.control["reason"] = reason
        self.act(kind)

    def hand_off(self, why: str) -> None:
        self._stop("handoff")
        # What is needed is no longer asked of the visitor.
        self.acts = [act for act in self.acts if act.kind != "needed"]
        self.act("handoff", detail=why)

    def complete(self) -> None:
        self._stop("completed")
        self.act("completed")

    def confirm(self) -> None:
        self._stop("confirming")
        # The summary says what is there: nobody reads it twice in one reply.
        self.acts = [act for act in self.acts if act.kind != "collected"]
        self.act("summary")

    def _stop(self, stage: Literal["closed", "handoff", "completed", "confirming"]) -> None:
        self.control["stage"] = stage
        self.control["asked"] = None
        self.control["doubt"] = None

    def _doubt(self, path: str) -> Doubt | None:
        for operation in self.situation.refused:
            if operation.path == path:
                return Doubt(path=path, reason=operation.reason)
        return self._still_open(path)

    def _still_open(self, path: str) -> Doubt | None:
        """Half a date waits for its other half also while the visitor asks why."""
        doubt = self.situation.control["doubt"]
        is_open = doubt is not None and doubt["path"] == path and waits(doubt["reason"])
        return doubt if is_open and path not in self.situation.fields else None


_HALVES = ("the time is missing", "the day is missing", NAMED, PART_OF_DAY, OPEN_END)


def waits(reason: str) -> bool:
    """Whether half an answer was given, and is kept for the other half."""
    return part_of(reason) is not None or reason.startswith(_HALVES)


def advance(draft: Draft, *, is_miss: bool = False, is_confirmed: bool = False) -> None:
    """Ask for the next open field; when there is none, check, confirm and finish."""
    asked = draft.control["asked"]
    remaining = draft.situation.open_fields(draft.control)
    if not remaining:
        return _conclude(draft, is_miss=is_miss, is_confirmed=is_confirmed)
    # What was just said to be needed is what is asked for, or which of two values was meant, or
    # once more what was not answered, also where it was asked for before its turn.
    wanted = draft.refused_path or _named_twice(draft) or (asked if is_miss else "")
    pressing = (field.path for field in remaining if field.path == wanted)
    path = next(pressing, remaining[0].path)
    if is_miss and asked == path:
        draft.add_miss(path)
    return _ask_by_ladder(draft, path)


def _named_twice(draft: Draft) -> str:
    refused = draft.situation.refused
    return next((item.path for item in refused if item.reason.startswith(NAMED)), "")


def _ask_by_ladder(draft: Draft, path: str) -> None:
    field = draft.situation.intake.field(path)
    beyond = draft.misses(path) - ladder_length(field) if field else 0
    if beyond <= 0 or not draft.is_pressed:
        if beyond > 0 and field and draft.situation.stated:
            # What was offered with the last question is over: a yes is no yes to it.
            draft.control["misses"][path] = ladder_length(field)
        return draft.ask(path)
    if beyond > 1 and field and _tells_otherwise(draft, field):
        # Who tells something else is still talking with us.
        beyond = 1
        draft.control["misses"][path] = ladder_length(field) + beyond
    can_skip = draft.situation.may_decline(path)
    if beyond == 1:
        draft.ask(path)
        return draft.act("offer_skip" if can_skip else "offer_person", path)
    if not can_skip:
        return draft.hand_off("stuck")
    draft.record_decline(Operation(op="unknown", path=path, source="rule"))
    return advance(draft)


def _tells_otherwise(draft: Draft, field: IntakeField) -> bool:
    refused = [item for item in draft.situation.refused if item.path == field.path]
    return any(tells_otherwise(field, item) for item in refused)


# Who says so did not refuse to answer.
_WILLING = ("dont_care", HAS_NO_OPTION)


def press(draft: Draft, operation: Operation) -> None:
    """A required field was refused: say why it is needed; the second time a person takes over."""
    path = operation.path
    field = draft.situation.intake.field(path)
    if field is None:
        return
    if operation.op == "decline" and operation.reason not in _WILLING:
        # One more refusal, or silence on the matter, ends the ladder.
        draft.is_pressed = True
        draft.control["misses"][path] = max(draft.misses(path), ladder_length(field)) + 1
    else:
        draft.add_miss(path)
    draft.refused_path = path
    draft.act("needed", path, detail=operation.reason)


def ask_again(draft: Draft, path: str) -> None:
    """The words for a value that stands could not be taken; it is kept when nothing helps."""
    field = draft.situation.intake.field(path)
    draft.add_miss(path)
    if field is None or draft.misses(path) > ladder_length(field) + 1:
        return advance(draft)
    return draft.ask(path)


def _conclude(draft: Draft, *, is_miss: bool, is_confirmed: bool) -> None:
    problem = _first_problem(draft)
    if problem is not None:
        return _mend(draft, problem, is_miss=is_miss)
    if draft.situation.intake.settings.confirm and not is_confirmed:
        return draft.confirm()
    return draft.complete()


def finish(draft: Draft) -> None:
    """The visitor said yes to the summary. Never completes with a document that is not valid."""
    remaining = draft.situation.open_fields(draft.control)
    if any(field.path in draft.situation.required for field in remaining):
        return advance(draft)
    return _conclude(draft, is_miss=False, is_confirmed=True)


def _first_problem(draft: Draft) -> Problem | None:
    intake = draft.situation.intake
    problems = intake.problems_of(intake.to_document(draft.situation.values))
    return problems[0] if problems else None


def _mend(draft: Draft, problem: Problem, *, is_miss: bool) -> None:
    path = draft.situation.intake.path_at(problem.pointer, draft.situation.values)
    field = draft.situation.intake.field(path)
    if field is None or field.hidden:
        return draft.hand_off("incomplete")
    if is_miss:
        draft.add_miss(path)
    if draft.is_pressed and draft.misses(path) > ladder_length(field):
        return draft.hand_off("stuck")
    draft.act("unfit", path, detail=problem.detail)
    return draft.ask(path)
