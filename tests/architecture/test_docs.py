"""The documents name every command, frame, error code and event that exists."""

import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

from ai_bridge import contract
from ai_bridge.errors import ChatError
from sessions_app import frames

ROOT = Path(__file__).resolve().parents[2]


def text_of(*names: str) -> str:
    return "\n".join((ROOT / name).read_text() for name in names)


def all_documents() -> str:
    paths = sorted((ROOT / "docs").rglob("*.md"))
    return text_of("README.md", *(str(path.relative_to(ROOT)) for path in paths))


def unnamed(names: Iterable[str], text: str) -> list[str]:
    """Those that the text does not set as code, alone or at the head of a phrase."""
    return sorted(
        name
        for name in set(names)
        if not re.search(rf"`[^`\n]*\b{re.escape(name)}\b[^`\n]*`", text)
    )


def wire_types(models: Iterable[object]) -> Iterator[str]:
    """The value of `type` of every frame or event among these."""
    for model in models:
        if isinstance(model, type) and issubclass(model, BaseModel):
            field = model.model_fields.get("type")
            if field and get_origin(field.annotation) is Literal:
                yield from get_args(field.annotation)


def error_codes(family: type[ChatError]) -> Iterator[str]:
    yield family.code
    for child in family.__subclasses__():
        yield from error_codes(child)


def dom_events() -> set[str]:
    """Event names stand in quotes where the widget's code makes them from what happened."""
    source = text_of("static/widget/src/happenings.ts")
    made = re.findall(r'(?::|element,) "([a-z]+)"', source)
    return {f"chatsaas:{name}" for name in {*made, "open", "close"}}


def commands() -> list[str]:
    paths = ROOT.glob("*/management/commands/[a-z]*.py")
    return [path.stem for path in paths]


def test_every_command_is_named() -> None:
    text = all_documents()
    missing = [name for name in commands() if f"manage.py {name}" not in text]
    assert not missing, f"Name them in README.md or docs/: {missing}"


def test_every_frame_of_the_socket_is_named() -> None:
    assert unnamed(wire_types(vars(frames).values()), text_of("docs/socket.md")) == []


def test_every_event_of_the_runner_is_named() -> None:
    assert unnamed(wire_types(vars(contract).values()), text_of("docs/runner.md")) == []


def test_every_error_code_is_named() -> None:
    import_module("sessions_app.errors")
    codes = set(error_codes(ChatError)) - {ChatError.code}
    assert unnamed(codes, all_documents()) == []


def test_every_event_of_the_widget_is_named() -> None:
    assert len(dom_events()) >= 7
    assert unnamed(dom_events(), text_of("docs/widget.md")) == []


@pytest.mark.parametrize("text", ["resync is a word here", "`resynchronise`", ""])
def test_a_name_that_is_only_mentioned_in_passing_counts_as_missing(text: str) -> None:
    assert unnamed(["resync"], text) == ["resync"]
