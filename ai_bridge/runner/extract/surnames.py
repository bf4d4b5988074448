"""What everyday words can name: `jo park` and `sam may` are people, `two` is no street."""

from ai_bridge.runner.extract.lexicon import FUNCTION, NOT_NAMES
from ai_bridge.runner.normalise.number_words import ONES, TENS
from ai_bridge.runner.normalise.types import words

# Everyday words that many families are called by.
_SURNAMES = frozenset(
    words(
        "day park hill price long young street moon may june king short small little best good "
        "love star bell west north banks case church cook field forest friend frost gates hall "
        "house lane light mills page power rose summer train waters woods green church place"
    )
)
WHOLE_NAME = 2


def is_everyday(said: list[str]) -> bool:
    """Whether one of the words makes no name; after a first name many do: `jo park`."""
    first, *rest = said
    return first in NOT_NAMES or not NOT_NAMES.isdisjoint(set(rest) - _SURNAMES)


def is_count(said: list[str]) -> bool:
    """`two` is no street."""
    return all(word in ONES or word in TENS or word in FUNCTION for word in said)


def is_whole_name(said: list[str]) -> bool:
    return len(said) == WHOLE_NAME and said[0] not in NOT_NAMES and said[1] in _SURNAMES
