"""Field names that a template accepts, made from names and questions of other formats."""

import re
import unicodedata
from collections.abc import Container
from typing import Any

_GOOD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_FILLER = frozenset(
    {"a", "an", "and", "any", "anything", "are", "be", "best", "can", "could", "did", "do", "does",
     "for", "have", "how", "if", "in", "is", "it", "like", "many", "may", "me", "much", "of", "on",
     "or", "our", "please", "prefer", "preferred", "should", "tell", "the", "this", "to", "us",
     "was", "we", "were", "what", "what's", "when", "where", "which", "who", "why", "will", "with",
     "would", "you", "your", "you'd"}
)  # fmt: skip

_BY_NAME: tuple[tuple[str, dict[str, Any]], ...] = (
    (r"(.*_)?e_?mail(_address)?", {"format": "email"}),
    (r"(.*_)?(phone|mobile|telephone|tel)(_number)?", {"x-intake": {"kind": "phone"}}),
    (r"(first_|last_|full_|middle_)?name|surname", {"x-intake": {"kind": "name"}}),
    (r"(.*_)?(date|dob|birthday|birthdate|date_of_birth)", {"format": "date"}),
    (r"(.*_)?time", {"x-intake": {"kind": "time"}}),
    (r"(.*_)?(url|website|homepage)", {"format": "uri"}),
    (r"(.*_)?(street_)?address", {"x-intake": {"kind": "address"}}),
)


def is_good_name(name: str) -> bool:
    return bool(_GOOD.fullmatch(name))


def name_from(text: str, taken: Container[str] = ()) -> str:
    """A name of at most four telling words, unlike those taken; `field` when nothing is left."""
    name = text if is_good_name(text) else slug(text)
    if name not in taken:
        return name
    count = 2
    while f"{name[:58]}_{count}" in taken:
        count += 1
    return f"{name[:58]}_{count}"


def slug(text: str) -> str:
    """At most four telling words of a question, in lower case."""
    plain = unicodedata.normalize("NFKD", text[:400]).encode("ascii", "ignore").decode().lower()
    found = re.findall(r"[a-z0-9']+", plain.replace("e-mail", "email"))
    telling = [word for word in found if word not in _FILLER] or found
    joined = "_".join(word.replace("'", "") for word in telling[:4])[:56].strip("_")
    if not joined:
        return "field"
    return joined if joined[0].isalpha() else f"field_{joined}"


def suggested_by_name(name: str) -> dict[str, Any]:
    """What a text field is by its name alone: its format or kind, or nothing."""
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])|[-\s]+", "_", name[:64]).lower()
    return next((dict(hint) for rule, hint in _BY_NAME if re.fullmatch(rule, plain)), {})
