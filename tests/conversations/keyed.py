"""Every word of `x-intake` that a conversation can show, and what shows it.

A case holds with the word in the template and does not hold without it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ai_bridge.contract import Done

Template = dict[str, Any]
SETTINGS = ("x-intake",)
IT = ("properties", "it", "x-intake")


@dataclass(frozen=True)
class Seen:
    """What a visitor was answered line by line, and what a model would have been sent."""

    answers: list[Done]
    prompt: str

    @property
    def last(self) -> Done:
        return self.answers[-1]

    @property
    def text(self) -> str:
        return self.last.reply.text

    @property
    def value(self) -> Any:
        return next((held.value for held in self.last.fields if held.path == "it"), None)

    @property
    def labels(self) -> list[str]:
        return [choice.label for choice in self.last.reply.choices]


@dataclass(frozen=True)
class Case:
    """`place` is where the word stands in the template; its last part, or `i18n.` and it."""

    place: tuple[str, ...]
    template: Template
    talk: tuple[str, ...]
    shows: Callable[[Seen], bool]
    locale: str = "en"
    prefill: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """As the schema names it: `asking.why`, `settings.i18n.closing`."""
        where = "settings" if self.place[0] == "x-intake" else "asking"
        inner = self.place[self.place.index("x-intake") + 1 :]
        return ".".join([where, *(name for name in inner if name != "de")])

    def without(self) -> Template:
        """The template without the word."""
        return _without(self.template, self.place)


def _without(node: Template, place: tuple[str, ...]) -> Template:
    name, *rest = place
    if not rest:
        return {key: item for key, item in node.items() if key != name}
    return {**node, name: _without(node[name], tuple(rest))}


NAME: Template = {"type": "string", "x-intake": {"kind": "name", "ask": "Your name?"}}
TEXT: Template = {"type": "string"}
DATE: Template = {"type": "string", "format": "date"}
NUMBER: Template = {"type": "integer"}
SIZE: Template = {"enum": ["s1", "l1"]}
MAIL: Template = {"type": "string", "format": "email"}


def of_field(
    schema: Template, hints: Template, talk: str, shows: Callable[[Seen], bool], **more: Any
) -> Case:
    """The one word of `hints` (the first) shown by a field called `it`, required unless said."""
    beside, required = more.pop("beside", {}), more.pop("required", ["it"])
    name = next(iter(hints))
    place = (*IT, "i18n", "de", next(iter(hints["i18n"]["de"]))) if name == "i18n" else (*IT, name)
    it = {**schema, "x-intake": {**schema.get("x-intake", {}), **hints}}
    properties = {**beside, "it": it}
    template = {"type": "object", "properties": properties, "required": required}
    return Case(place, template, tuple(talk.split(" | ")), shows, **more)


def in_german(
    schema: Template, words: Template, talk: str, shows: Callable[[Seen], bool], **more: Any
) -> Case:
    return of_field(schema, {"i18n": {"de": words}}, talk, shows, locale="de-AT", **more)


def of_all(
    settings: Template, talk: str, shows: Callable[[Seen], bool], it: Template = MAIL
) -> Case:
    """The one word of `settings` (the first) shown by a template of one field."""
    name = next(iter(settings))
    words = settings["i18n"]["de"] if name == "i18n" else {}
    place = ("x-intake", "i18n", "de", next(iter(words))) if words else ("x-intake", name)
    template = {
        "type": "object",
        "x-intake": settings,
        "properties": {"it": it},
        "required": ["it"],
    }
    return Case(place, template, tuple(talk.split(" | ")), shows, "de" if words else "en")


STORY = "my parcel never came to the house"
TELL = {"type": "string", "title": "What happened"}

OF_FIELDS = (
    of_field(TEXT, {"kind": "phone"}, "hi | +44 20 7946 0018",
             lambda s: s.value == "+442079460018"),
    of_field(TEXT, {"ask": "Which colour?"}, "hi", lambda s: "Which colour?" in s.text),
    of_field(MAIL, {"why": "To write."}, "hi | why do you need that?",
             lambda s: "To write." in s.text),
    of_field(TEXT, {"help": "It is on the card."}, "hi | where do I find that?",
             lambda s: "It is on the card." in s.text),
    of_field(NUMBER, {"examples": [42]}, "hi | blah blah", lambda s: "For example: 42." in s.text),
    of_field(NUMBER, {"examples": [42]}, "hi | what do you mean?",
             lambda s: "For example: 42." in s.text),
    of_field(SIZE, {"labels": {"l1": "Golden"}}, "hi", lambda s: s.labels == ["S1", "Golden"]),
    of_field(SIZE, {"synonyms": {"l1": ["jumbo"]}}, "hi | jumbo", lambda s: s.value == "l1"),
    of_field(DATE, {"reprompts": ["Which day, please?", "A day?"]}, "hi | blah blah | blah blah",
             lambda s: [done.reply.text.endswith(end) for done, end in zip(
                 s.answers[1:], ("Which day, please?", "A day?"), strict=True)] == [True, True]),
    of_field(NUMBER, {"order": 1}, "hi", lambda s: s.last.reply.asking == "it",
             beside={"name": NAME}, required=["name", "it"]),
    of_field(TEXT, {"prefill": "visitor_code"}, "hi", lambda s: s.value == "X7",
             prefill={"visitor_code": "X7"}),
    of_field(TEXT, {"prefill": False}, "hi", lambda s: s.value is None, prefill={"it": "X7"}),
    of_field(MAIL, {"hidden": True}, "hi | Ann Lee", lambda s: s.last.reply.asking is None,
             beside={"name": NAME}, required=["name"]),
    of_field(MAIL, {"skip": True}, "hi", lambda s: s.labels == ["Skip"], required=[]),
    of_field(MAIL, {"skip": False}, "hi | skip",
             lambda s: s.last.reply.asking == "it", required=[]),
    of_field(MAIL, {"confirm": True}, "hi | ann@example.com",
             lambda s: "ann@example.com as your it. Is that right?" in s.text,
             beside={"name": NAME}, required=["it", "name"]),
    of_field(DATE, {"not_before": "today"}, "hi | 27 February 2026", lambda s: s.value is None),
    of_field(DATE, {"not_after": "+14 days"}, "hi | 27 March 2026", lambda s: s.value is None),
    of_field(MAIL, {"pii": True}, "hi | ann@example.com",
             lambda s: "ann@example.com" not in s.prompt),
)  # fmt: skip

IN_GERMAN = (
    in_german(NUMBER, {"title": "Zahl"}, "hi", lambda s: "zahl" in s.text),
    in_german(TEXT, {"description": "Farbe des Autos"}, "hi", lambda s: "Farbe des" in s.prompt),
    in_german(TEXT, {"ask": "Welche Farbe?"}, "hi", lambda s: "Welche Farbe?" in s.text),
    in_german(MAIL, {"why": "Zum Schreiben."}, "hi | why do you need that?",
              lambda s: "Zum Schreiben." in s.text),
    in_german(TEXT, {"help": "Auf der Karte."}, "hi | where do I find that?",
              lambda s: "Auf der Karte." in s.text),
    in_german(NUMBER, {"examples": [42]}, "hi | blah blah", lambda s: "For example: 42." in s.text),
    in_german(SIZE, {"labels": {"l1": "Riesig"}}, "hi | riesig", lambda s: s.value == "l1"),
    in_german(SIZE, {"synonyms": {"l1": ["dicke"]}}, "hi | dicke", lambda s: s.value == "l1"),
    in_german(DATE, {"reprompts": ["Welcher Tag?"]}, "hi | blah blah",
              lambda s: "Welcher Tag?" in s.text),
)  # fmt: skip

OF_ALL = (
    of_all({"greeting": "Tell me what happened."}, STORY, lambda s: s.value == STORY, TELL),
    of_all({"closing": "Bye {it}!"}, "hi | ann@example.com | yes",
           lambda s: s.text == "Bye ann@example.com!"),
    of_all({"tone": "friendly"}, "hi", lambda s: s.text.startswith("Hi there!")),
    of_all({"language": "fr"}, "hi", lambda s: "language, else in fr." in s.prompt),
    of_all({"region": "GB"}, "hi | 03/04", lambda s: s.value == "2026-04-03", DATE),
    of_all({"confirm": False}, "hi | ann@example.com", lambda s: s.last.status == "completed"),
    of_all({"max_turns": 2}, "hi | hmm", lambda s: s.last.status == "closed"),
    of_all({"i18n": {"de": {"title": "Der Antrag"}}}, "hi", lambda s: "Der Antrag" in s.prompt),
    of_all({"i18n": {"de": {"greeting": "Tell me what happened."}}}, STORY,
           lambda s: s.value == STORY, TELL),
    of_all({"i18n": {"de": {"closing": "Danke {it}!"}}}, "hi | ann@example.com | yes",
           lambda s: s.text == "Danke ann@example.com!"),
    of_all({"i18n": {"de": {"tone": "friendly"}}}, "hi", lambda s: s.text.startswith("Hi there!")),
)  # fmt: skip

CASES = (*OF_FIELDS, *IN_GERMAN, *OF_ALL)
