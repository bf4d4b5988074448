"""How much of a message is read: all of it, unless it holds more words than prose has."""

from dataclasses import replace

from ai_bridge.runner.extract.types import Utterance
from ai_bridge.runner.normalise.texts import WORD

# The longest message that is taken holds about 1,500 words of prose.
MOST_WORDS = 2_000


def readable(utterance: Utterance) -> Utterance:
    """The middle of a text of too many words gives way to line ends, so that every offset stays.

    Whoever pastes such a table says what is meant before it or after it.
    """
    text = utterance.text
    # Words stand at least one character apart.
    if len(text) < 2 * MOST_WORDS:
        return utterance
    starts = [match.start() for match in WORD.finditer(text)]
    if len(starts) <= MOST_WORDS:
        return utterance
    start, end = starts[MOST_WORDS // 2], starts[-MOST_WORDS // 2]
    return replace(utterance, text=text[:start] + "\n" * (end - start) + text[end:])
