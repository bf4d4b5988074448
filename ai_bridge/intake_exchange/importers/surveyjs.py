"""A draft from a SurveyJS survey."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ai_bridge.intake_exchange.drafting import Draft, Group
from ai_bridge.intake_exchange.importers.surveyjs_questions import question_schema
from ai_bridge.intake_exchange.importers.wording import bounds, wording
from ai_bridge.intake_exchange.logic import ALWAYS, Condition, every
from ai_bridge.intake_exchange.logic.surveyjs import NotUnderstood, read_expression
from ai_bridge.intake_exchange.naming import slug
from ai_bridge.intake_exchange.shapes import listed, mapping, mappings, name_of, whole, words

REPEATED = {"paneldynamic": "templateElements", "matrixdynamic": "columns"}


@dataclass(frozen=True, slots=True)
class _Open:
    """A question whose conditions wait until every question has its name."""

    group: Group
    name: str
    visible: tuple[tuple[str, str], ...]
    required_if: tuple[str, str] | None
    required: bool
    scope: int


class _Survey:
    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.open: list[_Open] = []
        # For each repeated object (0 is the survey itself): the survey's names, the draft's paths.
        self.scopes: list[dict[str, str]] = [{}]
        self.lists: set[str] = set()

    def elements(
        self,
        holder: Mapping[str, Any],
        group: Group,
        pointer: str,
        visible: tuple[tuple[str, str], ...] = (),
        scope: int = 0,
    ) -> None:
        for key in ("elements", "questions", "templateElements"):
            for index, element in mappings(holder.get(key)):
                self.element(element, group, f"{pointer}/{key}/{index}", visible, scope)

    def element(
        self,
        element: Mapping[str, Any],
        group: Group,
        pointer: str,
        visible: tuple[tuple[str, str], ...],
        scope: int,
    ) -> None:
        if name_of(element.get("visibleIf")).strip():
            visible = (*visible, (f"{pointer}/visibleIf", element["visibleIf"]))
        stated = name_of(element.get("type"))
        if stated == "panel":
            self.panel(element, group, pointer, visible, scope)
        elif stated in REPEATED:
            self.repeated(element, group, pointer, visible, scope)
        elif stated in ("multipletext", "matrix"):
            self.rows(element, group, pointer, visible, scope)
        else:
            self.question(element, group, pointer, visible, scope)

    def panel(
        self,
        element: Mapping[str, Any],
        group: Group,
        pointer: str,
        visible: tuple[tuple[str, str], ...],
        scope: int,
    ) -> None:
        """Answers in a panel are the survey's own, unless their names say `panel.question`."""
        prefix = name_of(element.get("name")) + "."
        names = [name_of(inner.get("name")) for _, inner in mappings(element.get("elements"))]
        if names and all(name.startswith(prefix) for name in names):
            inner = self.draft.open_group(group, prefix[:-1], words(element.get("title"), 200))
            name = inner.path.rpartition(".")[2]
            self.open.append(_Open(group, name, visible, None, False, scope))
            self.elements(_without_order(element), inner, pointer, (), scope)
            _make_money(inner)
            _make_range(inner, element)
        else:
            self.elements(element, group, pointer, visible, scope)

    def question(
        self,
        element: Mapping[str, Any],
        group: Group,
        pointer: str,
        visible: tuple[tuple[str, str], ...],
        scope: int,
    ) -> None:
        schema = question_schema(self.draft, element, pointer)
        if schema is None:
            return
        stated = name_of(element.get("name"))
        wanted = stated.rpartition(".")[2] if group.path and "." in stated else stated
        path = self.draft.add(group, wanted or slug(words(element.get("title"))), schema)
        self.scopes[scope][stated] = path
        if schema.get("type") == "array":
            self.lists.add(path)
        rule = name_of(element.get("requiredIf"))
        self.open.append(
            _Open(
                group,
                path.rpartition(".")[2],
                visible,
                (f"{pointer}/requiredIf", rule) if rule.strip() else None,
                element.get("isRequired") is True,
                scope,
            )
        )

    def repeated(
        self,
        element: Mapping[str, Any],
        group: Group,
        pointer: str,
        visible: tuple[tuple[str, str], ...],
        scope: int,
    ) -> None:
        kind = str(element["type"])
        unit = "panel" if kind == "paneldynamic" else "row"
        low = whole(element.get(f"min{unit.capitalize()}Count"))
        high = whole(element.get(f"max{unit.capitalize()}Count"))
        outer = bounds(wording(element.get("title")), minItems=low or None, maxItems=high)
        wanted = name_of(element.get("name")) or slug(words(element.get("title")))
        items = self.draft.open_repeated(group, wanted, outer)
        self.scopes.append({})
        inner = len(self.scopes) - 1
        holder = element if kind == "paneldynamic" else {"elements": _columns(element)}
        self.elements(holder, items, pointer, scope=inner)
        names = self.scopes[inner]
        names |= {f"{unit}.{name}": path for name, path in tuple(names.items())}
        name = list(group.properties)[-1]
        required = element.get("isRequired") is True or bool(low)
        self.open.append(_Open(group, name, visible, None, required, scope))

    def rows(
        self,
        element: Mapping[str, Any],
        group: Group,
        pointer: str,
        visible: tuple[tuple[str, str], ...],
        scope: int,
    ) -> None:
        """A table of texts, or of one choice per row: an object with a field for each row."""
        stated = name_of(element.get("name"))
        inner = self.draft.open_group(group, stated, words(element.get("title"), 200))
        rows = listed(element.get("items") or element.get("rows"))
        for index, row in enumerate(rows):
            item = row if isinstance(row, Mapping) else {"value": row}
            name = name_of(item.get("name") or item.get("value"))
            title = words(item.get("title") or item.get("text")) or name
            question = {**item, "type": "text", "name": f"{stated}.{name}", "title": title}
            if element["type"] == "matrix":
                question |= {"type": "radiogroup", "choices": element.get("columns")}
            question["isRequired"] = item.get("isRequired", element.get("isRequired"))
            self.question(question, inner, f"{pointer}/{index}", visible, scope)

    def settle(self) -> None:
        for item in self.open:
            condition = every(*(self.read(*stated, item.scope) for stated in item.visible))
            required = item.required
            if item.required_if:
                condition = every(condition, self.read(*item.required_if, item.scope))
                required = condition != ALWAYS
                self.draft.lose(
                    item.required_if[0],
                    f"`{item.name}` is asked for only while this condition holds.",
                    "A field that is required under a condition belongs to that condition.",
                    "Remove the condition from the draft to ask always.",
                )
            self.draft.gate(item.group, item.name, required=required, condition=condition)

    def read(self, pointer: str, text: str, scope: int) -> Condition:
        try:
            return read_expression(text, self.scopes[scope], self.lists)
        except NotUnderstood as fault:
            self.draft.lose(
                pointer,
                f"The condition `{text[:80]}` was left out: the field is always asked for.",
                str(fault),
                "Write an `if`/`then` for it by hand.",
            )
            return ALWAYS


def import_surveyjs(source: Mapping[str, Any]) -> Draft:
    draft = Draft(words(source.get("title"), 200), words(source.get("description"), 2000))
    closing = words(source.get("completedHtml"))
    if closing:
        draft.settings["closing"] = closing
    survey = _Survey(draft)
    survey.elements(source, draft.top, "")
    for index, page in mappings(source.get("pages")):
        stated = name_of(page.get("visibleIf"))
        pointer = f"/pages/{index}"
        visible = ((f"{pointer}/visibleIf", stated),) if stated.strip() else ()
        survey.elements(page, draft.top, pointer, visible)
    survey.settle()
    for key in ("triggers", "calculatedValues"):
        for index, _ in mappings(source.get(key)):
            draft.lose(
                f"/{key}/{index}",
                "It was left out.",
                "A template computes nothing.",
                "Compute it where you receive the result.",
            )
    return draft


def _columns(element: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The columns of a table as questions; a column may leave its type to the table."""
    default = element.get("cellType", "dropdown")
    return [
        {
            "choices": element.get("choices"),
            **column,
            "type": column.get("cellType", default),
            "title": column.get("title") or column.get("name"),
        }
        for _, column in mappings(element.get("columns"))
    ]


def _ordered(element: Mapping[str, Any]) -> bool:
    """Whether this is a panel of two dates that wants the second not before the first."""
    ends = [inner for _, inner in mappings(element.get("elements"))]
    if len(ends) != 2 or any(end.get("inputType") != "date" for end in ends):
        return False
    first, last = (re.escape(name_of(end.get("name"))) for end in ends)
    rule = re.compile(
        rf"(?:\{{(?:panel\.)?{first}\}} empty or )?"
        rf"\{{(?:panel\.)?{last}\}} >= \{{(?:panel\.)?{first}\}}"
    )
    stated = [name_of(item.get("expression")) for _, item in mappings(ends[1].get("validators"))]
    return any(rule.fullmatch(text) for text in stated)


def _without_order(element: Mapping[str, Any]) -> Mapping[str, Any]:
    """The panel without the rule that its kind says."""
    if not _ordered(element):
        return element
    first, last = listed(element["elements"])
    kept = [item for _, item in mappings(last["validators"]) if item.get("type") != "expression"]
    return {**element, "elements": [first, {**last, "validators": kept}]}


def _make_range(group: Group, element: Mapping[str, Any]) -> None:
    if _ordered(element):
        hints = mapping(group.schema.get("x-intake"))
        group.schema["x-intake"] = {**hints, "kind": "date_range"}


def _make_money(group: Group) -> None:
    """A panel of exactly an amount and a currency is money."""
    if set(group.properties) == {"amount", "currency"}:
        group.schema["x-intake"] = {**mapping(group.schema.get("x-intake")), "kind": "money"}
