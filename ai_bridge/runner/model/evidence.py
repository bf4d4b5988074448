"""Finds a model's quote in the message: the offsets are ours, the characters the visitor's."""

from functools import lru_cache

# What models tidy up while copying.
_ALIKE = {**dict.fromkeys("'’ʼ`´", "'"), **dict.fromkeys('"“”„«»', '"')}
MAX_QUOTE = 2_000


def locate(quote: str, text: str) -> tuple[int, int] | None:
    """Where the quote stands as whole words, in whatever case, spacing and quotation marks."""
    wanted, _ = _plain(quote.strip()[: MAX_QUOTE + 1])
    if not wanted or len(wanted) > MAX_QUOTE:
        return None
    plain, places = _plain(text)
    at = plain.find(wanted)
    while at >= 0:
        start, end = places[at], places[at + len(wanted) - 1] + 1
        if _is_whole(text, start, end):
            return start, end
        at = plain.find(wanted, at + 1)
    return None


@lru_cache(maxsize=8)
def _plain(text: str) -> tuple[str, tuple[int, ...]]:
    """One character for each that counts, and where it stood."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        if letter.isspace():
            if letters and letters[-1] == " ":
                continue
            letter = " "
        small = letter.lower()
        letters.append(_ALIKE.get(letter, small if len(small) == 1 else letter))
        places.append(place)
    return "".join(letters), tuple(places)


def _is_whole(text: str, start: int, end: int) -> bool:
    """ "no" is not said by "not", nor 5 by 15."""
    return not (_joined(text, start) or _joined(text, end))


def _joined(text: str, place: int) -> bool:
    around = text[max(0, place - 1) : place + 1]
    return len(around) == 2 and 0 < place < len(text) and around.isascii() and around.isalnum()
