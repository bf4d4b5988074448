"""The draft of a template as JSON text: parsed, checked, and refused with every reason."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from ai_bridge.intake import check_template
from tenants.workspace.json_lines import line_of

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
        text = super().clean(value)
        document = _parse(text)
        if problems := check_template(document):
            placed = sorted((line_of(text, problem.pointer), str(problem)) for problem in problems)
            raise ValidationError([f"Line {line}, {problem}" for line, problem in placed])
        return document  # type: ignore[no-any-return]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial) != data)


def pretty_json(document: Any) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False)


def _parse(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse, object_pairs_hook=_unique)
    except json.JSONDecodeError as wrong:
        raise ValidationError(
            f"Line {wrong.lineno}, column {wrong.colno}: this is not JSON ({wrong.msg}). "
            "Often a comma or a quotation mark is missing just before."
        ) from wrong
    except RecursionError as deep:
        raise ValidationError("The template is nested too deeply to be read. Flatten it.") from deep


def _refuse(constant: str) -> Any:
    raise ValidationError(f"{constant} is not JSON. Write a number, or null.")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Python keeps the last of two equal keys in silence, and with it half of what was typed."""
    seen = dict(pairs)
    if len(seen) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValidationError(f"The key “{twice}” stands twice in one object. Remove one of them.")
    return seen
