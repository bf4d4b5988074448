"""The formats that values are checked for: JSON Schema's own, and IRIs."""

from urllib.parse import quote

from jsonschema import Draft202012Validator, FormatChecker
from rfc3986_validator import validate_rfc3986

# Before the block of characters that an IRI allows and a URI does not.
LAST_CONTROL = "\x9f"

FORMATS = FormatChecker(())
FORMATS.checkers.update(Draft202012Validator.FORMAT_CHECKER.checkers)


# The package that jsonschema would use compiles a grammar at the start of every process, for 1.6 s:
# half of the start. So it is not installed, and an IRI is what maps to a URI (RFC 3987, 3.1).
@FORMATS.checks("iri", raises=UnicodeEncodeError)
def is_iri(value: object) -> bool:
    return not isinstance(value, str) or bool(validate_rfc3986(_as_uri(value), rule="URI"))


@FORMATS.checks("iri-reference", raises=UnicodeEncodeError)
def is_iri_reference(value: object) -> bool:
    if not isinstance(value, str):
        return True
    return bool(validate_rfc3986(_as_uri(value), rule="URI_reference"))


def _as_uri(text: str) -> str:
    """Raises UnicodeEncodeError for half a surrogate pair."""
    return "".join(char if char <= LAST_CONTROL else quote(char) for char in text)
