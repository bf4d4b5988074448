"""Answers in free words: the part of an answer, or of a cued phrase, that is the value."""

import re
from functools import lru_cache
from itertools import islice

from ai_bridge.runner.extract.lexicon import FUNCTION, words_of
from ai_bridge.runner.normalise import Found
from ai_bridge.runner.normalise.day_words import MONTHS, WEEKDAYS
from ai_bridge.runner.normalise.nearby import begun, matches, near, starts_of
from ai_bridge.runner.normalise.texts import PICTURES, lower
from ai_bridge.runner.normalise.types import words

_LEAD = re.compile(
    r"(?:\W+|(?:ok|okay|oh|um|uh|hmm|well|yes|yeah|yep|sure|sure thing|so|hi|hello|"
    r"hey|please|actually|alright|great|thanks|no|sorry|just|maybe|probably|perhaps|"
    r"then)\b[\s,.!]+"
    r"|(?:it'?s|it is|that'?s|that is|that would be|it would be|this is|they are|there is)\b\s+"
    r"|(?:how|what) about\b\s+|(?:my|the|our)(?: [\w-]+){1,3}? (?:is|are|was|would "
    r"be|should be|will be)\b\s+"
    r"|(?:i|we)(?:'m|'d| am| would| will|'ll| want| need| prefer| like| think| "
    r"guess| live| was| have)(?: (?:to|like|love|prefer|be|go|going|looking|"
    r"thinking|in|live|search|find|see|get|want|need|have|travel|travelling|"
    r"traveling|visit|stay|staying|it|for|of|say|interested|really|rather|fly|check|"
    r"look|watch|listen|somewhere|anywhere))*\b\s+"
    r"|(?:call|name|title|label|make|put|set|try|use|choose|pick|look|search|find|"
    r"check|go|go with|let'?s go with|give me|show me|play|get)(?: (?:it|me|that|"
    r"this|for|in|with|as|to|the name|the title|at|around|up|something|some))*\b\s+"
    r"|(?:in|at|to|from|near|around|for|by|about|under|called|named|something|some|with|somewhere)\b\s+)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    (
        r"(?:[\s,.!?]+|\s*[,.]?\s*\b(?:please|thanks|thank you|pls|if possible|for me|"
        r"would be (?:great|good|nice|fine|perfect)|is (?:fine|good|great|ok|okay|best)|"
        r"sounds good|works(?: for me)?|will do|i think|instead|would work|then))$"
    ),
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"(?:the|a|an|my) (?=\w)", re.IGNORECASE)
ROUNDS = 8


def trim_answer(text: str, start: int, end: int) -> tuple[int, int]:
    """The value's place inside an answer, without the talk before and after it."""
    for _ in range(ROUNDS):
        lead = _LEAD.match(text, start, end)
        if not lead or lead.end() >= end:
            break
        start = lead.end()
    for _ in range(ROUNDS):
        window = text[max(start, end - 40) : end]
        tail = _TAIL.search(window)
        if not tail or tail.start() == tail.end() or end - (len(window) - tail.start()) <= start:
            break
        end -= len(window) - tail.start()
    article = _ARTICLE.match(text, start, end)
    return (article.end() if article else start), end


def is_talk(text: str, start: int, end: int) -> bool:
    """Whether there is nothing here but what people say before an answer: `well, actually,`."""
    for _ in range(ROUNDS):
        lead = _LEAD.match(text, start, end)
        if not lead or lead.end() == start:
            break
        start = lead.end()
    return start >= end


_NAME_IS = (
    r"(?:(?:my|the) (?:(?:full|(?P<first>first|given|christian)|(?P<last>last|second|family)) )?"
    r"name(?:'?s| is|:)|(?:my |the )?(?P<surname>sur|last |family )name(?:'?s| is|:)|name:|"
    r"call me|(?:i am|i'?m|im|am|named) called|(?:named|calls?|calling) me|"
    r"(?:under|in|on|use|with)(?: the)? (?:(?P<second>second|last|sur|family) ?)?name(?: of)?|"
    r"(?:and|by) the name of)"
)
_TITLE = r"(?:(?:mr|mrs|ms|miss|mx|dr|prof)\b\.? )?[\"“']?"
_SPELLED = r"(?:(?:actually |really )?(?:spelled|spelt|written)(?: as| like)? )?"
_FIRM_NAME_CUES = re.compile(rf"\b{_NAME_IS}\s+{_SPELLED}{_TITLE}", re.IGNORECASE)
_NAME_CUES = re.compile(
    rf"\b(?:{_NAME_IS}|name(?:'?s| is)|this is|i am|i'm|im|it's|under|"
    r"(?:it's |it is |booked |reservation |booking |table |appointment |order |place |room )"
    rf"s?(?:is )?(?:for|of))\s+{_SPELLED}{_TITLE}",
    re.IGNORECASE,
)
_BETWEEN = re.compile(rf" (?:{PICTURES.pattern} )?")
_NAME_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?")
_NAME_STOPS = frozenset(
    words(
        "and my i i'm the a an at on in for to with from is not please thanks looking "
        "here calling phone email but or so who you we can want need actually by trying "
        "going interested sorry just you're of it's that this think only under"
    )
)
# In small letters these go on with the sentence: `jo park would like`. "Will May" is somebody.
_NO_SURNAMES = FUNCTION - {"will", "may"}
# With one of these words it begins that somebody says who they are.
_NAME_STARTS = frozenset(
    words(
        "my the name surname sur last lastname family familyname call calls calling i im am named "
        "under in on use with and by this it booked reservation booking table appointment order "
        "place room"
    )
)
_BOOKED_WORDS = frozenset(
    words(
        "here name book booked booking reservation reserve reserved table appointment order cancel "
        "party"
    )
)
MAX_NAMES = 10


@lru_cache(maxsize=4)
def find_stated_names(text: str, firm: bool = False) -> tuple[Found, ...]:
    """Who somebody says they are: up to four words after `my name is` and the like.

    `note` is `first` or `last` where that part of the name was said.
    """
    found = []
    lowered = lower(text)
    cues = _FIRM_NAME_CUES if firm else _NAME_CUES
    for match in begun(cues, text, starts_of(lowered, _NAME_STARTS)):
        start, end = match.end(), _name_end(text, match.end())
        if end > start and not _is_day(text, start, end):
            parts = match.groupdict()
            is_last = parts["last"] or parts["surname"] or parts["second"]
            note = "first" if parts["first"] else "last" if is_last else ""
            found.append(Found(start, end, text[start:end], note=note))
            if len(found) == MAX_NAMES:
                return tuple(found)
    booked = near(lowered, _BOOKED_WORDS, with_edges=True)
    for pattern in (_NAME_FIRST, _NAME_LOWER, _NAME_OF, _BARE_NAME):
        for match in islice(matches(pattern, text, booked), MAX_NAMES):
            start, end = match.span("name")
            if not _is_day(text, start, end) and not _is_talk(match["name"]):
                found.append(Found(start, end, match["name"]))
    return tuple(found[:MAX_NAMES])


def _name_end(text: str, start: int) -> int:
    end = position = start
    for _ in range(4):
        word = _NAME_WORD.match(text, position)
        if not word or word.group().lower().strip(".") in _NAME_STOPS:
            break
        if end > start and word.group() in _NO_SURNAMES:
            break
        end = word.end()
        gap = _BETWEEN.match(text, end)
        if gap is None:
            break
        position = gap.end()
    return end - 1 if end > start and text[end - 1] == "." else end


def _is_talk(said: str) -> bool:
    """`Can I` before `book a table`."""
    return bool((FUNCTION - {"will", "may"}).intersection(words_of(said)))


def _is_day(text: str, start: int, end: int) -> bool:
    """`for Wed`, `for Aug 26` and `for April 5` name no one."""
    said = words_of(text[start:end])
    if not said or said[0] in WEEKDAYS:
        return True
    return said[0] in MONTHS and (len(said[0]) < 4 or text[end : end + 3].strip()[:1].isdigit())


_CAPITAL = r"[A-Z][^\W\d_]{0,30}(?:['’-][^\W\d_]{1,30})?"
# `Jane Doe here`, `Jane Doe is my name`, `the Jane Doe booking`: only capitals tell that it is one.
_NAME_FIRST = re.compile(
    rf"(?<![^\W\d_])(?P<name>{_CAPITAL}(?: {_CAPITAL}){{0,3}})"
    r"(?= here\b(?! (?:is|are))| is (?:my|the) name\b)"
)
_NAME_LOWER = re.compile(
    r"^\W*(?:(?i:hi|hello|hey|yes|ok),? )?(?P<name>[a-z]{2,20} [a-z]{2,20})(?= here\b)"
)
_BOOKED = (
    r"(?:book|booked|booking|reservation|reserve|reserved|table|appointment|order|cancel|party)"
)
_NAME_OF = re.compile(
    rf"\b{_BOOKED}\b[^.!?]{{0,60}}? for (?P<name>{_CAPITAL}(?: {_CAPITAL}){{1,2}})"
)
_BARE_NAME = re.compile(
    rf"(?:\b(?:the|a) |^)(?P<name>{_CAPITAL}(?: {_CAPITAL}){{1,2}})(?=,? {_BOOKED}\b)"
)
_STOP = re.compile(
    r"[.!?;,\n]|\s(?:and|at|on|for|from|with|please|but|in|by|that|which|to|i)\s|$",
    re.IGNORECASE,
)
# After `called` only what can hardly be part of a title ends it.
_TITLE_STOP = re.compile(r"[.!?;,\n]|\s(?:and|at|please|but|which|that|i)\s|$", re.IGNORECASE)


_CALLED = re.compile(
    r"\b(?:called|named|titled|entitled|(?:call|calling|name|naming|title|label) "
    r"(?:it|this|that|(?:the|my) (?:new )?\w+)|(?:the|in the|its|it's) (?:\w+ )?name"
    r"(?: is| to be| of| should be| as| to)?)(?: as| to)?\s+",
    re.IGNORECASE,
)


# Several fields may be titles.
@lru_cache(maxsize=2)
def _find_titles(text: str) -> list[Found]:
    found = []
    for match in _CALLED.finditer(text):
        reach = min(len(text), match.end() + MAX_REACH)
        stop = _TITLE_STOP.search(text, match.end(), reach)
        start, end = match.end(), stop.start() if stop else reach
        if start < end <= start + 60:
            found.append(Found(start, end, text[start:end]))
    return found[:10]


# Nothing that is called by a name goes on for longer.
MAX_REACH = 400
# `the street is wrong` gives no street.
_FAULTS = frozenset(
    {
        "wrong",
        "incorrect",
        "not right",
        "not correct",
        "missing",
        "off",
        "a typo",
        "misspelled",
    }
)


@lru_cache(maxsize=4096)
def _cue(name: str) -> re.Pattern[str]:
    return re.compile(
        rf"\b{re.escape(name)}s?(?: name)?(?: is| are| to be| should be| would be| "
        r"called| named| titled|:)\s+",
        re.IGNORECASE,
    )


# A story ends with its sentence, or where something else is told.
_STORY_STOP = re.compile(
    r"[.!?;\n]|,? (?:and |but )?(?:my|our) "
    r"(?:name|phone|number|mobile|e-?mail|mail|budget|address)\b",
    re.IGNORECASE,
)
_THAT = re.compile(r"(?:that|because|how)\s+(?=\w)", re.IGNORECASE)


def find_cued_story(text: str, names: frozenset[str]) -> list[Found]:
    """What follows `the problem is that` or `problem:`, to the end of the sentence."""
    found = []
    for name in sorted(names):
        for match in islice(_cue(name).finditer(text), MAX_NAMES):
            that = _THAT.match(text, match.end())
            start = that.end() if that else match.end()
            stop = _STORY_STOP.search(text, start, min(len(text), start + MAX_REACH))
            end = stop.start() if stop else min(len(text), start + MAX_REACH)
            end = start + len(text[start:end].rstrip(" ,"))
            if start < end and text[start:end].lower() not in _FAULTS:
                found.append(Found(start, end, text[start:end]))
    return found


def find_cued_text(text: str, names: frozenset[str], is_title: bool) -> list[Found]:
    """What follows `the <field> is`, `<field>:`, and for titles also `called` and `named`."""
    found = [*_find_titles(text)] if is_title else []
    lowered = lower(text)
    for name in sorted(names):
        if name not in lowered:
            continue
        for match in _cue(name).finditer(text):
            reach = min(len(text), match.end() + MAX_REACH)
            stop = _STOP.search(text, match.end(), reach)
            end = stop.start() if stop else reach
            start, end = trim_answer(text, match.end(), end)
            if text[start:end].lower() in _FAULTS:
                continue
            if start < end <= start + 80:
                found.append(Found(start, end, text[start:end]))
    return found[:10]
