"""Templates as text: parse them strictly and say where in the file a pointer lies."""

import json
import re
from collections.abc import Iterator
from typing import Any

from ai_bridge.intake.bounds import MAX_BYTES, MAX_JSON_DEPTH
from ai_bridge.intake.problems import Problem, TemplateInvalid, point

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')


def parse_template(text: str) -> Any:
    """The JSON in `text`. Raises TemplateInvalid for what is no JSON or says one thing twice."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES * 4:
        raise TemplateInvalid(
            [Problem("", f"The file is longer than {MAX_BYTES * 4:,} bytes.", "Shorten it.")]
        )
    try:
        return json.loads(text, object_pairs_hook=_no_doubles, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        where = f"Line {error.lineno}, column {error.colno}"
        problem = Problem("", f"{where} is not JSON: {error.msg}.", "Correct it there.")
    except _NotJsonError as error:
        problem = Problem("", str(error), "Keep one of them or write a JSON value.")
    except (RecursionError, ValueError):
        detail = "The file is nested too deep or holds a number that is too long."
        problem = Problem("", detail, f"Nest at most {MAX_JSON_DEPTH} levels.")
    raise TemplateInvalid([problem])


class _NotJsonError(Exception):
    """Something that Python's parser lets pass and JSON does not."""


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _NotJsonError(f"The key `{key[:60]}` stands twice in one object.")
        found[key] = value
    return found


def _no_constant(name: str) -> Any:
    raise _NotJsonError(f"`{name}` is not JSON.")


def positions(text: str) -> dict[str, tuple[int, int]]:
    """Line and column (from 1) of every value of good JSON text, by JSON pointer."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    found: dict[str, tuple[int, int]] = {}
    line = 0
    for pointer, offset in _values(text):
        while line + 1 < len(starts) and starts[line + 1] <= offset:
            line += 1
        found.setdefault(pointer, (line + 1, offset - starts[line] + 1))
    return found


def _values(text: str) -> Iterator[tuple[str, int]]:
    """Every value's pointer and offset, in the order of the text."""
    path: list[str | int] = []
    expects_key = False
    for found in _TOKEN.finditer(text):
        match found.group():
            case "{" | "[" as opening:
                yield point(*path), found.start()
                path.append(0 if opening == "[" else "")
                expects_key = opening == "{"
            case "}" | "]":
                path.pop()
                expects_key = False
            case ",":
                expects_key = isinstance(path[-1], str)
                path[-1] = path[-1] if isinstance(path[-1], str) else path[-1] + 1
            case ":":
                pass
            case key if expects_key:
                path[-1] = json.loads(key)
                expects_key = False
            case _:
                yield point(*path), found.start()


def locate(pointer: str, found: dict[str, tuple[int, int]]) -> tuple[int, int]:
    """Where the pointed value stands, or the nearest part around it that is there."""
    while pointer and pointer not in found:
        pointer = pointer.rpartition("/")[0]
    return found.get(pointer, (1, 1))
