"""A draft from a Google Form (the form resource of its API)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ai_bridge.intake_exchange.drafting import Draft
from ai_bridge.intake_exchange.importers.wording import (
    bounds,
    combine,
    guessed,
    kind,
    lose_tangle,
    options,
    several,
    wording,
)
from ai_bridge.intake_exchange.logic import ALWAYS, Condition, Test
from ai_bridge.intake_exchange.logic.flow import Jump, reached
from ai_bridge.intake_exchange.naming import slug
from ai_bridge.intake_exchange.shapes import mapping, mappings, name_of, whole, words


@dataclass(frozen=True, slots=True)
class _Asked:
    name: str
    required: bool
    section: int


class _Form:
    """Sections are the steps of the form: only from one to another can an answer jump."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.asked: list[_Asked] = []
        self.sections: list[str] = [""]
        self.jumps: list[tuple[int, str, Mapping[str, Any], str]] = []

    def item(self, item: Mapping[str, Any], pointer: str) -> None:
        if "pageBreakItem" in item:
            self.sections.append(name_of(item.get("itemId")))
        elif "questionItem" in item:
            question = mapping(mapping(item["questionItem"]).get("question"))
            self.question(item, question, f"{pointer}/questionItem/question")
        elif "questionGroupItem" in item:
            self.grid(item, mapping(item["questionGroupItem"]), f"{pointer}/questionGroupItem")
        else:
            self.draft.lose(
                pointer,
                "The item was left out.",
                "It is a text, a picture or a film, and asks for nothing.",
                "Put its text into a field's `help`, if visitors need it.",
            )

    def question(self, item: Mapping[str, Any], question: Mapping[str, Any], pointer: str) -> None:
        schema = _schema(self.draft, question, pointer)
        if schema is None:
            return
        said = wording(item.get("title"), item.get("description"))
        wanted = slug(words(item.get("title")))
        name = self.draft.add(self.draft.top, wanted, guessed(combine(said, schema), wanted))
        required = question.get("required") is True
        self.asked.append(_Asked(name, required, len(self.sections) - 1))
        choice = mapping(question.get("choiceQuestion"))
        for index, option in mappings(choice.get("options")):
            if "goToSectionId" in option or "goToAction" in option:
                at = f"{pointer}/choiceQuestion/options/{index}"
                self.jumps.append((len(self.sections) - 1, name, option, at))

    def grid(self, item: Mapping[str, Any], grid: Mapping[str, Any], pointer: str) -> None:
        title = words(item.get("title"), 200)
        group = self.draft.open_group(self.draft.top, slug(title), title)
        columns = mapping(mapping(grid.get("grid")).get("columns"))
        for index, question in mappings(grid.get("questions")):
            at = f"{pointer}/questions/{index}"
            schema = _schema(self.draft, {"choiceQuestion": columns}, at)
            row = words(mapping(question.get("rowQuestion")).get("title"))
            if schema is not None:
                required = question.get("required") is True
                found = combine(wording(row), schema)
                self.draft.add(group, slug(row), found, required=required)
        self.asked.append(_Asked(group.path, False, len(self.sections) - 1))

    def settle(self) -> None:
        jumps: dict[int, list[Jump]] = {}
        for section, name, option, pointer in self.jumps:
            target = self.target(section, option)
            if target is None:
                self.draft.lose(
                    pointer,
                    "The jump was left out: the sections in between are asked.",
                    "It leads back or to a section that is not there.",
                    "Write an `if`/`then` for it by hand.",
                )
            elif target > section + 1:
                test: Condition = Test(name, "=", words(option.get("value"), 200))
                jumps.setdefault(section, []).append(Jump(test, target))
        conditions = reached(len(self.sections), jumps)
        for asked in self.asked:
            condition = conditions[asked.section]
            if condition is None:
                lose_tangle(self.draft, "/items", asked.name)
            self.draft.gate(
                self.draft.top, asked.name, required=asked.required, condition=condition or ALWAYS
            )

    def target(self, section: int, option: Mapping[str, Any]) -> int | None:
        stated = option.get("goToAction")
        if stated == "NEXT_SECTION":
            return section + 1
        if stated == "SUBMIT_FORM":
            return len(self.sections)
        wanted = name_of(option.get("goToSectionId"))
        found = self.sections.index(wanted) if wanted and wanted in self.sections else None
        return found if found is not None and found > section else None


def import_google_forms(source: Mapping[str, Any]) -> Draft:
    info = mapping(source.get("info"))
    title = words(info.get("title") or info.get("documentTitle"), 200)
    draft = Draft(title, words(info.get("description"), 2000))
    form = _Form(draft)
    for index, item in mappings(source.get("items")):
        form.item(item, f"/items/{index}")
    form.settle()
    if mapping(mapping(source.get("settings")).get("quizSettings")).get("isQuiz") is True:
        draft.lose(
            "/settings/quizSettings",
            "Points and right answers were left out.",
            "An intake marks no answers.",
            "Mark them where you receive the result.",
        )
    return draft


def _schema(draft: Draft, question: Mapping[str, Any], pointer: str) -> dict[str, Any] | None:
    if "choiceQuestion" in question:
        return _choice(draft, mapping(question["choiceQuestion"]), f"{pointer}/choiceQuestion")
    if "textQuestion" in question:
        return {"type": "string"}
    if "scaleQuestion" in question:
        scale = mapping(question["scaleQuestion"])
        low = whole(scale.get("low"))
        return bounds({"type": "integer"}, minimum=low, maximum=whole(scale.get("high")))
    if "ratingQuestion" in question:
        high = whole(mapping(question["ratingQuestion"]).get("ratingScaleLevel")) or 5
        return {"type": "integer", "minimum": 1, "maximum": high}
    if "dateQuestion" in question:
        timed = mapping(question["dateQuestion"]).get("includeTime") is True
        return {"type": "string", "format": "date-time" if timed else "date"}
    if "timeQuestion" in question:
        lasting = mapping(question["timeQuestion"]).get("duration") is True
        return {"type": "string", "format": "duration"} if lasting else kind("time")
    draft.lose(
        pointer,
        "The question was left out.",
        "It wants a file, or is of a type that is not known.",
        "Ask for files elsewhere.",
    )
    return None


def _choice(draft: Draft, choice: Mapping[str, Any], pointer: str) -> dict[str, Any]:
    for index, option in mappings(choice.get("options")):
        if option.get("isOther") is True:
            draft.lose(
                f"{pointer}/options/{index}",
                "The option `other` was left out.",
                "An answer is one of the options that `enum` lists.",
                "Add an option for it, and a text field that it opens.",
            )
    single = options(
        (words(option.get("value"), 200), "")
        for _, option in mappings(choice.get("options"))
        if option.get("isOther") is not True
    )
    return several(single) if choice.get("type") == "CHECKBOX" else single
