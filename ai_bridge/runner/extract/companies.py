"""Companies as visitors name them: whom they are with, and what names none."""

import re

from ai_bridge.runner.extract.lexicon import stem
from ai_bridge.runner.extract.profiles import Profile
from ai_bridge.runner.normalise import Found

_NAME = r"(?P<company>[A-Z][\w&'’.-]*(?:(?: (?:&|and|of))? [A-Z][\w&'’.-]*)*)"
_CUES = tuple(
    re.compile(rf"{cue} {_NAME}")
    for cue in (
        (
            r"\b(?i:i'?m|we'?re|i am|we are|this is|i work|we work|calling|writing)"
            r"(?: [A-Z][\w'’.-]*){0,3} (?i:with|at|for|from)"
        ),
        r"\b(?i:i'?m|i am|this is)(?: [a-z][\w'’.-]*){1,2} (?i:from|at)",
        r"\b(?i:we'?re|we are)",
    )
)
# `Acme Ltd here`: nobody else is called so.
_FORM = re.compile(
    r"\b(?P<company>(?:[A-Z][\w&'’-]* ){1,4}(?:Ltd|Limited|Inc|LLC|LLP|GmbH|Corp|PLC|plc)\b)"
)
_COMPANY = frozenset(stem(word) for word in ("company", "employer", "organisation", "firm"))
_THROUGH = re.compile(
    r"\W*(?:(?:yes|yeah|well|oh|um|i have it|we have it|it'?s|it is)\b[\s,]*){0,3}"
    r"(?:(?:through|via|by|from|over|with) )?(?:(?:my|the|our|his|her) )?"
    r"(?:work|job|employer|boss|wife|husband|partner|spouse|parents|dad|mom|mum|school|union|"
    r"university|office)(?:['’]?s)?(?: (?:work|job|employer|plan|insurance|policy))?\W*",
    re.IGNORECASE,
)


def is_company(profile: Profile) -> bool:
    return bool(profile.head & _COMPANY)


def find_companies(text: str) -> list[Found]:
    """`I'm with Blue Harbor`, `we're Acme`: only a capital tells that it is one."""
    found = (match for cue in (*_CUES, _FORM) for match in cue.finditer(text))
    return [Found(*match.span("company"), match["company"]) for match in found]


def names_no_company(text: str) -> bool:
    """`Yes, through work` says by way of whom, and not which company."""
    return bool(_THROUGH.fullmatch(text))
