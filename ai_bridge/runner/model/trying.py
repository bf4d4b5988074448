"""Tries a provider out before visitors meet it, and says what is wrong with it."""

import asyncio
from datetime import datetime
from typing import Any, Final

from ai_bridge.contract import ModelCheck, Provider
from ai_bridge.intake import compile_template
from ai_bridge.runner.extract.types import Utterance
from ai_bridge.runner.model.checking import check
from ai_bridge.runner.model.connections import Connections
from ai_bridge.runner.model.ladder import Meter, propose
from ai_bridge.runner.model.prompt import build_prompt
from ai_bridge.runner.model.trouble import Trouble

SAMPLE: Final[dict[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Callback",
    "type": "object",
    "properties": {
        "name": {"type": "string", "x-intake": {"kind": "name", "ask": "What is your name?"}},
        "email": {"type": "string", "format": "email", "x-intake": {"ask": "Your e-mail?"}},
    },
    "required": ["name", "email"],
}
MESSAGE = "My name is Maria Lindqvist, you can write to maria@example.com"
MOMENT = datetime.fromisoformat("2026-01-05T10:00:00+00:00")


async def try_out(connections: Connections, provider: Provider) -> ModelCheck:
    """One real question, past the breaker's rest: somebody is looking on. Never raises Trouble."""
    utterance = Utterance(MESSAGE, compile_template(SAMPLE), {}, MOMENT, asking="name")
    prompt = build_prompt(utterance, provider, ())
    meter = Meter()
    end = asyncio.get_running_loop().time() + provider.timeout_ms / 1000
    endpoint = connections.endpoint(provider)
    endpoint.breaker.succeeded()
    try:
        wire = connections.wire(provider)
        proposal, method = await propose(wire, endpoint, prompt, end, meter)
    except Trouble as trouble:
        return ModelCheck(
            ok=False,
            code=trouble.code,
            detail=trouble.detail,
            mend=trouble.mend,
            usage=meter.usage,
        )
    read = [item for item in check(proposal.operations, utterance) if item.operation.accepted]
    if not read:
        return ModelCheck(
            ok=False,
            code="nothing_found",
            detail="The model answered in the right form, but found nothing in a plain message.",
            mend="Choose a more capable model: as it is, rules would do all the work.",
            method=method,
            usage=meter.usage,
        )
    return ModelCheck(
        ok=True,
        detail=f"The model answers, by {method.replace('_', ' ')}, and found "
        f"{len(read)} of the 2 values in a sample message.",
        method=method,
        usage=meter.usage,
    )
