"""The draft of a template as JSON text: parsed, checked, and refused with every reason."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from ai_bridge.intake import (
    JsonFile,
    Problem,
    UnreadableJson,
    check_template,
    lint_template,
    read_json,
)

EMPTY = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "New intake",
    "type": "object",
    "x-intake": {"greeting": "Hello! May I ask you a few things?", "confirm": True},
    "properties": {
        "name": {"type": "string", "x-intake": {"kind": "name", "ask": "What is your name?"}},
        "email": {"type": "string", "format": "email"},
    },
    "required": ["name", "email"],
}


class JsonEditor(forms.Textarea):
    """A text area that the page turns into an editor."""

    template_name = "dashboard/widgets/json_editor.html"


class DraftField(forms.CharField):
    """JSON text in the page, a document in the row. What was typed is shown again as typed."""

    widget = JsonEditor
    default_error_messages = {"required": "The template is empty. Write a JSON object."}

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else pretty_json(value)

    def clean(self, value: Any) -> Mapping[str, Any]:
        read = _read(super().clean(value))
        if problems := check_template(read.value):
            raise ValidationError(_placed(problems, read))
        return read.value  # type: ignore[no-any-return]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial) != data)


def pretty_json(document: Any) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False)


def warnings_of(document: Mapping[str, Any]) -> list[str]:
    """What the template asks badly, by the line of the text that the editor shows."""
    return _placed(lint_template(document), read_json(pretty_json(document)))


def _placed(problems: Iterable[Problem], read: JsonFile) -> list[str]:
    placed = sorted((read.place(problem.pointer), str(problem)) for problem in problems)
    return [f"Line {line}, {problem}" for (line, _), problem in placed]


def _read(text: str) -> JsonFile:
    try:
        return read_json(text)
    except UnreadableJson as fault:
        raise ValidationError(
            f"Line {fault.line}, column {fault.column}: {fault.detail} {fault.mend}"
        ) from fault
