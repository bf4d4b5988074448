"""Conditions as JSON Schema writes them in `if`, both ways."""

from collections.abc import Iterator, Mapping
from typing import Any

from ai_bridge.intake_exchange.logic.terms import (
    ALWAYS,
    NEVER,
    Condition,
    Every,
    No,
    Operator,
    Some,
    Test,
    every,
    no,
    some,
)
from ai_bridge.intake_exchange.shapes import listed, mapping, scalar

BOUNDS: dict[str, Operator] = {
    "minimum": ">=",
    "maximum": "<=",
    "exclusiveMinimum": ">",
    "exclusiveMaximum": "<",
}
KEYWORDS: dict[Operator, str] = {operator: keyword for keyword, operator in BOUNDS.items()}


def to_schema(condition: Condition) -> dict[str, Any]:
    """A JSON Schema that the answers' document meets just when the condition holds."""
    if isinstance(condition, Test):
        return _test_schema(condition)
    if isinstance(condition, No):
        return {"not": to_schema(condition.part)}
    if condition == NEVER:
        return {"not": {}}
    merged = _one_of_values(condition) if isinstance(condition, Some) else None
    if merged is not None:
        return merged
    parts = [to_schema(part) for part in condition.parts]
    return {"allOf" if isinstance(condition, Every) else "anyOf": parts} if parts else {}


def _one_of_values(condition: Some) -> dict[str, Any] | None:
    """`a = x or a = y` reads better as one `enum`."""
    tests = [part for part in condition.parts if isinstance(part, Test) and part.operator == "="]
    if len(tests) != len(condition.parts) or len({test.path for test in tests}) != 1:
        return None
    return _nest(tests[0].path, {"enum": [test.value for test in tests]})


def _test_schema(test: Test) -> dict[str, Any]:
    if test.operator == "given":
        return _nest(test.path, None)
    if test.operator == "=":
        return _nest(test.path, {"const": test.value})
    if test.operator == "contains":
        return _nest(test.path, {"contains": {"const": test.value}})
    return _nest(test.path, {KEYWORDS[test.operator]: test.value})


def _nest(path: str, leaf: dict[str, Any] | None) -> dict[str, Any]:
    name, _, rest = path.partition(".")
    inner = _nest(rest, leaf) if rest else leaf
    if inner is None:
        return {"required": [name]}
    return {"properties": {name: inner}, "required": [name]}


def from_schema(schema: Any, prefix: str = "") -> Condition | None:
    """The condition an `if` states about the object at `prefix`; None when it says more."""
    if schema is True or schema is False:
        return ALWAYS if schema else NEVER
    if not isinstance(schema, Mapping):
        return None
    known = {"properties", "required", "allOf", "anyOf", "not", "type", "title", "description"}
    if set(schema) - known:
        return None
    parts = list(_parts(schema, prefix))
    found = [part for part in parts if part is not None]
    return every(*found) if len(found) == len(parts) else None


def _parts(schema: Mapping[str, Any], prefix: str) -> Iterator[Condition | None]:
    required = [str(name) for name in listed(schema.get("required"))]
    stated = mapping(schema.get("properties"))
    for name, sub in stated.items():
        # A property that may be absent does not make the condition false: that has no short form.
        yield (
            about_answer(prefix + name, sub) if name in required else _if_given(prefix + name, sub)
        )
    yield from (Test(prefix + name, "given") for name in required if name not in stated)
    yield from (from_schema(part, prefix) for part in listed(schema.get("allOf")))
    if "anyOf" in schema:
        options = [from_schema(part, prefix) for part in listed(schema["anyOf"])]
        found = [option for option in options if option is not None]
        yield some(*found) if len(found) == len(options) else None
    if "not" in schema:
        inner = from_schema(schema["not"], prefix)
        yield None if inner is None else no(inner)


def _if_given(path: str, schema: Any) -> Condition | None:
    about = about_answer(path, schema)
    return None if about is None else some(no(Test(path, "given")), about)


def about_answer(path: str, schema: Any) -> Condition | None:
    """What a subschema says of one present answer."""
    if schema is True or schema == {}:
        return Test(path, "given")
    if not isinstance(schema, Mapping):
        return None
    if "properties" in schema or "required" in schema:
        return from_schema(schema, path + ".")
    stated = {key: item for key, item in schema.items() if key != "type"}
    parts = [_keyword(path, key, item) for key, item in stated.items()]
    found = [part for part in parts if part is not None]
    return every(*found) if parts and len(found) == len(parts) else None


def _keyword(path: str, keyword: str, stated: Any) -> Condition | None:
    if keyword == "const" and scalar(stated):
        return Test(path, "=", stated)
    if keyword == "enum" and all(map(scalar, listed(stated))):
        return some(*(Test(path, "=", value) for value in listed(stated)))
    if keyword in BOUNDS and scalar(stated):
        return Test(path, BOUNDS[keyword], stated)
    if keyword == "contains" and isinstance(stated, Mapping):
        if set(stated) == {"const"} and scalar(stated["const"]):
            return Test(path, "contains", stated["const"])
        if set(stated) == {"enum"} and all(map(scalar, listed(stated["enum"]))):
            return some(*(Test(path, "contains", value) for value in listed(stated["enum"])))
    if keyword == "not":
        inner = about_answer(path, stated)
        return None if inner is None else every(Test(path, "given"), no(inner))
    if keyword == "minLength" and stated == 1:
        return Test(path, "given")
    return None
