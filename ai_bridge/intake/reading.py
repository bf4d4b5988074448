"""Read JSON strictly: what two programs could read differently is refused, with line and column."""

import json
import math
import re
from dataclasses import dataclass
from typing import Any

from ai_bridge.intake.problems import point

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 64
MAX_DIGITS = 40

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WORD = re.compile(r"[A-Za-z]+|.", re.DOTALL)
_WORDS = {"true": True, "false": False, "null": None}
_STRING = json.JSONDecoder(strict=True)


class UnreadableJson(ValueError):
    """The text is not JSON that every program reads alike. `line` and `column` count from 1."""

    def __init__(self, detail: str, mend: str, line: int, column: int) -> None:
        self.detail, self.mend, self.line, self.column = detail, mend, line, column
        super().__init__(f"line {line}, column {column}: {detail} {mend}")


@dataclass(frozen=True, slots=True)
class JsonFile:
    """A value that was read, and where in the text each part of it stands."""

    value: Any
    text: str
    offsets: dict[str, int]

    def place(self, pointer: str) -> tuple[int, int]:
        """Line and column of what a JSON pointer names, or of the nearest part around it."""
        while pointer and pointer not in self.offsets:
            pointer = pointer.rpartition("/")[0]
        return _line_and_column(self.text, self.offsets.get(pointer, 0))


def read_json(source: str | bytes) -> JsonFile:
    """Read one JSON value. Raises UnreadableJson for whatever is not plain, unambiguous JSON."""
    text = _decode(source) if isinstance(source, bytes) else source
    if len(text) > MAX_BYTES:
        raise UnreadableJson(
            f"The file is longer than {MAX_BYTES:,} characters.", "Split it into several.", 1, 1
        )
    reader = _Reader(text)
    value, end = reader.value(reader.skip(0), ())
    end = reader.skip(end)
    if end != len(text):
        raise reader.fault(end, "Something follows the end of the JSON value.", "Remove it.")
    return JsonFile(value, text, reader.offsets)


def _decode(source: bytes) -> str:
    if source[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise UnreadableJson("The file is UTF-16.", "Save it as UTF-8.", 1, 1)
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _line_and_column(source[: error.start].decode("utf-8", "replace"), None)
        raise UnreadableJson(
            "The bytes are not UTF-8.", "Save the file as UTF-8.", line, column
        ) from error


def _line_and_column(text: str, offset: int | None) -> tuple[int, int]:
    before = text if offset is None else text[:offset]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.offsets: dict[str, int] = {}

    def fault(self, offset: int, detail: str, mend: str) -> UnreadableJson:
        return UnreadableJson(detail, mend, *_line_and_column(self.text, offset))

    def skip(self, offset: int) -> int:
        space = _SPACE.match(self.text, offset)
        return space.end() if space else offset

    def value(self, offset: int, where: tuple[str | int, ...]) -> tuple[Any, int]:
        self.offsets[point(*where)] = offset
        first = self.text[offset : offset + 1]
        if len(where) > MAX_DEPTH:
            raise self.fault(
                offset, f"Nested more than {MAX_DEPTH} levels deep.", "Flatten the document."
            )
        if first == "{":
            return self._object(offset, where)
        if first == "[":
            return self._array(offset, where)
        if first == '"':
            return self._string(offset)
        if first and first in "-0123456789":
            return self._number(offset)
        return self._word(offset)

    def _object(self, offset: int, where: tuple[str | int, ...]) -> tuple[dict[str, Any], int]:
        found: dict[str, Any] = {}
        offset = self.skip(offset + 1)
        while not (self.text.startswith("}", offset) and not found):
            if not self.text.startswith('"', offset):
                mend = 'Write "name"' + (", or remove the comma before." if found else ".")
                raise self.fault(offset, "A name in double quotes belongs here.", mend)
            at = offset
            key, offset = self._string(offset)
            if key in found:
                raise self.fault(
                    at, f"The name {_quoted(key)} stands twice in one object.", "Remove one."
                )
            offset = self._expect(":", self.skip(offset), "A colon belongs after a name.")
            found[key], offset = self.value(self.skip(offset), (*where, key))
            offset = self.skip(offset)
            if self.text.startswith("}", offset):
                break
            offset = self.skip(self._expect(",", offset, "A comma or } belongs here."))
        return found, offset + 1

    def _array(self, offset: int, where: tuple[str | int, ...]) -> tuple[list[Any], int]:
        found: list[Any] = []
        offset = self.skip(offset + 1)
        while not (self.text.startswith("]", offset) and not found):
            item, offset = self.value(offset, (*where, len(found)))
            found.append(item)
            offset = self.skip(offset)
            if self.text.startswith("]", offset):
                break
            offset = self.skip(self._expect(",", offset, "A comma or ] belongs here."))
        return found, offset + 1

    def _expect(self, mark: str, offset: int, detail: str) -> int:
        if not self.text.startswith(mark, offset):
            raise self.fault(offset, detail, f"Write {mark} here.")
        return offset + 1

    def _string(self, offset: int) -> tuple[str, int]:
        try:
            text, end = _STRING.raw_decode(self.text, offset)
        except json.JSONDecodeError as error:
            raise self.fault(
                min(error.pos, len(self.text)), f"{error.msg}.", "Correct the text in quotes."
            ) from error
        if "\x00" in text:
            raise self.fault(offset, "The text holds the character U+0000.", "Remove it.")
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise self.fault(offset, "Half of a surrogate pair.", "Write the character whole.")
        return str(text), end

    def _number(self, offset: int) -> tuple[int | float, int]:
        found = _NUMBER.match(self.text, offset)
        if not found:
            raise self.fault(offset, "This is not a JSON number.", "Write it like -12 or 0.5.")
        literal = found.group()
        if not (found.group(1) or found.group(2)):
            if len(literal) > MAX_DIGITS:
                raise self.fault(
                    offset, f"A number of more than {MAX_DIGITS} digits.", "Shorten it."
                )
            return int(literal), found.end()
        number = float(literal)
        lost = number == 0 and re.search("[1-9]", re.split("[eE]", literal)[0])
        if not math.isfinite(number) or lost:
            raise self.fault(offset, "The number is too large or too small.", "Round it.")
        return number, found.end()

    def _word(self, offset: int) -> tuple[bool | None, int]:
        found = _WORD.match(self.text, offset)
        if found is None:
            raise self.fault(offset, "The text ends before the JSON value does.", "Complete it.")
        if found.group() not in _WORDS:
            detail = f"{_quoted(found.group())} is not JSON."
            raise self.fault(offset, detail, "Write a text in double quotes, or true, false, null.")
        return _WORDS[found.group()], found.end()


def _quoted(text: str) -> str:
    """The text safe to print, cut short."""
    return json.dumps(text[:60])
