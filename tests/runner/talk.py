"""A visitor's side of a conversation with a runner, whichever client it goes through."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from ai_bridge.client import RunnerClient, RunnerEvent
from ai_bridge.contract import (
    CorrectionInput,
    Done,
    EditInput,
    Input,
    MessageInput,
    PastTurn,
    PrefillInput,
    TurnRequest,
)
from ai_bridge.errors import TemplateRequired
from ai_bridge.intake import template_hash

# A Monday.
NOW = datetime.fromisoformat("2026-03-02T10:00:00+00:00")

ROOF: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Roof quote",
    "type": "object",
    "x-intake": {
        "greeting": "Hi! Let's get you a quote.",
        "closing": "Thanks {name}, we'll call you.",
        "region": "US",
        "confirm": True,
        "max_turns": 40,
    },
    "properties": {
        "name": {"type": "string", "x-intake": {"kind": "name", "ask": "What's your name?"}},
        "email": {
            "type": "string",
            "format": "email",
            "x-intake": {"ask": "What's your email?", "why": "So we can send the quote."},
        },
        "service": {
            "enum": ["repair", "new_roof", "inspection"],
            "x-intake": {
                "ask": "What can we do for you?",
                "labels": {"new_roof": "New roof"},
                "synonyms": {"repair": ["fix", "leak"]},
            },
        },
        "budget": {
            "type": "number",
            "minimum": 0,
            "x-intake": {"kind": "money", "ask": "What is your budget?"},
        },
        "visit": {
            "type": "string",
            "format": "date",
            "x-intake": {
                "ask": "Which day suits you?",
                "not_before": "today",
                "reprompts": ["Which day shall we come?", "Please give a date such as 14 March."],
            },
        },
        "address": {
            "type": "object",
            "properties": {
                "street": {"type": "string", "x-intake": {"ask": "Which street and number?"}},
                "city": {"type": "string", "x-intake": {"ask": "In which city?"}},
            },
            "required": ["street", "city"],
        },
        "urgent": {"type": "boolean", "x-intake": {"ask": "Is it urgent?"}},
        "phone": {
            "type": "string",
            "x-intake": {"kind": "phone", "ask": "A phone number, if you like?"},
        },
    },
    "required": ["name", "email", "service", "visit", "address", "urgent"],
    "if": {"properties": {"service": {"const": "new_roof"}}, "required": ["service"]},
    "then": {"required": ["budget"]},
    "else": {"properties": {"budget": False}},
}


@dataclass
class Talk:
    """One thread as the gateway drives it: it keeps the inputs, and the template for who asks."""

    client: RunnerClient
    template: dict[str, Any] = field(default_factory=lambda: ROOF)
    thread_id: str = field(default_factory=lambda: f"thread_{uuid4().hex}")
    fence: int = 0
    region: str = "US"
    locale: str = "en"
    now: datetime = NOW
    past: list[PastTurn] = field(default_factory=list)

    async def say(self, text: str) -> Done:
        return await self.give(MessageInput(text=text))

    async def edit(self, path: str, value: Any) -> Done:
        return await self.give(EditInput(path=path, value=value))

    async def correct(self, path: str, value: Any) -> Done:
        return await self.give(CorrectionInput(path=path, value=value, reason="Said by phone."))

    async def prefill(self, **values: Any) -> Done:
        return await self.give(PrefillInput(values=values))

    async def give(self, given: Input, **changes: Any) -> Done:
        """One turn; a runner that has lost the thread is told everything again."""
        self.fence += 1
        request = self.request(given, **changes)
        try:
            done = await answer(self.client, request)
        except TemplateRequired:
            done = await answer(self.client, self.healing(request))
        self.past.append(
            PastTurn(
                request_id=request.request_id,
                input=given,
                now=request.now,
                locale=request.locale,
                region=request.region,
            )
        )
        return done

    def request(self, given: Input | str, **changes: Any) -> TurnRequest:
        values: dict[str, Any] = {
            "request_id": uuid4(),
            "thread_id": self.thread_id,
            "fence": self.fence,
            "input": MessageInput(text=given) if isinstance(given, str) else given,
            "template_hash": template_hash(self.template),
            "region": self.region,
            "locale": self.locale,
            "now": self.now,
        }
        return TurnRequest(**(values | changes))

    def healing(self, request: TurnRequest) -> TurnRequest:
        return request.model_copy(update={"template": self.template, "history": tuple(self.past)})


async def events_of(client: RunnerClient, request: TurnRequest) -> list[RunnerEvent]:
    stream: AsyncGenerator[RunnerEvent, None] = client.turn(request)
    async with aclosing(stream) as events:
        return [event async for event in events]


async def answer(client: RunnerClient, request: TurnRequest) -> Done:
    done = (await events_of(client, request))[-1]
    assert isinstance(done, Done)
    return done


def values(done: Done) -> dict[str, Any]:
    return {held.path: held.value for held in done.fields}


def fixed_id(number: int) -> UUID:
    """The same id in two conversations that are to be compared."""
    return UUID(int=number + 1)
