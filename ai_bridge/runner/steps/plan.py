"""Step 4: decide what the reply does and what it asks for."""

from langgraph.runtime import Runtime

from ai_bridge.runner.planning.decide import decide
from ai_bridge.runner.planning.situation import Situation
from ai_bridge.runner.state import grown
from ai_bridge.runner.turn import State, Turn


async def plan(state: State, runtime: Runtime[Turn]) -> State:
    turn = runtime.context
    draft = decide(
        Situation(
            intake=grown(turn.intake, state["fields"], state["control"]),
            fields=state["fields"],
            control=state["control"],
            operations=state["operations"],
            signals=state["signals"],
            about=state["about"],
            restated=state["restated"],
            input=turn.input,
            applicable=state["applicable"],
            required=frozenset(state["required"]),
        )
    )
    return {
        "control": draft.control,
        "operations": tuple(draft.operations),
        "acts": tuple(draft.acts),
    }
