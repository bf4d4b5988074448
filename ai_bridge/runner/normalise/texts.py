"""Free text, names and addresses: what is typed, without the talk around it."""

import re
from functools import lru_cache

from ai_bridge.runner.normalise.types import words

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_SPACES = re.compile(r"\s+")
# Invisible characters that change how the text around them is shown.
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
# People put them between and after the words of a name.
PICTURES = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]{1,12}")
MAX_TEXT = 2000
MAX_NAME = 100
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .,'’\-])*")


def clean_text(raw: str) -> str:
    """One line of spaces, no invisible characters."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", raw)).strip()


def clean_name(raw: str) -> str | None:
    """A person's name, capitalised when it was typed all in lower case; None when it is none."""
    text = clean_text(PICTURES.sub(" ", raw)).strip(' .,;:!?"“”')
    text += "." if re.search(r"\b[JjSs]r$", text) and f"{text}." in raw else ""
    if not text or len(text) > MAX_NAME or not _NAME.fullmatch(text) or _is_nonsense(text):
        return None
    if text.islower():
        return " ".join(_capital(word) for word in text.split(" "))
    return text


_NONSENSE = frozenset(words("blah bla test testing asdf qwerty foo bar xyz abc la ha heh none"))
_FIRMS = frozenset(words("ltd limited inc llc llp gmbh corp plc"))
_CURSES = frozenset(words("fuck fucking shit crap asshole bitch bastard idiot moron stupid damn"))


def _is_nonsense(text: str) -> bool:
    """`blah blah`, curses and companies are typed where a name is asked for, and are none."""
    said = set(words(text.lower()))
    return said <= _NONSENSE or bool(said & _CURSES) or bool(_FIRMS & said and len(said) > 1)


def _capital(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))


def lower(text: str) -> str:
    """Lower case that keeps every offset (some letters grow when lowered)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(item.lower() if len(item.lower()) == 1 else item for item in text)


# Cut once for all that look at it, and for the parts of a list.
@lru_cache(maxsize=32)
def words_in(lowered: str) -> tuple[tuple[int, int, str], ...]:
    """The places of the words of a text in lower case, and the words."""
    return tuple((*match.span(), match.group()) for match in WORD.finditer(lowered))
