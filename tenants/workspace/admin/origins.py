"""Allowed origins as a person types them: one per line."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from unfold.widgets import UnfoldAdminTextareaWidget

DEFAULT_PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]")


class OriginsField(forms.CharField):
    """Text in the page, a list of origins in the row. Every bad line is named with its number."""

    def __init__(self, **kwargs: Any) -> None:
        widget = UnfoldAdminTextareaWidget({"rows": 4, "spellcheck": "false"})
        super().__init__(widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        origins: list[str] = []
        problems: list[str] = []
        for number, line in _lines(self.to_python(value) or ""):
            try:
                origins.append(origin_of(line))
            except ValueError as wrong:
                problems.append(f"Line {number}, “{line}”: {wrong}")
        if problems:
            raise ValidationError(problems)
        if self.required and not origins:
            raise ValidationError(
                "Write at least one origin. Without one no page may show the chat."
            )
        return list(dict.fromkeys(origins))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial) != (data or "").strip())


def origin_of(text: str) -> str:
    """The origin as browsers send it. Raises ValueError saying what is wrong and how to mend it."""
    try:
        parts = urlsplit(text)
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError as wrong:
        raise ValueError("the host or the port is not one. Copy the address again.") from wrong
    if parts.scheme not in DEFAULT_PORTS or not host:
        raise ValueError("an origin begins with https:// or http://, then the host name.")
    if parts.path not in ("", "/") or parts.query or parts.fragment or parts.username:
        raise ValueError("write the origin alone, without a path: https://www.example.com.")
    if not HOST.fullmatch(host):
        raise ValueError("the host name has a character that no host has. Patterns do not work.")
    is_default = port in (None, DEFAULT_PORTS[parts.scheme])
    return f"{parts.scheme}://{host}" if is_default else f"{parts.scheme}://{host}:{port}"


def _host(name: str) -> str:
    """Names in other scripts as browsers send them; an IPv6 address in its brackets."""
    return f"[{name}]" if ":" in name else name.encode("idna").decode()


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield number, line.strip()
