"""Whether a model's words may be said to a visitor. What is in doubt is not said."""

import re
import unicodedata
from functools import lru_cache

from ai_bridge.runner.model.prompt import Prompt

MAX_LEAD = 400
# So many words in a row, or letters without what stands between them, are no accident.
WORDS_IN_A_ROW, LETTERS_IN_A_ROW = 5, 18
LONGEST_WORD = 24
LEAST_SECRET = 4
_QUESTION = "?？؟;՞⸮"
_MARKUP = re.compile(r"[<>{}\[\]`|\\@#]|https?:|www\.|//|\*\*|__")
_SITE = re.compile(r"\b[\w-]+\.(?:com|net|org|io|ai|app|dev|info|biz|co|ru|cn|xyz|me|link)\b", re.I)
_NUMBER = re.compile(r"\d+")
_TOKEN = re.compile(r"[\w-]+")
_QUOTED = re.compile(r"[\"'“”‘’`«]([^\"'“”‘’`»\n]{3,60})[\"'“”‘’`»]")


def sound_lead(lead: str, prompt: Prompt) -> str:
    """The lead as it may be said, or nothing."""
    text = " ".join(lead.split())
    if not text or len(text) > MAX_LEAD or _is_unfit(text):
        return ""
    if set(_NUMBER.findall(text)) - set(_NUMBER.findall(prompt.public)):
        return ""
    return "" if _tells(text, prompt.private, prompt.public) else text


def _is_unfit(text: str) -> bool:
    """Asks, links, is marked up, hides characters, or is no plain language."""
    if any(mark in text for mark in _QUESTION) or _MARKUP.search(text) or _SITE.search(text):
        return True
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Co", "Cs", "Cn") for letter in text):
        return True
    return any(len(word) > LONGEST_WORD for word in text.split() if word.isascii())


def _tells(text: str, private: str, public: str) -> bool:
    """Whether it gives away part of the prompt: in a row, spaced out, backwards, or one secret."""
    if _rows(text) & (_private_rows(private) - _rows(public)):
        return True
    letters, known = _letters(text), _letters(public)
    for said in (letters, letters[::-1]):
        if any(secret in said and secret not in known for secret in _secrets(private)):
            return True
        if any(piece not in known for piece in _windows(said) & _private_windows(private)):
            return True
    return False


@lru_cache(maxsize=64)
def _private_rows(private: str) -> frozenset[str]:
    return _rows(private)


@lru_cache(maxsize=64)
def _private_windows(private: str) -> frozenset[str]:
    return _windows(_letters(private))


@lru_cache(maxsize=64)
def _secrets(private: str) -> frozenset[str]:
    """Single words that look like passwords, codes or canaries rather than like language."""
    tokens = [token for token in _TOKEN.findall(private) if _is_odd(token)]
    found = (_letters(token) for token in [*tokens, *_QUOTED.findall(private)])
    return frozenset(secret for secret in found if len(secret) >= LEAST_SECRET)


def _is_odd(token: str) -> bool:
    has_digit = any(letter.isdigit() for letter in token)
    inner = token[1:]
    is_shouted = token.isupper() and len(token) >= LEAST_SECRET
    return (has_digit and not token.isdigit()) or is_shouted or inner != inner.lower()


def _rows(text: str) -> frozenset[str]:
    words = re.findall(r"\w+", _plain(text))
    last = len(words) - WORDS_IN_A_ROW + 1
    return frozenset(" ".join(words[at : at + WORDS_IN_A_ROW]) for at in range(last))


def _windows(letters: str) -> frozenset[str]:
    last = len(letters) - LETTERS_IN_A_ROW + 1
    return frozenset(letters[at : at + LETTERS_IN_A_ROW] for at in range(last))


def _letters(text: str) -> str:
    return "".join(letter for letter in _plain(text) if letter.isalnum())


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
