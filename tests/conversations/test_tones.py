"""What a template's tone changes: how lines are worded, and nothing else."""

from itertools import combinations
from operator import ne
from typing import Any

import pytest

from ai_bridge.runner.wording.registers import Register, register_of
from tests.conversations.unstored import talk_to

VISIT: dict[str, Any] = {
    "type": "object",
    "x-intake": {"region": "US"},
    "properties": {
        "name": {"type": "string", "x-intake": {"kind": "name", "ask": "What's your name?"}},
        "day": {"type": "string", "format": "date", "x-intake": {"ask": "Which day?"}},
        "email": {"type": "string", "format": "email", "x-intake": {"ask": "E-mail?"}},
        "note": {"type": "string", "x-intake": {"ask": "Any note?"}},
    },
    "required": ["name", "day", "email"],
}
LINES = (
    "hello", "my name is Ann Lee", "12 March", "what does it cost?",
    "ann@example.com", "skip", "hmm", "yes",
)  # fmt: skip
TONES = ("", "friendly", "formal", "brief")


async def told(tone: str) -> tuple[list[str], list[Any]]:
    """The replies, and what they came to."""
    template = {**VISIT, "x-intake": {**VISIT["x-intake"], "tone": tone}}
    talk = talk_to(template)
    said = [await talk.say(line) for line in LINES]
    return [done.reply.text for done in said], [
        (done.status, done.reply.asking, done.reply.choices, done.document) for done in said
    ]


async def test_each_tone_has_its_own_words_for_the_same_conversation() -> None:
    replies, meant = zip(*[await told(tone) for tone in TONES], strict=True)
    assert all(other == meant[0] for other in meant)
    assert meant[0][-1][0] == "completed"
    for one, other in combinations(replies, 2):
        assert sum(map(ne, one, other)) >= 6
    assert min(replies, key=lambda said: len("".join(said))) is replies[TONES.index("brief")]


async def test_words_of_a_tone_that_are_not_known_change_nothing() -> None:
    assert await told("patient, clear and never formal") == await told("")


@pytest.mark.parametrize(
    ("tone", "register"),
    [
        ("Friendly and brief", Register("friendly", True)),
        ("calm, kind and exact", Register("friendly", False)),
        ("serious, patient, never defensive", Register("formal", False)),
        ("not too formal, quick", Register("neutral", True)),
        ("no short answers; warm", Register("friendly", False)),
        ("brieflyish kindling", Register()),
    ],
)
def test_a_tone_is_read_by_its_known_words(tone: str, register: Register) -> None:
    assert register_of(tone) == register


async def test_what_is_known_is_said_once_beside_the_summary() -> None:
    talk = talk_to(VISIT)
    for line in LINES[1:]:
        summed = await talk.say(line)
        if "- Name" in summed.reply.text:
            break
    done = await talk.say("what have you got?")
    assert done.reply.text.count("- Name: Ann Lee") == 1
    assert done.reply.text.endswith("Is everything right?")
    assert [choice.label for choice in done.reply.choices] == ["Yes", "No"]
