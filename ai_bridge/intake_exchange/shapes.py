"""Look into JSON that may have any shape, and find nothing where it has the wrong one."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_INLINE = re.compile(r"</?(?:a|b|em|i|small|span|strong|u)(?:\s[^<>]{0,500})?>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,500}>")
_SPACES = re.compile(r"\s+")


def mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def texts(value: Any) -> list[str]:
    return [item for item in listed(value) if isinstance(item, str)]


def mappings(value: Any) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The objects of a list, each with its index."""
    return ((index, item) for index, item in enumerate(listed(value)) if isinstance(item, Mapping))


def words(value: Any, limit: int = 1000) -> str:
    """A text for people: of several languages the default one, without tags, in one line.

    Empty when there is none.
    """
    if isinstance(value, Mapping):
        value = value.get("default") or value.get("en") or next(iter(value.values()), "")
    if not isinstance(value, str):
        return ""
    return _SPACES.sub(" ", _TAG.sub(" ", _INLINE.sub("", value))).strip()[:limit]


def name_of(value: Any) -> str:
    """An identifier as the source wrote it; empty when it is no text."""
    return value if isinstance(value, str) else ""


def number(value: Any) -> int | float | None:
    """A number as such, or one written as text; None when it is neither."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,9})?", value):
        return float(value) if "." in value else int(value)
    return None


def whole(value: Any) -> int | None:
    found = number(value)
    return int(found) if found is not None and found == int(found) and found >= 0 else None


def scalar(value: Any) -> bool:
    return isinstance(value, str | int | float | bool)
