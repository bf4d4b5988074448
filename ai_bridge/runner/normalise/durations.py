"""Lengths of time: `two hours`, `an hour and a half`, `45 min`, as ISO 8601 durations."""

import re

from ai_bridge.runner.normalise.numbers import find_numbers
from ai_bridge.runner.normalise.types import Found

_UNITS = {
    "y": "Y", "year": "Y", "yr": "Y", "month": "M", "week": "W", "wk": "W", "day": "D",
    "night": "D", "hour": "H", "hr": "H", "h": "H", "minute": "min", "min": "min",
    "second": "S", "sec": "S",
}  # fmt: skip
_UNIT = re.compile(
    (
        r"(?: |-)?(years?|yrs?|months?|weeks?|wks?|days?|nights?|hours?|hrs?|h|minutes?|"
        r"mins?|seconds?|secs?)\b"
    ),
    re.I,
)
_HALF_AN = re.compile(r"\bhalf an? (hour|day|year)\b", re.IGNORECASE)
_ONE = re.compile(r"\b(an?) (hour|day|week|month|year|minute|night)\b", re.IGNORECASE)
_AND_A_HALF = re.compile(r" and (?:a|one) half\b", re.IGNORECASE)
_SECONDS = {"S": 1, "min": 60, "H": 3600, "D": 86_400}


def find_durations(text: str) -> list[Found]:
    """Durations in the order of the text; neighbours such as `1 hour 30 minutes` are one."""
    parts: list[tuple[int, int, float, str]] = []
    for match in _HALF_AN.finditer(text):
        parts.append((match.start(), match.end(), 0.5, _UNITS[match.group(1).lower()]))
    for match in _ONE.finditer(text):
        if not any(start <= match.start() < end for start, end, _, _ in parts):
            parts.append(
                (*_with_half(text, match.start(), match.end(), 1.0), _unit(match.group(2)))
            )
    for number in find_numbers(text):
        unit = _UNIT.match(text, number.end)
        if unit and number.value >= 0:
            start, end, value = _with_half(text, number.start, unit.end(), float(number.value))
            parts.append((start, end, value, _unit(unit.group(1))))
    return _joined(text, sorted(parts))


def _unit(word: str) -> str:
    lowered = word.lower()
    return _UNITS.get(lowered) or _UNITS[lowered.rstrip("s")]


def _with_half(text: str, start: int, end: int, value: float) -> tuple[int, int, float]:
    half = _AND_A_HALF.match(text, end)
    return (start, half.end(), value + 0.5) if half else (start, end, value)


def _joined(text: str, parts: list[tuple[int, int, float, str]]) -> list[Found]:
    found: list[Found] = []
    open_parts: list[tuple[float, str]] = []
    start = end = -1
    for part_start, part_end, value, unit in parts:
        if open_parts and text[end:part_start].strip(" ,").lower() in ("", "and"):
            open_parts.append((value, unit))
        else:
            if open_parts:
                found.append(Found(start, end, iso_duration(open_parts)))
            start, open_parts = part_start, [(value, unit)]
        end = part_end
    if open_parts:
        found.append(Found(start, end, iso_duration(open_parts)))
    return found


def iso_duration(parts: list[tuple[float, str]]) -> str:
    """`PT1H30M`, `P2W`, `P14D`. Fractions are carried into smaller units."""
    if any(unit in ("Y", "M", "W") for _, unit in parts):
        return _calendar(parts)
    seconds = round(sum(value * _SECONDS[unit] for value, unit in parts))
    days, rest = divmod(seconds, 86_400)
    clock = "".join(
        f"{amount}{mark}"
        for amount, mark in ((rest // 3600, "H"), (rest % 3600 // 60, "M"), (rest % 60, "S"))
        if amount
    )
    date_part = f"{days}D" if days else ""
    return f"P{date_part}T{clock}" if clock else f"P{date_part or '0D'}"


def _calendar(parts: list[tuple[float, str]]) -> str:
    months = round(sum(v * (12 if u == "Y" else 1) for v, u in parts if u in ("Y", "M")))
    days = round(sum(v * (7 if u == "W" else 1) for v, u in parts if u in ("W", "D")))
    if not months and days % 7 == 0 and all(unit == "W" for _, unit in parts):
        return f"P{days // 7}W"
    years, months = divmod(months, 12)
    return "P" + "".join(
        f"{amount}{mark}" for amount, mark in ((years, "Y"), (months, "M"), (days, "D")) if amount
    )
