"""E-mail addresses, telephone numbers and web addresses in a text."""

import re
from functools import cache
from itertools import islice
from types import ModuleType

from ai_bridge.runner.normalise.types import Context, Found, words

# Vowel signs and accents of scripts that write them apart; no `\\w` to Python.
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0dff\u0e00-\u0fff\u1000-\u109f"
    "\u1780-\u17ff"
)
_EMAIL = re.compile(
    rf"[\w{_MARKS}.!#$%&'*+/=?^`{{|}}~-]{{1,64}}@[\w{_MARKS}-]{{1,63}}(?:\.[\w{_MARKS}-]{{1,63}}){{1,6}}"
)
# Signs as people read them aloud.
_SIGNS = {"dot": ".", "underscore": "_", "dash": "-", "hyphen": "-", "plus": "+"}
_SIGN = r"(?:dot|underscore|dash|hyphen|plus)"
_SPOKEN = re.compile(
    rf"\b(?P<user>[\w-]{{1,40}}(?:(?: {_SIGN} |\.)[\w-]{{1,40}}){{0,4}})(?: at | ?[\[(]at[\])] ?|@)"
    r"(?P<host>[\w-]{1,40}(?: (?:dash|hyphen) [\w-]{1,40}){0,3}"
    r"(?:(?: dot | ?[\[(]dot[\])] ?|\.)[a-z]{2,20}){1,3})\b",
    re.IGNORECASE,
)
_IS_SPOKEN = re.compile(rf" {_SIGN} |[\[(](?:dot|at)[\])]", re.IGNORECASE)
_SAID = re.compile(rf" (?P<sign>{_SIGN}) | ?[\[(]dot[\])] ?", re.IGNORECASE)
# "Meet me at example dot com" names a place: such words are a mailbox only where one was announced.
_ANNOUNCED = re.compile(r"\be-?mail\b|\bmail\b|\baddress\b", re.IGNORECASE)
# And these where nothing else is said.
_OWN = ("me", "us", "we")
# What may stand right before a mailbox that is said.
_LEADS = frozenset(
    words(
        "my the is it's its it that's thats email e-mail mail address at to use try write contact "
        "reach hi hello hey ok okay sure yes yeah yep thanks please um uh well so and or with "
        "here oh actually no sorry i'm im me you can"
    )
)
_NO_MAILBOX = frozenset(
    words(
        "i you he she it we they me us him her them this that these those there here one "
        "am is are was were be been not and or but so yes no ok on in by up out off online "
        "look looking looked see seen saw find found meet met shop shopping shopped buy bought "
        "order ordered work works working worked stay visit visited live read book booked "
        "signed available listed advertised posted sold page site website account"
    )
)
_PHONE = re.compile(r"(?<![\w@.])(?:\+|\(|\d)[\d\s().\-/+]{4,24}\d(?![\w@])")
_SHORT_PHONE = re.compile(r"(?<![\w@.])(?:\+|\(|\d)[\d\s().\-/+]{3,24}\d(?![\w@])")
_DATE = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}")
_URL = re.compile(
    r"\b(?:https?://[^\s<>\"']{3,2000}|(?:www\.)?(?:[a-z0-9-]{1,63}\.){1,4}"
    r"(?:com|org|net|io|co|dev|app|edu|gov|info|biz|uk|de|fr|at|ch|nl|es|it|ca|au|us|eu)\b"
    r"(?:/[^\s<>\"']{0,2000})?)",
    re.IGNORECASE,
)
# Where calls come from when neither the number nor the visit says so.
MIN_DIGITS = 7
# In a small country; four digits are a year or a price as well.
FEWEST_DIGITS = 5
MAX_FOUND = 10
# How far before a spoken address the word stands that announces it.
ANNOUNCES = 40
# So many words before it are more than the rest of a name.
MOST_NAMES = 3


@cache
def _phones() -> ModuleType:
    """Loaded on first use: its tables are large."""
    import phonenumbers

    return phonenumbers


def find_emails(text: str) -> list[Found]:
    """Addresses with a domain, also as said: `ann dash lee at example dot com`; its domain in
    small letters.
    """
    found = []
    for match in islice(_EMAIL.finditer(text), MAX_FOUND if "@" in text else 0):
        end = match.end()
        while text[end - 1] in ".-'":
            end -= 1
        value = email_address(text[match.start() : end])
        if value:
            found.append(Found(match.start(), end, value))
    if found or not _IS_SPOKEN.search(text):
        return found[:MAX_FOUND]
    for match in islice(_SPOKEN.finditer(text), MAX_FOUND):
        value = None if _names_a_place(match) else email_address(_written(match))
        if value:
            found.append(Found(match.start(), match.end(), value))
    return found[:MAX_FOUND]


def _names_a_place(match: re.Match[str]) -> bool:
    """Whether the words before "at" are those of a sentence: "it is at", "two plus me at"."""
    before = match.string[max(0, match.start() - ANNOUNCES) : match.start()]
    is_announced = bool(_ANNOUNCED.search(before))
    user = match["user"].lower()
    if _is_rest_of_name(match.string[: match.start()]):
        return True
    if " plus " in user and before.strip() and not is_announced:
        return True
    is_own = user in _OWN and match.group() == match.string.strip(" .!,")
    return user in _NO_MAILBOX and not is_announced and not is_own


def _is_rest_of_name(before: str) -> bool:
    """ "Ann Lee at example dot com": nobody can say how the two words are written as one."""
    said = before.lower().split()
    return 0 < len(said) < MOST_NAMES and not any(word.strip(",.:;!'") in _LEADS for word in said)


def _written(match: re.Match[str]) -> str:
    user, host = (_SAID.sub(_sign, match[part]) for part in ("user", "host"))
    return f"{user}@{host}"


def _sign(said: re.Match[str]) -> str:
    return _SIGNS[(said["sign"] or "dot").lower()]


def email_address(raw: str) -> str | None:
    """The address in its normal form, or None. Its domain is not looked up."""
    from email_validator import EmailNotValidError, validate_email

    try:
        checked = validate_email(
            raw.strip(),
            check_deliverability=False,
            allow_quoted_local=False,
            # No mailbox is longer than 64 octets: a mail server would refuse it.
            strict=True,
            test_environment=True,
        )
    except EmailNotValidError:
        return None
    return checked.normalized


def find_phones(text: str, context: Context) -> list[Found]:
    """Possible numbers in E.164; a number without a country is read in the visitor's region."""
    found = []
    is_small = _has_short_numbers(context.region.upper())
    for match in islice((_SHORT_PHONE if is_small else _PHONE).finditer(text), MAX_FOUND):
        raw = match.group()
        digits = sum(character.isdigit() for character in raw)
        if digits < (FEWEST_DIGITS if is_small else MIN_DIGITS) or _DATE.fullmatch(raw):
            continue
        value = phone_number(raw, context)
        # A few digits may be anything: they have to be a number that exists.
        if value and (digits >= MIN_DIGITS or _exists(value)):
            found.append(Found(match.start(), match.end(), value))
    # Whoever says a number twice, in part and whole, means the one that exists.
    valid = [item for item in found if _exists(item.value)]
    return valid or found


# Where every number of a house or of a person is so short, there is no area code to ask for.
LONGEST_OF_SMALL = 7


@cache
def _has_short_numbers(region: str) -> bool:
    """Whether whole numbers have fewer digits there than in most countries: Greenland, Samoa."""
    if not region:
        return False
    known = _phones().PhoneMetadata.metadata_for_region(region, None)
    lengths = known.fixed_line.possible_length if known else ()
    return bool(lengths) and min(lengths) < MIN_DIGITS and max(lengths) <= LONGEST_OF_SMALL


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
