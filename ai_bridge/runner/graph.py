"""The graph of one turn: extract -> validate -> merge -> plan -> reply, run in memory."""

from typing import cast

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
)
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langsmith.run_trees import configure

from ai_bridge.runner.saver import JsonSaver, config_of
from ai_bridge.runner.steps.extract import extract
from ai_bridge.runner.steps.merge import merge
from ai_bridge.runner.steps.plan import plan
from ai_bridge.runner.steps.reply import reply
from ai_bridge.runner.steps.validate import validate
from ai_bridge.runner.turn import State, Turn

# A variable of the environment would have LangGraph send all that visitors say to its makers.
configure(enabled=False)


class Unit:
    """The thread's newest checkpoint while a request is worked on; stored only by the commit."""

    def __init__(self, newest: CheckpointTuple | None) -> None:
        self.newest = newest


class UnitSaver(JsonSaver):
    """Serves the graph from the request's own unit: no statement is sent while it runs."""

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        unit: Unit = config["configurable"]["unit"]
        return unit.newest

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        place = config["configurable"]
        unit: Unit = place["unit"]
        stored = config_of(place["thread_id"], "", checkpoint["id"])
        parent = unit.newest.config if unit.newest else None
        unit.newest = CheckpointTuple(stored, checkpoint, metadata, parent, [])
        return stored


Graph = CompiledStateGraph[State, Turn, State, State]


STEPS = (extract, validate, merge, plan, reply)


async def answer(state: State, runtime: Runtime[Turn]) -> State:
    """The five steps, in one superstep: each superstep of its own costs as much as all five."""
    for step in STEPS:
        state = {**state, **await step(state, runtime)}
    return {
        "fields": state["fields"],
        "control": state["control"],
        "operations": state["operations"],
        "heard": state["heard"],
        "model": state["model"],
        "required": state["required"],
        "reply": state["reply"],
    }


def compile_graph() -> Graph:
    """Compiled once per process; holds no state of any thread."""
    builder = StateGraph(State, context_schema=Turn)
    builder.add_node("answer", answer)
    builder.add_edge(START, "answer")
    builder.add_edge("answer", END)
    return builder.compile(checkpointer=UnitSaver())


async def run_graph(graph: Graph, thread_id: str, unit: Unit, turn: Turn) -> State:
    """Answer one turn; the new checkpoint is left in `unit`."""
    config: RunnableConfig = {"configurable": {"thread_id": thread_id, "unit": unit}}
    start: State = {"operations": ()}
    state = await graph.ainvoke(start, config, context=turn, durability="exit")
    return cast(State, state)
