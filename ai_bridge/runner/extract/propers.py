"""Names of people, places and things: by their capitals, or where there are none, by position."""

import re

from ai_bridge.runner.extract.findings import Finding, Message
from ai_bridge.runner.extract.lexicon import COMMON, FUNCTION, NOT_NAMES
from ai_bridge.runner.normalise import Found
from ai_bridge.runner.normalise.day_words import MONTHS, WEEKDAYS
from ai_bridge.runner.normalise.texts import PICTURES
from ai_bridge.runner.normalise.types import both_ends, words

_LINKS = frozenset(words("of the de la del du von van der and & y el al st in"))
# First words of many place names that are everyday words too.
_OPENERS = frozenset(
    words(
        "new old long big half mount mt fort ft saint st san santa los las la le el "
        "north south east "
        "west upper lower palm palo grand great union castro redwood walnut pleasant mill corte "
        "menlo college green silver golden royal salt little rio del lake port rock park"
    )
)
MAX_WORDS = 7
MAX_FOUND = 40


def find_propers(message: Message) -> list[Finding]:
    """Runs of words that look like a name, outside of what is typed already."""
    if _has_capitals(message):
        runs = _capital_runs(message)
    else:
        unknown = both_ends(_plain_runs(message), 2 * MAX_FOUND)
        runs = [run for run in unknown if not _is_infinitive(message, run[0])]
    return [
        Finding("proper", Found(start, end, message.text[start:end]), *message.around(start, end))
        for start, end in both_ends(runs, MAX_FOUND)
    ]


def _has_capitals(message: Message) -> bool:
    """Whether this visitor writes names with capitals, as far as the message shows."""
    if message.text == message.text.lower():
        return False
    return any(
        message.text[start].isupper()
        and word not in _NEVER_NAMES
        and not _opens_sentence(message, n)
        for n, (start, _, word) in enumerate(message.words)
    ) or (bool(message.words) and _is_capital(message, 0) and len(message.words) < 8)


_NEVER_NAMES = frozenset({"i", "i'm", "i'd", "i'll", "i've", "ok", "am", "pm"})
_MOTION = frozenset(
    words(
        "go going travel traveling travelling fly flying flight flights bus trip ride train headed "
        "heading move moving get drive driving ticket tickets cab taxi come return way back drop "
        "over it money send transfer moved close near next change car closer taken take"
    )
)


def _is_infinitive(message: Message, start: int) -> bool:
    """Whether `to` before an unknown word most likely opens a verb: `I need to verify`."""
    before, _ = message.around(start, start + 1)
    return before[:1] == ("to",) and not (set(before[1:3]) & _MOTION or "from" in before)


_OPENS = re.compile(r"[.!?:\n]")


def _opens_sentence(message: Message, index: int) -> bool:
    if index == 0:
        return True
    gap = message.text[message.words[index - 1][1] : message.words[index][0]]
    return gap != " " and bool(_OPENS.search(gap)) and not _after_initial(message, index)


def _after_initial(message: Message, index: int) -> bool:
    return len(message.words[index - 1][2]) == 1


def _is_capital(message: Message, index: int) -> bool:
    start, _, word = message.words[index]
    if not message.text[start].isupper() or start in message.taken:
        return False
    if word in _NEVER_NAMES or word in WEEKDAYS:
        return False
    if len(word) > 3 and word in MONTHS:
        return False
    if not (_opens_sentence(message, index) and word in NOT_NAMES):
        return True
    return word in _OPENERS and _starts_name(message, index + 1)


def _starts_name(message: Message, index: int) -> bool:
    """`New York` opens with an everyday word; the capital after it tells."""
    if index >= len(message.words) or not _joined(message, index):
        return False
    start, _, word = message.words[index]
    return message.text[start].isupper() and word not in FUNCTION


def _capital_runs(message: Message) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    index, count = 0, len(message.words)
    while index < count:
        if not _is_capital(message, index):
            index += 1
            continue
        last = index
        following = index + 1
        while following < count and following - index < MAX_WORDS:
            if not _joined(message, following):
                break
            if _is_in_run(message, following):
                last = following
            elif message.words[following][2] not in _LINKS:
                break
            following += 1
        start = message.words[index][0]
        if index and message.words[index - 1][2].isdigit() and _joined(message, index):
            start = message.words[index - 1][0]
        runs.append((start, _with_region(message, last)))
        index = last + 1
    return runs


def _is_in_run(message: Message, index: int) -> bool:
    hyphened = message.text[message.words[index][0] - 1] == "-"
    street = message.words[index][2] in _STREETS
    return hyphened or street or _is_capital(message, index) or _is_code(message, index)


_STREETS = frozenset(
    words("street avenue road drive highway lane boulevard blvd suite hill building")
)


def _is_code(message: Message, index: int) -> bool:
    start, _, word = message.words[index]
    return word.isdigit() and start not in message.taken


def _joined(message: Message, index: int) -> bool:
    gap = message.text[message.words[index - 1][1] : message.words[index][0]]
    if gap == ". ":
        return len(message.words[index - 1][2]) <= 2
    return gap in (" ", "-", " & ", "&", "'", "’") or bool(PICTURES.fullmatch(gap.strip()))


def _with_region(message: Message, last: int) -> int:
    """`Long Beach, CA` and `London, UK` keep their state or country."""
    end = message.words[last][1]
    if last + 1 < len(message.words):
        start, after, _ = message.words[last + 1]
        region = message.text[start:after]
        if message.text[end:start] == ", " and region.isupper() and 2 <= len(region) <= 3:
            return after
    return end


def _plain_runs(message: Message) -> list[tuple[int, int]]:
    """Without capitals: runs of uncommon words, and what follows a preposition."""
    runs: list[tuple[int, int]] = []
    index, count = 0, len(message.words)
    while index < count:
        if not _is_uncommon(message, index):
            index += 1
            continue
        first = index
        while first and _may_open(message, first - 1) and _joined(message, first):
            first -= 1
        last = index
        while last + 1 < count and last - first < MAX_WORDS - 1 and _joined(message, last + 1):
            if not _may_continue(message, last + 1):
                break
            last += 1
        while message.words[last][2] in _LINKS and last > index:
            last -= 1
        runs.append((message.words[first][0], _with_plain_region(message, last)))
        index = last + 1
    return runs + _after_prepositions(message, runs)


def _with_plain_region(message: Message, last: int) -> int:
    end = message.words[last][1]
    if last + 1 < len(message.words):
        start, after, word = message.words[last + 1]
        if message.text[end:start] == ", " and len(word) == 2 and word not in COMMON:
            return after
    return end


def _is_uncommon(message: Message, index: int) -> bool:
    start, _, word = message.words[index]
    if word.isdigit() or start in message.taken or word in NOT_NAMES:
        return False
    if word in WEEKDAYS or word in MONTHS:
        return False
    return not (len(word) > 4 and word.endswith("s") and word[:-1] in COMMON)


def _may_open(message: Message, index: int) -> bool:
    start, _, word = message.words[index]
    return start not in message.taken and word in _OPENERS


def _may_continue(message: Message, index: int) -> bool:
    start, _, word = message.words[index]
    if start in message.taken:
        return False
    if word in ("of", "de", "la", "del") and index + 1 < len(message.words):
        return _is_uncommon(message, index + 1)
    return word not in FUNCTION and (
        _is_uncommon(message, index)
        or word in _OPENERS
        or word in _STREETS
        or word in ("city", "park", "beach", "hills", "island", "bay", "valley", "town")
    )


def _after_prepositions(message: Message, runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """`in long beach`: two everyday words can be a name where a place is expected."""
    covered = {offset for start, end in runs for offset in range(start, end)}
    more: list[tuple[int, int]] = []
    for index, (_, _, word) in enumerate(message.words[:-2]):
        if word not in ("in", "to", "from", "at", "near") or not _may_open(message, index + 1):
            continue
        start, end = message.words[index + 1][0], message.words[index + 2][1]
        following = message.words[index + 2][2]
        if start in covered or following in FUNCTION or end - 1 in message.taken:
            continue
        more.append((start, end))
    return more
