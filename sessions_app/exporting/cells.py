"""Text in a cell stays text, whichever spreadsheet opens it in whichever country."""

import re
from typing import Any

import orjson

# What makes a spreadsheet take a cell for a formula, as it stands or as full-width forms; also
# behind spaces, and behind a separator at which another country's settings begin a new cell.
FORMULA = re.compile(
    r"(^|[;\t\r\n])([^\S\t\r\n\f\v]|[\u200b-\u200f\u2060\ufeff])*(?=[=+\-@\t\r＝＋－﹣−＠﹫])"
)
# Control characters that XML, and with it every workbook, cannot hold.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
Cell = str | int | float | None


def cell_of(value: Any) -> Cell:
    """A value of a document as it stands in a cell. Lists of plain values are joined by `; `."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    return plain_text(_text(value))


def plain_text(text: str) -> str:
    """With an apostrophe before whatever would begin a formula; otherwise as it was written."""
    return FORMULA.sub(_guarded, UNPRINTABLE.sub("\ufffd", text))


def _guarded(found: re.Match[str]) -> str:
    separator = found.group(1)
    return f"{separator}'{found.group().removeprefix(separator)}"


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return "; ".join(str(cell_of(item)) for item in value)
    return orjson.dumps(value).decode()
