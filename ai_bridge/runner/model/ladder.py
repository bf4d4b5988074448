"""Gets a proposal out of a model: strictest form first, one retry, one repair, one deadline."""

import asyncio
import random
from dataclasses import dataclass, field, replace

from ai_bridge.contract import Usage
from ai_bridge.failpoints import reach
from ai_bridge.runner.model.memory import Endpoint
from ai_bridge.runner.model.prompt import Message, Prompt
from ai_bridge.runner.model.proposal import Proposal, Unreadable, read
from ai_bridge.runner.model.trouble import Rejected, Trouble
from ai_bridge.runner.model.wire import Call, Said, Wire, plus

RETRYABLE = ("connect", "rate_limited", "server_error", "cut_off")
# Below this there is no point in sending anything.
SHORTEST_CALL = 0.3
FIRST_PAUSE, LAST_PAUSE = 0.1, 0.4
MAX_ECHO = 4_000
# Words of an endpoint's refusal that tell what to leave out of the next request.
QUIRKS = {"max_completion_tokens": "max_tokens", "temperature": "temperature"}


@dataclass
class Meter:
    """What a request has cost so far, whatever came of it."""

    usage: Usage = field(default_factory=Usage)


async def propose(
    wire: Wire, endpoint: Endpoint, prompt: Prompt, end: float, meter: Meter
) -> tuple[Proposal, str]:
    """The proposal and the method that gave it. Raises Trouble, by `end` at the latest."""
    if end - asyncio.get_running_loop().time() < SHORTEST_CALL:
        raise Trouble("too_late")
    if not endpoint.breaker.may_ask():
        raise Trouble("resting")
    try:
        found = await _Asking(wire, endpoint, prompt, end, meter).climb()
    except Trouble:
        endpoint.breaker.failed()
        raise
    except BaseException:
        endpoint.breaker.gave_up()
        raise
    endpoint.breaker.succeeded()
    return found


class _Asking:
    """One turn's attempt."""

    def __init__(
        self, wire: Wire, endpoint: Endpoint, prompt: Prompt, end: float, meter: Meter
    ) -> None:
        self._wire, self._endpoint, self._meter = wire, endpoint, meter
        self._prompt, self._end = prompt, end
        self._has_retried = False

    async def climb(self) -> tuple[Proposal, str]:
        rung = self._endpoint.rung
        while rung < len(self._wire.methods):
            method = self._wire.methods[rung]
            try:
                proposal = await self._answer(method)
            except Rejected as refusal:
                rung += not self._learn_quirk(refusal)
                continue
            except Unreadable as problem:
                # The next turn asks in a looser form; this one has had its repair.
                self._endpoint.rung = min(rung + 1, len(self._wire.methods) - 1)
                raise Trouble("not_json") from problem
            self._endpoint.rung = rung
            return proposal, method
        self._endpoint.rung = 0
        raise Trouble("refused")

    async def _answer(self, method: str) -> Proposal:
        messages = self._prompt.messages(with_schema=method == "json_object")
        call = Call(self._prompt, messages, method, frozenset(self._endpoint.quirks), self._end)
        said = await self._send(call)
        try:
            return read(said.text)
        except Unreadable as problem:
            again = replace(call, messages=[*messages, *_repair(said.text, problem)])
            return read((await self._send(again)).text)

    async def _send(self, call: Call) -> Said:
        reach("runner_provider_call")
        try:
            said = await self._wire.call(call)
        except Trouble as trouble:
            await self._wait_to_retry(trouble)
            said = await self._wire.call(call)
        self._meter.usage = plus(self._meter.usage, said.usage)
        if said.is_cut:
            raise Trouble("truncated")
        return said

    async def _wait_to_retry(self, trouble: Trouble) -> None:
        """Raises the trouble when it was not the first, or cannot pass within the deadline."""
        pause = trouble.retry_after or 0.0
        pause += random.uniform(FIRST_PAUSE, LAST_PAUSE)
        is_late = asyncio.get_running_loop().time() + pause + SHORTEST_CALL > self._end
        if self._has_retried or trouble.code not in RETRYABLE or is_late:
            raise trouble
        self._has_retried = True
        await asyncio.sleep(pause)

    def _learn_quirk(self, refusal: Rejected) -> bool:
        """Whether the same form may do with less in it."""
        for word, quirk in QUIRKS.items():
            if word in refusal.said and quirk not in self._endpoint.quirks:
                self._endpoint.quirks.add(quirk)
                return True
        return False


def _repair(text: str, problem: Unreadable) -> list[Message]:
    return [
        ("assistant", text.strip()[:MAX_ECHO] or "(nothing)"),
        ("user", f"That could not be used. {problem} Give the whole JSON object again, alone."),
    ]
