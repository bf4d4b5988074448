"""One message prepared for matching: sentences, findings, signals, and the fields in play."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from operator import attrgetter

from ai_bridge.runner.extract.clauses import Sentence, sentences_of
from ai_bridge.runner.extract.findings import Finding, Message, read_words
from ai_bridge.runner.extract.lexicon import PARTS_OF_GROUPS
from ai_bridge.runner.extract.profiles import Profile
from ai_bridge.runner.extract.propers import find_propers
from ai_bridge.runner.extract.signals import find_signals
from ai_bridge.runner.extract.types import Signal, Utterance
from ai_bridge.runner.normalise import Context
from ai_bridge.runner.normalise.choices import read_boolean
from ai_bridge.runner.normalise.texts import lower


@dataclass(frozen=True, slots=True)
class Reading:
    utterance: Utterance
    text: str
    context: Context
    profiles: tuple[Profile, ...]
    message: Message
    sentences: tuple[Sentence, ...]
    find_propers: Callable[[], tuple[Finding, ...]]
    signals: dict[Signal, tuple[int, int]]
    asked: tuple[str, ...]

    @property
    def propers(self) -> tuple[Finding, ...]:
        return self.find_propers()

    def tells(self, start: int) -> bool:
        """Whether the sentence around this place gives values rather than asks."""
        at = bisect_right(self.sentences, start, key=attrgetter("start")) - 1
        if at < 0 or start >= self.sentences[at].end:
            return True
        return not self.sentences[at].is_question

    def skips(self, start: int) -> bool:
        """Whether this place is part of `can I skip the insurer?`, which names no insurer."""
        first, end = self.signals.get("skip", (0, 0))
        return first <= start < end


def read_message(
    utterance: Utterance, profiles: tuple[Profile, ...], live: frozenset[str]
) -> Reading:
    """`live` are the paths that may hold a value now; they and the asked ones are in play."""
    text = utterance.text
    context = Context(utterance.now, utterance.locale, utterance.region)
    in_play = _in_play(utterance, profiles, live)
    message = read_words(text, _families(in_play), context)
    sentences = tuple(sentences_of(text))
    return Reading(
        utterance=utterance,
        text=text,
        context=context,
        profiles=in_play,
        message=message,
        sentences=sentences,
        find_propers=_once(message),
        signals=_signals(text, sentences),
        asked=_asked(utterance),
    )


def read_again(reading: Reading, profiles: tuple[Profile, ...], live: frozenset[str]) -> Reading:
    """The same message with more paths that may hold a value; what was found in it stands."""
    in_play = _in_play(reading.utterance, profiles, live)
    families = _families(in_play)
    if families == reading.message.families:
        return replace(reading, profiles=in_play)
    message = read_words(reading.text, families, reading.context)
    return replace(reading, profiles=in_play, message=message, find_propers=_once(message))


def _once(message: Message) -> Callable[[], tuple[Finding, ...]]:
    """Its proper names, looked for when they are needed first."""
    return cache(lambda: tuple(find_propers(message)))


def _asked(utterance: Utterance) -> tuple[str, ...]:
    return tuple(filter(None, (utterance.asking, *utterance.asked_with)))


def _in_play(
    utterance: Utterance, profiles: tuple[Profile, ...], live: frozenset[str]
) -> tuple[Profile, ...]:
    paths = live.union(_asked(utterance))
    return tuple(item for item in profiles if item.field.path in paths)


def _families(in_play: tuple[Profile, ...]) -> frozenset[str]:
    families = frozenset(item.family for item in in_play)
    if any(item.is_street for item in in_play):
        families |= {"street"}
    if any(item.concepts & PARTS_OF_GROUPS for item in in_play):
        families |= {"part of group"}
    return families


def _signals(text: str, sentences: tuple[Sentence, ...]) -> dict[Signal, tuple[int, int]]:
    signals = find_signals(lower(text))
    for sentence in sentences:
        if sentence.is_question:
            signals.setdefault("question", (sentence.start, sentence.end))
    answer = read_boolean(text)
    if answer is not None:
        signals["affirm" if answer else "negate"] = (0, len(text))
    return signals
