"""Finds a model's quote in the message: the offsets are ours, the characters the visitor's."""

import re

# What models tidy up while copying.
_APOSTROPHES = "'’ʼ`´"
_QUOTES = '"“”„«»'
MAX_QUOTE = 2_000


def locate(quote: str, text: str) -> tuple[int, int] | None:
    """Where the quote stands as whole words, in whatever case, spacing and quotation marks."""
    words = quote.split()
    if not words or len(quote) > MAX_QUOTE:
        return None
    pattern = r"\s+".join("".join(map(_either, word)) for word in words)
    for match in re.finditer(pattern, text, re.IGNORECASE):
        if _is_whole(text, *match.span()):
            return match.span()
    return None


def _either(letter: str) -> str:
    for alike in (_APOSTROPHES, _QUOTES):
        if letter in alike:
            return f"[{re.escape(alike)}]"
    return re.escape(letter)


def _is_whole(text: str, start: int, end: int) -> bool:
    """ "no" is not said by "not", nor 5 by 15."""
    return not (_joined(text, start) or _joined(text, end))


def _joined(text: str, place: int) -> bool:
    around = text[max(0, place - 1) : place + 1]
    return len(around) == 2 and 0 < place < len(text) and around.isascii() and around.isalnum()
