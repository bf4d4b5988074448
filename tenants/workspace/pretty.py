"""JSON for reading: indented and coloured."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import JsonLexer

_formatter: HtmlFormatter[str] = HtmlFormatter(nowrap=True)


def highlighted(document: Any) -> SafeString:
    """Spans with Pygments' short class names, every character escaped; belongs in a `pre`."""
    text = json.dumps(document, indent=2, ensure_ascii=False)
    return mark_safe(highlight(text, JsonLexer(), _formatter))  # noqa: S308 - the formatter escapes
