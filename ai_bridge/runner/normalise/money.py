"""Sums of money: an amount and, when it is said, a currency."""

import re

from ai_bridge.runner.normalise.numbers import find_numbers
from ai_bridge.runner.normalise.types import Found

SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}
_WORDS = {
    "dollar": "USD", "dollars": "USD", "buck": "USD", "bucks": "USD", "usd": "USD", "euro": "EUR",
    "euros": "EUR", "eur": "EUR", "pound": "GBP", "pounds": "GBP", "quid": "GBP", "gbp": "GBP",
    "yen": "JPY", "jpy": "JPY", "rupee": "INR", "rupees": "INR", "inr": "INR", "chf": "CHF",
    "franc": "CHF", "francs": "CHF", "cad": "CAD", "aud": "AUD",
}  # fmt: skip
_BEFORE = re.compile(r"(?:([$€£¥₹])|\b(usd|eur|gbp|chf|cad|aud|inr|jpy)) ?$", re.IGNORECASE)
_AFTER = re.compile(rf" ?(?:([$€£¥₹])|({'|'.join(sorted(_WORDS, key=len, reverse=True))})\b)", re.I)


def find_money(text: str, region: str = "", whole_groups: bool = True) -> list[Found]:
    """Amounts with their currency code as `unit`; `unit` is empty when no currency was said.

    The rest is as for numbers.
    """
    found = []
    for number in find_numbers(text, region, whole_groups):
        before = _BEFORE.search(text, max(0, number.start - 5), number.start)
        after = _AFTER.match(text, number.end)
        start, end, currency = number.start, number.end, ""
        if before:
            start, currency = before.start(), _code(before)
        elif after:
            end, currency = after.end(), _code(after)
        found.append(Found(start, end, number.value, currency, number.unit))
    return found


def _code(match: re.Match[str]) -> str:
    sign, word = match.group(1), (match.group(2) or "").lower()
    return SIGNS[sign] if sign else _WORDS.get(word, word.upper())
