"""Plays a scripted conversation through the real runner and holds it to its gold."""

from collections.abc import Iterator
from typing import Any

import jsonschema

from ai_bridge.client import RunnerClient
from ai_bridge.contract import Done
from ai_bridge.intake import compile_template
from tests.conversations.scripts import Expected, Script
from tests.runner.talk import Talk, values


async def play(client: RunnerClient, script: Script) -> tuple[list[tuple[str, Done]], list[str]]:
    """The visitor's lines with their answers, and every way in which they are not as they should.

    After the conversation has closed no further line is said.
    """
    talk = Talk(client, template=script.template, region=script.region, now=script.now)
    said: list[tuple[str, Done]] = []
    faults: list[str] = []
    messages: dict[str, str] = {}
    before: dict[str, Any] = {}
    for line in script.talk:
        if said and said[-1][1].status == "closed":
            faults.append(f"{line.text!r}: the conversation had closed")
            break
        done = await talk.say(line.text)
        said.append((line.text, done))
        messages[str(talk.past[-1].request_id)] = line.text
        found = (*_faults(done, before, line.expected), *_law(done, messages, line.expected))
        faults += [f"{line.text!r}: {fault}" for fault in found]
        before = values(done)
    return said, faults + list(_at_the_end(said[-1][1], script))


def _faults(done: Done, before: dict[str, Any], expected: Expected) -> Iterator[str]:
    """What this very line should have done and did not."""
    now = values(done)
    for path, value in expected.values.items():
        if now.get(path) != value:
            yield f"{path} is {now.get(path)!r}, not {value!r}"
    for path in expected.lacks:
        if path in now:
            yield f"{path} has the value {now[path]!r}"
    if expected.keeps and now != before:
        yield f"values changed: {sorted(now.items() ^ before.items(), key=str)}"
    if expected.asks != "" and done.reply.asking != expected.asks:
        yield f"asks for {done.reply.asking}, not {expected.asks}"
    if expected.status and done.status != expected.status:
        yield f"is {done.status}, not {expected.status}"
    for words in expected.says:
        if words.casefold() not in done.reply.text.casefold():
            yield f"does not say {words!r} but {done.reply.text!r}"


def _law(done: Done, messages: dict[str, str], expected: Expected) -> Iterator[str]:
    """What holds after every line of every conversation."""
    for held in done.fields:
        quote, source = held.evidence.quote, messages[str(held.evidence.message_id)]
        if not quote or source[held.evidence.start : held.evidence.end] != quote:
            yield f"{held.path} stands on {quote!r}, which {source!r} does not say there"
    asking = done.reply.asking
    if asking is not None and asking in values(done) and asking != expected.asks:
        yield f"{asking} is known and asked for again"
    if not done.reply.text.strip():
        yield "the reply is empty"


def _at_the_end(last: Done, script: Script) -> Iterator[str]:
    if last.status != script.status:
        yield f"the end: {last.status}, not {script.status}"
    got = last.document or compile_template(script.template).to_document(values(last))
    if got != script.result:
        keys = sorted({*got, *script.result})
        wrong = [key for key in keys if got.get(key) != script.result.get(key)]
        told = [f"{key} is {got.get(key)!r}, not {script.result.get(key)!r}" for key in wrong]
        yield f"the end: {'; '.join(told)}"
    if last.status == "completed":
        validator = jsonschema.Draft202012Validator(
            script.template, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
        )
        yield from (error.message for error in validator.iter_errors(last.document))
