"""Step 5: word the reply, sentence by sentence, and offer the buttons that fit it."""

from langgraph.runtime import Runtime

from ai_bridge.contract import Choice, Progress, Reply
from ai_bridge.runner.state import grown, is_leaving, is_said_back, values_of
from ai_bridge.runner.turn import Act, State, Turn
from ai_bridge.runner.wording.facts import Facts
from ai_bridge.runner.wording.lead import lines_with_lead
from ai_bridge.runner.wording.questions import choices, offers


async def reply(state: State, runtime: Runtime[Turn]) -> State:
    turn, control = runtime.context, state["control"]
    values = values_of(state["fields"])
    intake = grown(turn.intake, state["fields"], control)
    facts = Facts(
        intake, values, control, turn.region, turn.now.date(), frozenset(state["required"])
    )
    said: list[str] = []
    model = state["model"]
    for line in lines_with_lead(state["acts"], model.lead if model else "", facts):
        # A list stands on lines of its own; other sentences follow each other.
        gap = "\n" if said and "\n" in said[-1] + line else " "
        said.append(gap + line if said else line)
        turn.say(said[-1])
    asked = None if is_leaving(control) else control["asked"]
    required = state["required"]
    return {
        "reply": Reply(
            text="".join(said),
            asking=asked,
            choices=_choices(facts, asked, state["acts"]),
            progress=Progress(
                filled=sum(path in values for path in required), required=len(required)
            ),
        )
    }


def _choices(facts: Facts, asked: str | None, acts: tuple[Act, ...]) -> tuple[Choice, ...]:
    field = facts.intake.field(asked) if asked else None
    is_asked = not is_said_back(facts.control)
    own = choices(field, facts) if field and is_asked else ()
    # A field with a button to skip it may be offered to be skipped as well.
    offered: dict[str, Choice] = {choice.label: choice for choice in own}
    for choice in (choice for act in acts for choice in offers(act)):
        offered.setdefault(choice.label, choice)
    return tuple(offered.values())
