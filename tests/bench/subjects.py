"""The three things that are measured, each as one conversation of ten turns."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import httpx

from ai_bridge.contract import MessageInput, TurnRequest
from ai_bridge.intake import template_hash
from chatsaas.demo.customers import CONVERSATIONS
from chatsaas.terminal.visitor import Door, Visitor

LINES = CONVERSATIONS[0].lines
TEMPLATE = Path(__file__).parents[2] / "chatsaas" / "demo" / "templates" / "roof-quote.json"


class Subject(Protocol):
    name: str

    def converse(self, lines: tuple[str, ...]) -> Iterator[float]:
        """Hold one conversation; yields the seconds from each message to its whole reply."""


@dataclass
class Baseline:
    """The plain service over HTTP."""

    client: httpx.Client
    name: str = "baseline"

    def converse(self, lines: tuple[str, ...]) -> Iterator[float]:
        thread = str(uuid4())
        for line in lines:
            begun = time.perf_counter()
            self.client.post("/chat", json={"thread_id": thread, "text": line}).raise_for_status()
            yield time.perf_counter() - begun


@dataclass
class Runner:
    """Our runner alone, over HTTP as the gateway calls it."""

    client: httpx.Client
    name: str = "runner"

    def converse(self, lines: tuple[str, ...]) -> Iterator[float]:
        document = json.loads(TEMPLATE.read_text())
        digest, thread = template_hash(document), f"bench:{uuid4()}"
        for number, line in enumerate(lines, 1):
            first: dict[str, Any] = {"template": document} if number == 1 else {}
            request = TurnRequest(
                request_id=uuid4(),
                thread_id=thread,
                fence=number,
                input=MessageInput(text=line),
                template_hash=digest,
                region="US",
                now=datetime.now(UTC),
                **first,
            )
            body = request.model_dump_json().encode()
            begun = time.perf_counter()
            answer = self.client.post("/ai/chat", content=body)
            answer.raise_for_status()
            yield time.perf_counter() - begun
            last = json.loads(answer.text.strip().splitlines()[-1])
            if last["type"] != "done":
                raise RuntimeError(f"The runner failed a turn: {last}")


@dataclass
class WholePath:
    """The product's public path: message into the socket, whole reply out of it."""

    door: Door
    name: str = "whole path"

    def converse(self, lines: tuple[str, ...]) -> Iterator[float]:
        with Visitor(self.door) as visitor:
            for line in lines:
                begun = time.perf_counter()
                for _ in visitor.say(line):
                    pass
                yield time.perf_counter() - begun
