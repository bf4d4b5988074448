"""The result of a turn as it is recorded and told."""

from ai_bridge.contract import Done, Usage
from ai_bridge.intake import Intake
from ai_bridge.runner.state import STATUS, field_values, state_hash, values_of
from ai_bridge.runner.turn import State


def done_of(state: State, intake: Intake, checkpoint_id: str) -> Done:
    """`document` is there only when the intake is complete; it was validated before that."""
    fields, control = state["fields"], state["control"]
    status = STATUS[control["stage"]]
    model = state["model"]
    trouble = model.trouble if model else ""
    return Done(
        reply=state["reply"],
        operations=state["operations"],
        fields=field_values(fields),
        missing=tuple(path for path in state["required"] if path not in fields),
        status=status,
        close_reason=control["reason"],
        document=intake.to_document(values_of(fields)) if status == "completed" else None,
        checkpoint_id=checkpoint_id,
        state_hash=state_hash(fields, control),
        heard=state["heard"] if model and not trouble else None,
        degraded=bool(trouble),
        trouble=trouble,
        usage=model.usage if model else Usage(),
    )
