"""Open questions: what happened, in the visitor's own words. The whole answer is the value."""

import re
from collections.abc import Iterator

from ai_bridge.intake import IntakeField
from ai_bridge.runner.extract.assign import Proposal
from ai_bridge.runner.extract.clauses import Sentence
from ai_bridge.runner.extract.lexicon import FUNCTION, stem, words_of
from ai_bridge.runner.extract.naming import field_spoken_of
from ai_bridge.runner.extract.operations import HAS_NONE
from ai_bridge.runner.extract.profiles import Profile
from ai_bridge.runner.extract.reading import Reading
from ai_bridge.runner.extract.scoring import ANSWERED
from ai_bridge.runner.extract.types import Signal
from ai_bridge.runner.normalise import Refusal, Value, normalise

# Room for a sentence or two; fewer characters are for a word or a title.
LONG = 150
# What asks for a story, where the template leaves the length open.
_STORIES = frozenset(
    {"problem", "comment", "comments", "message", "details", "summary", "reason", "happened",
     "motivation", "feedback", "story", "remarks"}
)  # fmt: skip
ENDS_STORY: frozenset[Signal] = frozenset(
    {"why", "what_have_you_got", "repeat", "go_back", "start_over", "cancel", "wants_human",
     "identity"}
)  # fmt: skip
# Said in passing when there is little else; inside a story they are part of it.
_SHORT: frozenset[Signal] = frozenset(
    {"skip", "refuse", "dont_know", "dont_care", "done", "chit_chat", "greeting", "thanks"}
)  # fmt: skip
SHORT_WORDS = 6
SHORT_QUESTION = 8
_BARE = re.compile(
    r"^\W*(?:(?:hi|hello|hey|ok|okay|well|yes|yeah|no|sure|um|so|sorry|it'?s|that'?s|it is)\b"
    r"[\s,.!]*)+",
    re.IGNORECASE,
)


def is_narrative(field: IntakeField) -> bool:
    """Whether an answer may be a sentence or more, to be kept as it was written."""
    if field.kind != "text" or "pattern" in field.schema:
        return False
    longest = field.schema.get("maxLength")
    if isinstance(longest, int):
        return longest >= LONG
    return bool(_STORIES & set(words_of(f"{field.title} {field.name.replace('_', ' ')}")))


def propose_narrative(reading: Reading, profile: Profile) -> Iterator[Proposal]:
    """All of the message, but for blanks around it and a polite word before a short answer."""
    text = reading.text
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    said = words_of(text)
    if not said or _is_no_answer(reading, len(said)):
        return
    if len(said) <= SHORT_WORDS and (lead := _BARE.match(text, start, end)):
        start = lead.end()
    if not words_of(text[start:end]):
        return
    result: Value | Refusal = normalise(profile.field, text[start:end], reading.context)
    if isinstance(result, Value):
        yield Proposal(profile, start, end, result, ANSWERED, is_whole=True)


def _is_no_answer(reading: Reading, count: int) -> bool:
    signals = reading.signals.keys()
    if ENDS_STORY & signals or (count <= SHORT_WORDS and _SHORT & signals):
        return True
    if HAS_NONE.match(reading.text) or field_spoken_of(reading):
        return True
    if _is_contact(reading) or _says_yes_elsewhere(reading):
        return True
    return all(_asks(reading, sentence) for sentence in reading.sentences)


def _says_yes_elsewhere(reading: Reading) -> bool:
    """`It's an emergency` answers the question whether it is one, and tells no story."""
    if len(reading.message.words) > SHORT_WORDS:
        return False
    said = {stem(word) for _, _, word in reading.message.words if word not in FUNCTION}
    return any(
        item.field.kind == "boolean" and said and said <= item.head for item in reading.profiles
    )


_CONTACTS = frozenset({"email", "phone", "url"})


def _is_contact(reading: Reading) -> bool:
    """An address of mail alone tells no story."""
    said = reading.text.strip(" .,!")
    start = reading.text.find(said)
    return any(
        item.family in _CONTACTS
        and (item.found.start, item.found.end) == (start, start + len(said))
        for item in reading.message.findings
    )


_ASKING = re.compile(
    r"^\W*(?:(?:and|but|so|ok|hi|hello)\W+)*(?:whats?|wheres?|when|which|whos?|why|hows?|do|does|did|is|are|"
    r"can|could|will|would|should|may)(?!['’])\b",
    re.IGNORECASE,
)


def _asks(reading: Reading, sentence: Sentence) -> bool:
    said = reading.text[sentence.start : sentence.end]
    is_marked = said.rstrip().endswith("?")
    if is_marked and len(words_of(said)) <= SHORT_QUESTION:
        return True
    return sentence.is_question and (is_marked or bool(_ASKING.match(said)))
