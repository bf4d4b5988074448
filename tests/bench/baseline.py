"""What a team would write first: FastAPI and LangGraph's own saver, all defaults, an echo graph."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, TypedDict

from fastapi import FastAPI
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from pydantic import BaseModel


class Turn(BaseModel):
    thread_id: str
    text: str


class State(TypedDict):
    messages: Annotated[list[AnyMessage], add_messages]


def echo(state: State) -> dict[str, Any]:
    return {"messages": [AIMessage(f"You said: {state['messages'][-1].content}")]}


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with AsyncPostgresSaver.from_conn_string(os.environ["BASELINE_DATABASE_URL"]) as saver:
        await saver.setup()
        builder = StateGraph(State)
        builder.add_node("echo", echo)
        builder.add_edge(START, "echo")
        builder.add_edge("echo", END)
        app.state.graph = builder.compile(checkpointer=saver)
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/healthz")
async def healthz() -> dict[str, str]:
    return {"status": "ok"}


@app.post("/chat")
async def chat(turn: Turn) -> dict[str, str]:
    result = await app.state.graph.ainvoke(
        {"messages": [HumanMessage(turn.text)]}, {"configurable": {"thread_id": turn.thread_id}}
    )
    return {"reply": result["messages"][-1].content}
