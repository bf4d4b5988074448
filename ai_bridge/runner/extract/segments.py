"""A message cut into the parts that may each tell of another item of a list."""

import re
from dataclasses import dataclass

from ai_bridge.runner.extract.clauses import sentences_of
from ai_bridge.runner.extract.lexicon import FUNCTION, words_of
from ai_bridge.runner.extract.signals import find_signals
from ai_bridge.runner.normalise.choices import read_boolean
from ai_bridge.runner.normalise.texts import MAX_TEXT, lower

_CUT = re.compile(
    r"(?:[;\n•|]|,(?!\d{3}(?!\d))|[!?]+(?=\s|$)|(?<=[^\W\d]{2})\.(?=\s|$)|(?<=\d)\.(?=\s+[A-Z]|$)|"
    r"(?<!\w)(?:and then|and also|as well as|and|but|plus|while|whereas)(?!\w)|\s[-–—]\s)\s*",
    re.IGNORECASE,
)
_BULLET = re.compile(r"\s*(?:[-*•]\s+|\d{1,2}[.)]\s+)")
_MORE = re.compile(
    r"(?:yes|yeah|yep|sure|ok|okay|please|and)?[\s,]*(?:(?:i(?:'d| would) like to )?add|"
    r"there(?:'s| is)|i have|we have|do)?\s*(?:another(?: one)?|one more|some more|more|"
    r"a second one|the next one)"
    r"(?: please)?",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"(?:yes|yeah|yep|yup|sure|ok|okay|no|nope|nah|none|nothing|that'?s (?:all|it|everything)|"
    r"that (?:is|was|will be) (?:all|it)|please|thanks|thank you|well|so|hmm|um|uh|right|sorry|"
    r"actually|wait|i mean|oh|for now|at all|really|good|great)",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"\b(?:no(?:thing|body| one|-one)?(?: more| else| others?)|that(?:'s| is| was| will be|s) "
    r"(?:all|it|everything|everyone|everybody|them all)|that'?ll be all|nothing|none|"
    r"(?:i'?m|we'?re) (?:done|finished)|done|all done|finished|only (?:that|those|these|him|her|"
    r"them|the (?:one|two|three))|just (?:that|those|the (?:one|two|three)|me|us)|"
    r"no(?:pe|,? thanks?| thank you)?)(?: (?:for now|thanks|thank you|please|then|so far))*\W*$",
    re.IGNORECASE,
)
# Leads up to an item without being part of it.
_LEAD = re.compile(
    r"(?:\W+|(?:(?:(?:it|that|they|there)(?:['’]ll| will| would|['’]d) be|"
    r"and|also|plus|then|there(?:'s| is| are|'re)|it(?:'s| is)|they(?:'re| are)|"
    r"that(?:'s| is)|i (?:have|take|use|need|want|got|also (?:have|take|use))|"
    r"we (?:have|need|want|got)|i'?m allergic to|allergic to|first(?:ly)?|second(?:ly)?|"
    r"third(?:ly)?|next|(?:the )?(?:first|second|third|fourth|fifth|next|last|other|another)"
    r"(?: one)? is|another(?: one)?(?: is)?|one (?:more )?is|one more|called|named|it'?s called|"
    r"add|please add|put|include|with|my|our|his|her|their|the|a|an|some|both|not|yes|no|"
    r"sure|ok|okay|oh|well|just|only|maybe|in|to|for)\b"
    r"[\s,:]*))",
    re.IGNORECASE,
)
# What follows says something of the item; it is no longer its name.
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|does|do|did|isn'?t|aren'?t|wasn'?t|weren'?t|doesn'?t|don'?t|"
    r"didn'?t|hasn'?t|haven'?t|will|won'?t|can|can'?t|needs?|also|too|both|as well|please|though|"
    r"which|that|who|where|when|whenever|coming)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_TAIL = re.compile(
    r"\s(?:too|as well|also|both|please|thanks|thank you|each|and|to the list|on the list|"
    r"for now|all)$",
    re.IGNORECASE,
)
_TITLES = re.compile(
    r"(?:(?:my|our|his|her|their) )?(?:wife|husband|partner|friend|colleague|brother|sister|"
    r"mother|father|mum|mom|dad|son|daughter|boss|cousin|uncle|aunt)s?,? (?=\w)",
    re.IGNORECASE,
)
MAX_SEGMENTS = 24
# Of all of them together, in characters: longer than any value may be, should they be one text.
# What stands after is read as any other message.
MAX_TOLD = MAX_TEXT
MAX_LABEL_WORDS = 6
# Longer without a comma or a stop, words name no item.
MAX_PART = 600
MAX_MORE = 80


@dataclass(frozen=True, slots=True)
class Segment:
    """`text[start:end]` of a message. `joint` are the words between it and the one before."""

    start: int
    end: int
    text: str
    joint: str

    @property
    def is_further(self) -> bool:
        """`also aspirin`, `another one is aspirin`, `the hall too`: it is about one more item."""
        return bool(_FURTHER.search(f"{self.joint} {self.text}"))


_FURTHER = re.compile(r"\b(?:also|another|too|as well|plus|one more|in addition)\b", re.IGNORECASE)


def segments_of(text: str) -> list[Segment]:
    """The parts of the sentences that tell; questions tell nothing."""
    found: list[Segment] = []
    told = 0
    for sentence in sentences_of(text):
        if sentence.is_question:
            continue
        said = text[sentence.start : sentence.end]
        start, joint = 0, ""
        for cut in [*_CUT.finditer(said), None]:
            end = start + len(said[start : cut.start() if cut else len(said)].rstrip())
            bullet = _BULLET.match(said, start, end)
            begin = bullet.end() if bullet else start
            if end - begin <= MAX_PART and said[begin:end].strip(" .,!?"):
                found.append(
                    Segment(sentence.start + begin, sentence.start + end, said[begin:end], joint)
                )
            joint = cut.group().strip().lower() if cut else ""
            start = cut.end() if cut else end
            told += end - begin
            if len(found) == MAX_SEGMENTS or told > MAX_TOLD:
                return found
    return found


def is_done(text: str) -> bool:
    """`that's all`, `no`, `nobody else`, at the end of what is said."""
    return bool(_DONE.search(text.strip()[-60:])) and read_boolean(text) is not True


def asks_for_more(text: str) -> bool:
    """`add another`, `one more please`: an item is coming, and is not told yet."""
    said = text.strip(" .!")
    return len(said) < MAX_MORE and bool(_MORE.fullmatch(said)) and bool(words_of(said))


def is_talk(text: str) -> bool:
    """Nothing in this part can be an item: an answer word, a signal, small talk."""
    said = text.strip(" .,!?'\"")
    if _TALK.fullmatch(said) or is_done(said) or asks_for_more(said):
        return True
    return bool(find_signals(lower(said)))


def name_in(text: str, start: int, end: int, *, is_name: bool) -> tuple[int, int] | None:
    """The place of an item's name among words around it; None when they name nothing."""
    start, end = _trim(text, start, end)
    verb = _VERB.search(text, start, end)
    if verb and verb.start() > start:
        end = verb.start()
    elif verb:
        start, end = _trim(text, _verb_end(text, start, end), end)
    start, end = _trim(text, start, end)
    while loose := _LOOSE_END.search(text, start, end):
        end = loose.start()
    if is_name and (title := _TITLES.match(text, start, end)):
        start = title.end()
    said = words_of(text[start:end])
    return (start, end) if said and not all(word in FUNCTION for word in said) else None


# `bella the dog`, `Ella she is 7`: what is left before the words that were cut out.
_LOOSE_END = re.compile(r"[\s,]+(?:the|a|an|he|she|it|they|who|my|our|and|with)$", re.IGNORECASE)
_ONE_VERB = re.compile(r"\s*(?:is|are|was|were|has|have|will be|would be|should be)\b\s*", re.I)


def _verb_end(text: str, start: int, end: int) -> int:
    found = _ONE_VERB.match(text, start, end)
    return found.end() if found else end


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while (lead := _LEAD.match(text, start, end)) and lead.end() > start:
        start = lead.end()
    while True:
        end = start + len(text[start:end].rstrip(" \t\n,.!;:"))
        tail = _TAIL.search(text, max(start, end - 16), end)
        if tail is None:
            return start, end
        end = tail.start()
