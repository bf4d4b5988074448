"""The demo's scripted conversations, played through the runner to their ends."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

import chatsaas.demo
from ai_bridge.contract import Done
from ai_bridge.intake import compile_template
from ai_bridge.runner.local import local_runner
from ai_bridge.runner.settings import RunnerSettings
from chatsaas.demo.customers import CONVERSATIONS, CUSTOMERS, Conversation
from tests.runner.talk import Talk

TEMPLATES = Path(chatsaas.demo.__file__).parent / "templates"
NEW_ROOF, LEAK, LEFT, TOOTHACHE = CONVERSATIONS


class Played:
    """One scripted conversation with the answer to each of its lines."""

    def __init__(self, talk: Talk, answers: list[Done]) -> None:
        self.talk, self.answers, self.last = talk, answers, answers[-1]

    def operations(self) -> list[tuple[str, str]]:
        return [
            (item.op, item.path)
            for done in self.answers
            for item in done.operations
            if item.accepted
        ]


@pytest.fixture
async def play(shared_settings: RunnerSettings) -> AsyncIterator[Any]:
    async with local_runner(shared_settings) as local:

        async def _play(conversation: Conversation) -> Played:
            customer = next(item for item in CUSTOMERS if item.slug == conversation.slug)
            template = json.loads((TEMPLATES / customer.template).read_text())
            talk = Talk(local, template=template, region=customer.region)
            return Played(talk, [await talk.say(line) for line in conversation.lines])

        yield _play


async def test_a_new_roof_is_quoted_after_a_correction(play: Any) -> None:
    played = await play(NEW_ROOF)

    assert ("correct", "property.storeys") in played.operations()
    assert played.last.status == "completed"
    assert played.last.document == {
        "name": "Dana Whitfield",
        "service": "new_roof",
        "email": "dana.whitfield@example.com",
        "phone": "+12125550142",
        "property": {"street": "14 Alder Street", "city": "Springfield", "storeys": 3},
        "visit": "2026-03-03",
        "budget": 18000,
    }


async def test_a_leak_is_reported_without_a_phone_number(play: Any) -> None:
    played = await play(LEAK)

    assert ("decline", "phone") in played.operations()
    assert played.last.status == "completed"
    assert played.last.document == {
        "name": "Marcus Bell",
        "service": "repair",
        "email": "marcus.bell@example.org",
        "property": {"street": "8 Quarry Lane", "city": "Dayton", "storeys": 1},
        "visit": "2026-03-03",
        "insurance_claim": True,
        "insurer": "Northfield Mutual",
    }


async def test_a_visitor_who_leaves_has_told_what_was_asked_first(play: Any) -> None:
    played = await play(LEFT)

    held = {item.path: item.value for item in played.last.fields}
    assert held == {"name": "Priya", "service": "inspection", "email": "priya@example.net"}
    assert (played.last.status, played.last.document) == ("open", None)


async def test_a_patient_with_toothache_gets_an_appointment(play: Any) -> None:
    played = await play(TOOTHACHE)

    assert played.last.status == "completed"
    assert played.last.document == {
        "reason": "toothache",
        "pain_level": 8,
        "name": "Oliver Grant",
        "date_of_birth": "1984-03-12",
        "contact": {"email": "oliver.grant@example.co.uk", "phone": "+442079460958"},
        "insured": True,
        "insurance": {"company": "Bluewater Health", "member_number": "BW-448210"},
        "appointment": "2026-03-03",
    }


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda item: item.lines[0])
async def test_no_scripted_line_is_misunderstood(play: Any, conversation: Conversation) -> None:
    played = await play(conversation)

    refused = [item for done in played.answers for item in done.operations if not item.accepted]
    assert refused == []
    assert not any("did not get that" in done.reply.text for done in played.answers)
    document = played.last.document
    assert document is None or compile_template(played.talk.template).problems_of(document) == ()
