"""Conditions as SurveyJS writes them: `{name} = 'x' and ({age} >= 18 or {other} notempty)`."""

import json
import re
from collections.abc import Container, Mapping
from typing import Any

from ai_bridge.intake_exchange.logic.terms import (
    ALWAYS,
    NEVER,
    Condition,
    No,
    Operator,
    Some,
    Test,
    every,
    no,
    some,
)

_TOKEN = re.compile(
    r"\s*(?:(?P<name>\{[^{}]{1,200}\})|(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<number>-?\d+(?:\.\d+)?)(?![\w.])|(?P<word>[A-Za-z]+)"
    r"|(?P<mark><>|!=|>=|<=|==|&&|\|\||[=<>!()\[\],*]))"
)
_COMPARE: dict[str, Operator] = {
    "=": "=", "==": "=", "equal": "=", "<>": "=", "!=": "=", "notequal": "=",
    ">": ">", "greater": ">", ">=": ">=", "greaterorequal": ">=",
    "<": "<", "less": "<", "<=": "<=", "lessorequal": "<=",
    "contains": "contains", "contain": "contains", "notcontains": "contains",
    "notcontain": "contains", "anyof": "contains", "allof": "contains",
    "empty": "given", "notempty": "given",
}  # fmt: skip
_NEGATED = frozenset({"<>", "!=", "notequal", "notcontains", "notcontain", "empty"})
MAX_DEPTH = 30


class NotUnderstood(ValueError):
    """The expression uses something that a template's condition cannot say."""


def read_expression(text: str, paths: Mapping[str, str], lists: Container[str]) -> Condition:
    """The condition. Raises NotUnderstood.

    `paths` maps the survey's names to the draft's; `lists` holds the paths of several choices.
    """
    reader = _Reader(_tokens(text), paths, lists)
    found = reader.either(0)
    if reader.tokens:
        raise NotUnderstood(f"`{reader.tokens[0][1][:40]}` is not understood there.")
    return found


def _tokens(text: str) -> list[tuple[str, str]]:
    found, offset = [], 0
    text = text.rstrip()
    while offset < len(text):
        match = _TOKEN.match(text, offset)
        if not match:
            raise NotUnderstood(f"`{text[offset : offset + 20].strip()}` is not understood.")
        found.append((str(match.lastgroup), match.group(str(match.lastgroup))))
        offset = match.end()
    return found


class _Reader:
    def __init__(
        self, tokens: list[tuple[str, str]], paths: Mapping[str, str], lists: Container[str]
    ) -> None:
        self.tokens, self.paths, self.lists = tokens, paths, lists

    def either(self, depth: int) -> Condition:
        if depth > MAX_DEPTH:
            raise NotUnderstood("It has too many brackets.")
        parts = [self.both(depth)]
        while self.take("or", "||"):
            parts.append(self.both(depth))
        return some(*parts)

    def both(self, depth: int) -> Condition:
        parts = [self.single(depth)]
        while self.take("and", "&&"):
            parts.append(self.single(depth))
        return every(*parts)

    def single(self, depth: int) -> Condition:
        if depth > MAX_DEPTH:
            raise NotUnderstood("It has too many brackets.")
        if self.take("!", "not"):
            return no(self.single(depth + 1))
        if self.take("("):
            found = self.either(depth + 1)
            if not self.take(")"):
                raise NotUnderstood("A closing bracket is missing.")
            return found
        return self.comparison()

    def take(self, *wanted: str) -> bool:
        kind, text = self.tokens[0] if self.tokens else ("", "")
        if kind not in ("word", "mark") or text.lower() not in wanted:
            return False
        self.tokens.pop(0)
        return True

    def comparison(self) -> Condition:
        kind, name = self.tokens.pop(0) if self.tokens else ("", "")
        if kind != "name":
            raise NotUnderstood(f"`{name[:40] or 'its end'}` is not the name of a question.")
        path = self.paths.get(name[1:-1].strip())
        if path is None:
            raise NotUnderstood(f"`{name[:60]}` is not a question that is carried over.")
        word = self.tokens.pop(0)[1].lower() if self.tokens else ""
        if word not in _COMPARE:
            raise NotUnderstood(f"`{word[:40] or name[:40]}` is not a comparison it knows.")
        operator = self.operator(word, path)
        if operator == "given":
            found: Condition = Test(path, "given")
        else:
            tests = [Test(path, operator, value) for value in self.values()]
            if len(tests) > 1 and word not in ("anyof", "allof"):
                raise NotUnderstood("It compares with a whole list.")
            found = every(*tests) if word == "allof" else some(*tests)
        return no(found) if word in _NEGATED else found

    def operator(self, word: str, path: str) -> Operator:
        found = _COMPARE[word]
        if found == "contains" and path not in self.lists:
            if word != "anyof":
                raise NotUnderstood("It looks for a part of a text.")
            return "="
        return "contains" if found == "=" and path in self.lists else found

    def values(self) -> list[Any]:
        if not self.take("["):
            return [self.value()]
        found = [self.value()]
        while self.take(","):
            found.append(self.value())
        if not self.take("]"):
            raise NotUnderstood("A closing bracket ] is missing.")
        return found

    def value(self) -> Any:
        kind, text = self.tokens.pop(0) if self.tokens else ("", "")
        if kind == "text":
            return re.sub(r"\\(.)", r"\1", text[1:-1])
        if kind == "number":
            return float(text) if "." in text else int(text)
        if kind == "word" and text.lower() in ("true", "false"):
            return text.lower() == "true"
        raise NotUnderstood(f"`{text[:40] or 'its end'}` is not a plain value.")


def write_expression(condition: Condition, scope: str = "") -> str:
    """The same condition in SurveyJS's words, names after `scope`; empty when it always holds."""
    return "" if condition == ALWAYS else _write(condition, scope, outermost=True)


def _write(condition: Condition, scope: str, *, outermost: bool = False) -> str:
    if isinstance(condition, Test):
        name = f"{{{scope}{condition.path}}}"
        if condition.operator == "given":
            return f"{name} notempty"
        return f"{name} {condition.operator} {_literal(condition.value)}"
    if isinstance(condition, No):
        return _write_negated(condition.part, scope)
    if condition == NEVER:
        return "1 = 2"
    word = " or " if isinstance(condition, Some) else " and "
    joined = word.join(_write(part, scope) for part in condition.parts)
    return joined if outermost else f"({joined})"


def _write_negated(part: Condition, scope: str) -> str:
    if isinstance(part, Test) and part.operator == "given":
        return f"{{{scope}{part.path}}} empty"
    if isinstance(part, Test) and part.operator == "=":
        return f"{{{scope}{part.path}}} <> {_literal(part.value)}"
    return f"!({_write(part, scope, outermost=True)})"


def _literal(value: Any) -> str:
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return json.dumps(value)
