"""A message cut into sentences, and which of them ask instead of tell."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BREAK = re.compile(r"(?<=[.!?;])\s+|\n+|(?<=[a-z]{3})\.(?=[A-Z])")
_DOT_WORD = re.compile(
    r"\b(?:\w*str|nr|mr|mrs|ms|dr|st|no|a\.m|p\.m|jr|sr|vs|e\.g|i\.e|[a-z])\.$", re.IGNORECASE
)
_LEAD = re.compile(
    (
        r"^\W*(?:(?:and|but|so|ok|okay|oh|well|hi|hello|hey|yes|no|sure|thanks|great|"
        r"also|hmm|please|um|alright|cool|good)\b[\s,.!]*)*"
    ),
    re.I,
)
# A request in the form of a question: it gives values.
_REQUEST = re.compile(
    r"(?:please )?(?!will (?:i|we)\b)(?:can|could|would|will|may|might|shall) (?:you|i|we|u)\b"
    r"(?! (?:pay|charge|accept|take|offer|know (?:if|what|how|when|where|why)|open|close|"
    r"explain|speak|hear|understand|tell|deliver|need|store|keep|think|cost))"
    r"|(?:how|what) about\b|is there (?:a |an |any )(?!fee|charge|cost|deposit|discount|minimum|"
    r"maximum|limit|parking|difference|catch|guarantee|warranty|phone|number|way|form|app|web)|"
    r"are there (?:a |any )|is it possible|any (?:chance|other)|got any|"
    r"is there any(?:one|thing)|are there other|"
    r"do (?:you|u) have (?:any|something|"
    r"an? (?!office|branch|shop|store|website|number|phone|email))|"
    r"what else (?:is available|do you have)|"
    r"why (?:don'?t|not)|would it be|can we|could we|mind if|have you (?:got|any)",
    re.IGNORECASE,
)
# "Is 3 pm ok?" and "does Tuesday work for you?" propose a value.
_OFFER = re.compile(
    r"(?:is|are) (?:it |that )?[^?]{1,40} "
    r"(?:ok|okay|fine|alright|all right|good|possible|available)(?: (?:for|with) (?:you|me))?\W*$|"
    r"(?:does|would|will) [^?]{1,40} (?:work|suit you|be (?:ok|okay|fine|alright|possible))"
    r"(?: (?:for|with) (?:you|me))?\W*$",
    re.IGNORECASE,
)
_PERMISSION = re.compile(
    (
        r"(?:can|could|may|should|will|would) (?:i|we|you) (?:call|ask|phone|email|"
        r"contact|reach|trust)\b"
    ),
    re.IGNORECASE,
)
_QUESTION = re.compile(
    (
        r"(?:what|where|when|which|who|whom|whose|why|how|what's|where's|who's|how's|"
        r"whats|do|does|did|is|are|was|were|"
        r"can|could|will|would|should|shall|has|have|am|may|isn'?t|aren'?t|don'?t you|"
        r"doesn'?t|can'?t (?:i|we|you)|what're)\b"
    ),
    re.IGNORECASE,
)
_WH = re.compile(
    r"(?:what|where|when|which|who|whom|whose|why|how|what's|where's|who's|how's|whats)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    (
        r"\b(?:tell me|let me know|know|wondering|say|give me|find out|what|like to "
        r"know) (?:about |me )?(?:what|where|when|which|who|why|how|if|whether|the "
        r"(?:price|cost|address|phone|number|rating))\b"
    ),
    re.IGNORECASE,
)
# `What happened: he fell`, `what we need is an inspection`.
_TOLD = re.compile(
    r"what [\w ]{1,30}:\s+\S|"
    r"what (?:happened|bothers me|(?:i|we) (?:need|want|like|do|use)(?: to \w+)?) (?:is|was)\b",
    re.IGNORECASE,
)
# Typed without a question mark.
_UNMARKED = (
    r"(?:do|does|did|is|are|can|could|has|have|will) "
    r"(?:it|they|the|this|that|you|u|there|any\w+|some\w+|he|she)\b|"
    r"(?:can|could|should|won)'?t (?:i|we)\b"
)
_TAG = re.compile(r"\b(?:isn'?t|aren'?t|doesn'?t|don'?t|won'?t|wasn'?t) (?:it|you|they)\W*$", re.I)


@dataclass(frozen=True, slots=True)
class Sentence:
    start: int
    end: int
    is_question: bool


def sentences_of(text: str) -> Iterator[Sentence]:
    """Sentences with their offsets; a polite request counts as telling, not asking."""
    asking: dict[str, bool] = {}
    start = 0
    for match in _BREAK.finditer(text):
        if _DOT_WORD.search(text, max(start, match.start() - 5), match.start()):
            continue
        if said := text[start : match.start()].strip():
            yield Sentence(start, match.start(), _asks(said, asking))
        start = match.end()
    if said := text[start:].strip():
        yield Sentence(start, len(text), _asks(said, asking))


def _asks(said: str, known: dict[str, bool]) -> bool:
    """Whoever pastes a text repeats lines; the same one is judged once."""
    if said not in known:
        known[said] = _is_question(said[:600])
    return known[said]


def _is_question(said: str) -> bool:
    lead = _LEAD.match(said)
    body = said[lead.end() :] if lead else said
    if _OFFER.match(body) or (_TOLD.match(body) and not said.endswith("?")):
        return False
    if _REQUEST.match(body) and not _PERMISSION.match(body):
        return bool(_ASKS.search(body))
    opens = bool(_QUESTION.match(body))
    asks = opens and (
        said.endswith("?") or bool(_WH.match(body)) or bool(re.match(_UNMARKED, body, re.I))
    )
    return asks or bool(_ASKS.search(body) or _TAG.search(body))
