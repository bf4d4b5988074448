"""E-mail addresses, telephone numbers and web addresses in a text."""

import re
from functools import cache
from itertools import islice
from types import ModuleType

from ai_bridge.runner.normalise.types import Context, Found

_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_SPOKEN = re.compile(
    r"\b(?P<user>[\w-]{1,40}(?:(?: dot |\.)[\w-]{1,40}){0,3})(?: at | ?[\[(]at[\])] ?|@)"
    r"(?P<host>[\w-]{1,40}(?:(?: dot | ?[\[(]dot[\])] ?|\.)[a-z]{2,20}){1,3})\b",
    re.IGNORECASE,
)
_IS_SPOKEN = re.compile(r" dot |[\[(](?:dot|at)[\])]", re.IGNORECASE)
_DOT = re.compile(r" dot | ?[\[(]dot[\])] ?", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w@.])(?:\+|\(|\d)[\d\s().\-/+]{4,24}\d(?![\w@])")
_DATE = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}")
_URL = re.compile(
    r"\b(?:https?://[^\s<>\"']{3,2000}|(?:www\.)?(?:[a-z0-9-]{1,63}\.){1,4}"
    r"(?:com|org|net|io|co|dev|app|edu|gov|info|biz|uk|de|fr|at|ch|nl|es|it|ca|au|us|eu)\b"
    r"(?:/[^\s<>\"']{0,2000})?)",
    re.IGNORECASE,
)
# Where calls come from when neither the number nor the visit says so.
MIN_DIGITS = 7
MAX_FOUND = 10


@cache
def _phones() -> ModuleType:
    """Loaded on first use: its tables are large."""
    import phonenumbers

    return phonenumbers


def find_emails(text: str) -> list[Found]:
    """Addresses with a domain; `ann at example dot com` counts. The domain is lower-cased."""
    found = []
    for match in islice(_EMAIL.finditer(text), MAX_FOUND):
        end = match.end()
        while text[end - 1] in ".-'":
            end -= 1
        value = email_address(text[match.start() : end])
        if value:
            found.append(Found(match.start(), end, value))
    if found or not _IS_SPOKEN.search(text):
        return found[:MAX_FOUND]
    for match in islice(_SPOKEN.finditer(text), MAX_FOUND):
        spoken = f"{_DOT.sub('.', match['user'])}@{_DOT.sub('.', match['host'])}"
        value = email_address(spoken)
        if value:
            found.append(Found(match.start(), match.end(), value))
    return found[:MAX_FOUND]


def email_address(raw: str) -> str | None:
    """The address in its normal form, or None. Its domain is not looked up."""
    from email_validator import EmailNotValidError, validate_email

    try:
        checked = validate_email(
            raw.strip(), check_deliverability=False, allow_quoted_local=False, test_environment=True
        )
    except EmailNotValidError:
        return None
    return checked.normalized


def find_phones(text: str, context: Context) -> list[Found]:
    """Possible numbers in E.164; a number without a country is read in the visitor's region."""
    found = []
    for match in islice(_PHONE.finditer(text), MAX_FOUND):
        raw = match.group()
        digits = sum(character.isdigit() for character in raw)
        if digits < MIN_DIGITS or _DATE.fullmatch(raw):
            continue
        value = phone_number(raw, context)
        if value:
            found.append(Found(match.start(), match.end(), value))
    # Whoever says a number twice, in part and whole, means the one that exists.
    valid = [item for item in found if _exists(item.value)]
    return valid or found


def _exists(number: str) -> bool:
    phones = _phones()
    return bool(phones.is_valid_number(phones.parse(number)))


def phone_number(raw: str, context: Context) -> str | None:
    """E.164, or None when no such number can be called from elsewhere."""
    phones = _phones()
    cleaned = "+" + raw.strip()[2:] if raw.strip().startswith("00") else raw
    try:
        parsed = phones.parse(cleaned, context.region.upper() or None)
    except phones.NumberParseException:
        return None
    # Possible only within its town: the area code is missing.
    if phones.is_possible_number_with_reason(parsed) != phones.ValidationResult.IS_POSSIBLE:
        return None
    return str(phones.format_number(parsed, phones.PhoneNumberFormat.E164))


def find_urls(text: str) -> list[Found]:
    """Web addresses; one without a scheme gets `https://`."""
    found = []
    for match in islice(_URL.finditer(text), MAX_FOUND):
        before = text[match.start() - 1] if match.start() else " "
        if before in "@./" or text[match.end() : match.end() + 1] == "@":
            continue
        end = match.end()
        while text[end - 1] in ".,;:!?)":
            end -= 1
        raw = text[match.start() : end]
        value = raw if re.match(r"https?://", raw, re.IGNORECASE) else f"https://{raw}"
        found.append(Found(match.start(), end, value))
    return found[:MAX_FOUND]
