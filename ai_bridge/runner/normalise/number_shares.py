"""Fractions: `three quarters`, `a twenty-first`, `4/5`."""

from ai_bridge.runner.normalise.number_tokens import Token
from ai_bridge.runner.normalise.number_words import LAST_PARTS, ONES, PARTS, TENS


def share_at(tokens: list[Token], index: int) -> tuple[float, int] | None:
    """A fraction in words from here, below one, and the index after it."""
    words = [token.text for token in tokens[index : index + 5]]
    if words[:1] == ["half"]:
        return 0.5, index + 1
    count = 1 if words[:1] in (["a"], ["an"]) else ONES.get(words[0], 0) if words else 0
    rest = words[2:] if words[1:2] == ["-"] else words[1:]
    parts = parts_of(rest)
    if not count or parts is None or count >= parts[0]:
        return None
    return count / parts[0], index + len(words) - len(rest) + parts[1]


def parts_of(words: list[str]) -> tuple[int, int] | None:
    """What the fraction divides by, and how many words say so."""
    if not words:
        return None
    if words[0] in PARTS:
        return PARTS[words[0]], 1
    if words[0] in TENS:
        gap = 1 if words[1:2] == ["-"] else 0
        last = LAST_PARTS.get(words[1 + gap]) if len(words) > 1 + gap else None
        return (TENS[words[0]] + last, 2 + gap) if last else None
    return None


def slashed(tokens: list[Token], index: int) -> tuple[float, float] | None:
    """`4/5` from this token, with nothing more after it."""
    near = tokens[index : index + 4]
    if len(near) < 3 or near[1].text != "/" or near[0].end != near[1].start:
        return None
    above, below = near[0].value, near[2].value
    if near[2].start != near[1].end or (len(near) > 3 and near[3].text == "/"):
        return None
    return (above, below) if above and below and below < 100 else None
