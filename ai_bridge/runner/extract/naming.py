"""Which field a message is about without giving its value, by the words of its title or name."""

from math import inf

from ai_bridge.runner.extract.lexicon import FUNCTION, Roots, stem, words_of
from ai_bridge.runner.extract.profiles import Profile
from ai_bridge.runner.extract.reading import Reading
from ai_bridge.runner.extract.types import Signal
from ai_bridge.runner.normalise.texts import lower

HALF = 0.5
_ABOUT: frozenset[Signal] = frozenset({"why", "question", "wants_change"})


def field_spoken_of(reading: Reading) -> str:
    """Its path, or empty when the message neither asks nor wants to change something by name."""
    is_about = bool(_ABOUT & reading.signals.keys()) or reading.utterance.confirming
    if not is_about:
        return ""
    said = reading.message.roots
    spoken = lower(reading.text)
    near = {item.field.path: _closeness(item, said, spoken) for item in reading.profiles}
    best = max(reading.profiles, key=lambda profile: near[profile.field.path], default=None)
    if best is None or near[best.field.path][0] < HALF:
        return ""
    return best.field.path


# A title that is no noun: "What happened", "Where to". Only those very words speak of it.
_ASKS = frozenset({"what", "what's", "who", "where", "when", "why", "how", "which", "tell"})


def is_clause(title: str) -> bool:
    return title.lower().split(" ")[0] in _ASKS


def _closeness(profile: Profile, said: Roots, spoken: str) -> tuple[float, float, float]:
    """How much of the title or name was said, then of both; of two, the one named first."""
    closest, told = (0.0, -inf), 0.0
    for text in (profile.field.title, profile.field.name.replace("_", " ")):
        if is_clause(text) and text.lower() not in spoken:
            continue
        roots = {stem(word) for word in words_of(text) if word not in FUNCTION}
        places = [said[root][0][0] for root in roots & said.keys()]
        if places:
            told += len(places) / len(roots)
            closest = max(closest, (len(places) / len(roots), -float(min(places))))
    return closest[0], told, closest[1]
