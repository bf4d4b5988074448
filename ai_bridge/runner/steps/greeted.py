"""What the greeting asked for, before any question of ours was put."""

from collections.abc import Mapping
from typing import Any

from ai_bridge.intake import Intake, IntakeField
from ai_bridge.runner.extract.lexicon import FUNCTION, words_of
from ai_bridge.runner.extract.narrative import ENDS_STORY
from ai_bridge.runner.extract.signals import find_signals

# Open words and a bare yes may be about anything before the first question was asked.
_OPEN = ("text", "address", "boolean", "consent", "list")
# Fewer words than this are no story; in a long one people also doubt, thank or say what they skip.
_STORY, _LONG_STORY = 5, 10
_POLITE = frozenset({"greeting", "thanks"})


def greeted_for(intake: Intake, values: Mapping[str, Any]) -> tuple[str, ...]:
    """The greeting usually asks for the first field, so a bare "Ann" may answer it."""
    field = _first(intake, values)
    return () if field is None or field.kind in _OPEN else (field.path,)


def told_at_once(text: str, intake: Intake, values: Mapping[str, Any]) -> str | None:
    """The field of free words that this first message tells, because the greeting asked for it.

    Only a greeting in which one such field alone is named, and only a message that is a story.
    """
    field = _first(intake, values)
    if field is None or field.kind != "text" or not _is_story(text):
        return None
    asked = frozenset(words_of(intake.settings.greeting))
    open_fields = (item for item in intake.fields if item.kind == "text")
    named = [item.path for item in open_fields if _is_named(item, asked)]
    return field.path if named == [field.path] else None


def _first(intake: Intake, values: Mapping[str, Any]) -> IntakeField | None:
    first = next((path for path in intake.required(values) if path not in values), None)
    field = intake.field(first) if first else None
    return None if field is None or field.hidden else field


def _is_named(field: IntakeField, asked: frozenset[str]) -> bool:
    """Whether the greeting holds every telling word of the field's question, title or name."""
    said = (field.ask, field.title, field.name.replace("_", " "))
    telling = (frozenset(words_of(text)) - FUNCTION for text in said)
    return any(words and words <= asked for words in telling)


def _is_story(text: str) -> bool:
    count, signals = len(words_of(text)), find_signals(text.lower()).keys()
    if count < _STORY or "?" in text:
        return False
    return signals <= _POLITE or (count >= _LONG_STORY and not ENDS_STORY & signals)
