"""One message prepared for matching: sentences, findings, signals, and the fields in play."""

from dataclasses import dataclass

from ai_bridge.runner.extract.clauses import Sentence, sentences_of
from ai_bridge.runner.extract.findings import Finding, Message, read_findings
from ai_bridge.runner.extract.lexicon import PARTS_OF_GROUPS
from ai_bridge.runner.extract.profiles import Profile, family_of
from ai_bridge.runner.extract.propers import find_propers
from ai_bridge.runner.extract.signals import find_signals
from ai_bridge.runner.extract.types import Signal, Utterance
from ai_bridge.runner.normalise import Context
from ai_bridge.runner.normalise.choices import read_boolean
from ai_bridge.runner.normalise.texts import lower

# More text than this is no answer to a question; the rest is kept in the transcript only.
MAX_READ = 2_500


@dataclass(frozen=True, slots=True)
class Reading:
    utterance: Utterance
    text: str
    context: Context
    profiles: tuple[Profile, ...]
    message: Message
    sentences: tuple[Sentence, ...]
    propers: tuple[Finding, ...]
    signals: dict[Signal, tuple[int, int]]
    asked: tuple[str, ...]

    def tells(self, start: int) -> bool:
        """Whether the sentence around this place gives values rather than asks."""
        for sentence in self.sentences:
            if sentence.start <= start < sentence.end:
                return not sentence.is_question
        return True


def read_message(
    utterance: Utterance, profiles: tuple[Profile, ...], live: frozenset[str]
) -> Reading:
    """`live` are the paths that may hold a value now; they and the asked ones are in play."""
    text = utterance.text[:MAX_READ]
    context = Context(utterance.now, utterance.locale, utterance.region)
    asked = tuple(filter(None, (utterance.asking, *utterance.asked_with)))
    in_play = tuple(
        item for item in profiles if item.field.path in live or item.field.path in asked
    )
    families = frozenset(family_of(item.field) for item in in_play)
    if any(item.is_street for item in in_play):
        families |= {"street"}
    if any(item.concepts & PARTS_OF_GROUPS for item in in_play):
        families |= {"part of group"}
    message = read_findings(text, families, context)
    sentences = tuple(sentences_of(text))
    return Reading(
        utterance=utterance,
        text=text,
        context=context,
        profiles=in_play,
        message=message,
        sentences=sentences,
        propers=tuple(find_propers(message)),
        signals=_signals(text, sentences),
        asked=asked,
    )


def _signals(text: str, sentences: tuple[Sentence, ...]) -> dict[Signal, tuple[int, int]]:
    signals = find_signals(lower(text))
    for sentence in sentences:
        if sentence.is_question:
            signals.setdefault("question", (sentence.start, sentence.end))
    answer = read_boolean(text)
    if answer is not None:
        signals["affirm" if answer else "negate"] = (0, len(text))
    return signals
