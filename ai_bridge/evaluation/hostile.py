"""What a turn costs at its worst: 8 KiB of anything, to every kind of question in every trade."""

import asyncio
import gc
import heapq
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from time import thread_time
from typing import Annotated, Any, TypedDict

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from langgraph.runtime import Runtime

from ai_bridge.contract import MessageInput
from ai_bridge.intake import Intake, compile_template
from ai_bridge.intake_gallery import TRADES, gallery_template
from ai_bridge.runner.extract.rules import RuleExtractor
from ai_bridge.runner.graph import answer
from ai_bridge.runner.state import fresh_control
from ai_bridge.runner.turn import Turn

LENGTH = 8_192
# Each is repeated until the message is full.
UNITS = (
    "a", "1", ".", " ", "at ", "one ", "1,1", "at 7 ", "the 14th of ", "a@", "a.b@c.", "http://",
    "(+1 ", "my name is ", "no wait ", "\u0301", "New York ", "one hundred and ", "3/4 ", "12:30 ",
    "2 weeks from ", "15 Main Street ", "me and my ", "booking for ", "1 2 ", "a.", "x\n",
)  # fmt: skip
# Of these the entries are joined; where they are objects, by the text under this name.
CORPORA = {
    "blns.json": "",
    "xss.json": "",
    "dompurify.json": "payload",
    "commonmark.json": "markdown",
    "presidio.json": "full_text",
}
MOST_OF_ONE = 3
LONGEST = 6
WORST = 10
# Every turn is measured at this length, where cost that outgrows the length shows; then the
# dearest of them, several times, at the whole.
PART, CLOSER = LENGTH // 4, 8 * WORST
AGAIN = 9
NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


@dataclass(frozen=True, slots=True, order=True)
class Cost:
    """Seconds of processor time of a whole turn but for its two statements."""

    seconds: float
    trade: str
    asked: str
    text: str = field(compare=False)


def hostile_texts(data: Path) -> dict[str, str]:
    """Messages of the greatest length, each with what it is made of. `data` holds the corpora."""
    found = {f"`{unit!r}`, again and again": _filled(unit) for unit in UNITS}
    for name, key in CORPORA.items():
        rows = json.loads((data / "corpora" / name).read_text(encoding="utf-8"))
        entries = [row[key] if key else row for row in rows]
        whole = "\n".join(entries)
        for number in range(min(MOST_OF_ONE, len(whole) // LENGTH)):
            found[f"{name}, part {number + 1}"] = whole[number * LENGTH :][:LENGTH]
        longest = sorted(entries, key=len)[-LONGEST:]
        found[f"the longest of {name}"] = _filled(" ".join(longest) + " ")
    for number, entry in enumerate(heapq.nlargest(LONGEST, _naughty(data), key=len), start=1):
        found[f"naughty string {number}, again and again"] = _filled(entry + " ")
    return found


def _naughty(data: Path) -> list[str]:
    listed: list[str] = json.loads((data / "corpora" / "blns.json").read_text(encoding="utf-8"))
    return listed


def _filled(unit: str) -> str:
    return (unit * LENGTH)[:LENGTH]


def asked_of_each_kind(intake: Intake) -> list[str | None]:
    """A field of each kind, by its path; and no field at all."""
    kinds = {item.kind: item.path for item in reversed(intake.fields) if not item.hidden}
    return [None, *sorted(kinds.values())]


def worst_turns(texts: Mapping[str, str]) -> list[Cost]:
    """The dearest ten, the dearest first, each the least of some readings; takes minutes."""
    return asyncio.run(_worst(texts))


async def _worst(texts: Mapping[str, str]) -> list[Cost]:
    intakes = dict(_trades())
    # As the runner does when it has started.
    gc.collect()
    gc.freeze()
    seen = [
        Cost(await _spent(intake, asked, text[:PART]), trade, asked or "", name)
        for trade, intake in intakes.items()
        for asked in asked_of_each_kind(intake)
        for name, text in texts.items()
    ]
    dearest = heapq.nlargest(CLOSER, seen)
    whole = [await _least(intakes[one.trade], one, texts[one.text]) for one in dearest]
    return heapq.nlargest(WORST, whole)


async def _least(intake: Intake, one: Cost, text: str) -> Cost:
    # What was kept of a text that was read before would make it cheaper: none is read twice.
    texts = [text[number:] for number in range(AGAIN)]
    spent = [await _spent(intake, one.asked or None, text) for text in texts]
    return replace(one, seconds=min(spent))


def _trades() -> Iterator[tuple[str, Intake]]:
    return ((trade, compile_template(gallery_template(trade))) for trade in TRADES)


_EXTRACTOR = RuleExtractor()


async def _spent(intake: Intake, asked: str | None, text: str) -> float:
    turn = Turn(
        request_id="00000000-0000-0000-0000-000000000000",
        input=MessageInput(text=text),
        intake=intake,
        extractor=_EXTRACTOR,
        now=NOW,
        locale="en",
        region="US",
        recorded=None,
        say=lambda piece: None,
    )
    control = {**fresh_control(), "asked": asked, "turns": 1}
    begun = thread_time()
    await answer({"fields": {}, "control": control}, Runtime(context=turn))  # type: ignore[typeddict-item]
    return thread_time() - begun


def start_up_seconds() -> tuple[float, float]:
    """Processor time that a new process spends on its first message, imports and all, and what it
    spends on importing LangGraph; each the least of three processes.
    """
    runs = [
        subprocess.run(
            [sys.executable, "-c", _FIRST_MESSAGE], capture_output=True, text=True, check=True
        )
        for _ in range(3)
    ]
    spent = [tuple(map(float, run.stdout.split())) for run in runs]
    return min(one for one, _ in spent), min(other for _, other in spent)


_FIRST_MESSAGE = """
from datetime import datetime
from time import process_time
begun = process_time()
import langgraph.graph, ai_bridge.contract
from ai_bridge.intake import compile_template
from ai_bridge.intake_gallery import gallery_template
imported = process_time() - begun
intake = compile_template(gallery_template("home-services"))
begun = process_time()
from ai_bridge.runner.extract.rules import RuleExtractor
from ai_bridge.runner.extract.types import Utterance
RuleExtractor().read(Utterance("hello, I am Ann", intake, {}, datetime(2026, 11, 21)))
print(process_time() - begun, imported)
"""


class Heard(TypedDict):
    messages: Annotated[list[AnyMessage], add_messages]


def echo_seconds() -> float:
    """Processor time of LangGraph's own turn that only says such a message back, in memory."""
    return asyncio.run(_echo())


async def _echo() -> float:
    def echo(state: Heard) -> dict[str, Any]:
        return {"messages": [AIMessage(f"You said: {state['messages'][-1].content}")]}

    builder = StateGraph(Heard)
    builder.add_node("echo", echo)
    builder.add_edge(START, "echo")
    builder.add_edge("echo", END)
    graph, spent = builder.compile(checkpointer=InMemorySaver()), []
    for number in range(20):
        said: Heard = {"messages": [HumanMessage(_filled("at 7 "))]}
        begun = thread_time()
        await graph.ainvoke(said, {"configurable": {"thread_id": str(number)}})
        spent.append(thread_time() - begun)
    return min(spent)
