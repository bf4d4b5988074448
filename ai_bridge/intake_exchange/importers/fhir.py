"""A draft from a FHIR Questionnaire, R4 or R5."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ai_bridge.intake_exchange.drafting import Draft, Group
from ai_bridge.intake_exchange.fhir_terms import KIND, RANGE_KEY, extensions, value_of
from ai_bridge.intake_exchange.importers.fhir_items import coding_systems, item_schema, said
from ai_bridge.intake_exchange.importers.wording import bounds
from ai_bridge.intake_exchange.logic import ALWAYS, Condition, Test, every, no, some
from ai_bridge.intake_exchange.logic.terms import Operator, shortest
from ai_bridge.intake_exchange.naming import is_good_name, slug
from ai_bridge.intake_exchange.shapes import mapping, mappings, name_of, scalar, whole, words

COMPARE: dict[str, Operator] = {
    "=": "=", "!=": "=", ">": ">", "<": "<", ">=": ">=", "<=": "<=", "exists": "given",
}  # fmt: skip
MEANINGLESS = re.compile(r"[A-Za-z]{1,4}[-_]?\d+|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|LL?\d+-\d")


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question in the draft: the repeated object it belongs to (0 is the form), and its path."""

    scope: int
    path: str
    is_list: bool


@dataclass(frozen=True, slots=True)
class _Open:
    """An item whose conditions wait until every item has its name."""

    item: Mapping[str, Any]
    group: Group
    name: str
    required: bool
    scope: int
    pointer: str


class _Questionnaire:
    def __init__(self, draft: Draft, source: Mapping[str, Any]) -> None:
        self.draft = draft
        self.contained = {
            name_of(resource.get("id")): resource
            for _, resource in mappings(source.get("contained"))
        }
        self.asked: dict[str, _Asked] = {}
        self.open: list[_Open] = []
        self.scopes = 1

    def items(self, holder: Mapping[str, Any], group: Group, pointer: str, scope: int) -> None:
        for index, item in mappings(holder.get("item")):
            here = f"{pointer}/item/{index}"
            if item.get("type") == "group":
                self.group(item, group, here, scope)
            elif item.get("type") == "display":
                self.display(holder, here)
            else:
                self.question(item, group, here, scope)

    def display(self, holder: Mapping[str, Any], pointer: str) -> None:
        """Inside a question it is the question's help; elsewhere nobody asks for it."""
        if holder.get("type") in (None, "group"):
            self.draft.lose(
                pointer,
                "The text was left out.",
                "It asks for nothing.",
                "Put it into the `help` of a field, if visitors need it.",
            )

    def group(self, item: Mapping[str, Any], group: Group, pointer: str, scope: int) -> None:
        wanted = self.wanted(item, group)
        if item.get("repeats") is True:
            low = whole(next(extensions(item, "questionnaire-minOccurs"), None))
            high = whole(next(extensions(item, "questionnaire-maxOccurs"), None))
            outer = bounds(said(item), minItems=low, maxItems=high)
            outer |= self.link(item, group.path_of(wanted), scope)
            inner = self.draft.open_repeated(group, wanted, outer)
            name, self.scopes = list(group.properties)[-1], self.scopes + 1
            required = item.get("required") is True
            self.open.append(_Open(item, group, name, required, scope, pointer))
            self.items(item, inner, pointer, self.scopes - 1)
        else:
            inner = self.draft.open_group(group, wanted)
            inner.schema |= said(item)
            name = inner.path.rpartition(".")[2]
            inner.schema |= self.link(item, inner.path, scope)
            self.open.append(_Open(item, group, name, False, scope, pointer))
            self.items(item, inner, pointer, scope)
            stated = next(extensions(item, KIND), None)
            if stated == "address" or (stated == "date_range" and _is_two_dates(inner)):
                hints = mapping(inner.schema.get("x-intake"))
                inner.schema["x-intake"] = {**hints, "kind": stated}

    def question(self, item: Mapping[str, Any], group: Group, pointer: str, scope: int) -> None:
        schema = item_schema(self.draft, item, self.contained, pointer)
        if schema is not None:
            path = self.draft.add(group, self.wanted(item, group), schema)
            link = name_of(item.get("linkId"))
            self.remember(item, schema, path, scope)
            self.asked[link] = _Asked(scope, path, schema.get("type") == "array")
            name, required = path.rpartition(".")[2], item.get("required") is True
            self.open.append(_Open(item, group, name, required, scope, pointer))
        self.items(item, group, pointer, scope)

    def link(self, item: Mapping[str, Any], path: str, scope: int) -> dict[str, Any]:
        found = name_of(item.get("linkId"))
        return {"x-fhir": {"linkId": found}} if found and (found != path or scope) else {}

    def remember(
        self, item: Mapping[str, Any], schema: dict[str, Any], path: str, scope: int
    ) -> None:
        """What an export needs to name the same items and codes again."""
        found: dict[str, Any] = dict(self.link(item, path, scope).get("x-fhir", {}))
        if isinstance(item.get("code"), list):
            found["code"] = item["code"]
        systems = coding_systems(item, self.contained)
        if systems:
            found["systems"] = systems
        if found:
            schema["x-fhir"] = found

    def wanted(self, item: Mapping[str, Any], group: Group) -> str:
        link, text = name_of(item.get("linkId")), words(item.get("text"))
        last = link.rpartition(".")[2]
        if is_good_name(last) and not MEANINGLESS.fullmatch(last):
            return last
        return slug(text or link)

    def settle(self) -> None:
        for opened in self.open:
            condition = self.condition(opened)
            self.draft.gate(
                opened.group, opened.name, required=opened.required, condition=condition
            )

    def condition(self, opened: _Open) -> Condition:
        found = []
        for index, stated in mappings(opened.item.get("enableWhen")):
            test = self.test(stated, opened.scope)
            if test is None:
                self.draft.lose(
                    f"{opened.pointer}/enableWhen/{index}",
                    "The condition was left out.",
                    "It asks about an item that is not carried over or lies outside this group, "
                    "or compares what a template cannot.",
                    "Write an `if`/`then` for it by hand.",
                )
            else:
                found.append(test)
        for _, extension in mappings(opened.item.get("extension")):
            url = name_of(extension.get("url"))
            if url.endswith("Expression") or _is_rule(extension):
                named = url.rpartition("/")[2].rpartition("-")[2]
                self.draft.lose(
                    opened.pointer,
                    f"`{named[:60]}` was left out.",
                    "It is an expression in another language.",
                    "Write a condition by hand, or compute it where you receive the result.",
                )
        if not found:
            return ALWAYS
        is_all = opened.item.get("enableBehavior") == "all"
        return shortest(every(*found) if is_all else some(*found))

    def test(self, stated: Mapping[str, Any], scope: int) -> Condition | None:
        asked = self.asked.get(name_of(stated.get("question")))
        operator, value = name_of(stated.get("operator")), value_of(stated, "answer")
        if isinstance(value, Mapping):
            value = value.get("code") or value.get("display") or value.get("value")
        if asked is None or asked.scope != scope or operator not in COMPARE or not scalar(value):
            return None
        compare = COMPARE[operator]
        given = Test(asked.path, "given")
        if compare == "given":
            return given if value is True else no(given)
        if compare != "=" and not isinstance(value, int | float):
            return None
        found = Test(asked.path, "contains" if compare == "=" and asked.is_list else compare, value)
        return every(given, no(found)) if operator == "!=" else found


def _is_two_dates(group: Group) -> bool:
    formats = [mapping(end).get("format") for end in group.properties.values()]
    return formats == ["date", "date"]


def _is_rule(extension: Mapping[str, Any]) -> bool:
    """A rule about answers that no kind of ours says."""
    if not name_of(extension.get("url")).lower().endswith("constraint"):
        return False
    stated = [value_of(inner) for _, inner in mappings(extension.get("extension"))]
    return RANGE_KEY not in stated


def import_fhir(source: Mapping[str, Any]) -> Draft:
    title = words(source.get("title")) or words(source.get("name"))
    draft = Draft(title, words(source.get("description"), 2000))
    if re.fullmatch(r"(https?://|urn:)[!-~]{1,400}", name_of(source.get("url"))):
        draft.top.schema["$id"] = source["url"]
    questionnaire = _Questionnaire(draft, mapping(source))
    questionnaire.items(source, draft.top, "", 0)
    questionnaire.settle()
    return draft
