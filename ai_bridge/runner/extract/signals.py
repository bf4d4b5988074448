"""What a message does besides giving values: asks, declines, agrees, wants out."""

import re
from functools import lru_cache

from ai_bridge.runner.extract.smalltalk import is_small_talk
from ai_bridge.runner.extract.types import Signal
from ai_bridge.runner.normalise.nearby import first_match, near
from ai_bridge.runner.normalise.types import words

# `can I skip the phone`: what is to be left out stands in one of the two groups.
ASKS_TO_SKIP = (
    r"^\W*(?:(?:sorry|ok|okay|oh|um|hm+|well|hi|hey)\b[, ]{1,2})?(?:(?:can|could|may|might|shall) "
    r"(?:i|we|you)|(?:i|we)(?:['’]d| would)?(?: like| rather| want| prefer)(?: to)?|let['’]?s|"
    r"please|is it (?:ok|okay|fine|possible) (?:if (?:i|we)|to)) (?:just |please |maybe )?"
    r"(?:(?:skip|omit|pass on|leave out) (?P<skipped>[\w'’-]{1,25}(?: [\w'’-]{1,25}){0,3}?)|"
    r"leave (?P<left>[\w'’-]{1,25}(?: [\w'’-]{1,25}){0,3}?) (?:out|blank|empty))"
    r"(?: (?:please|for now|then|thanks))?\W*$"
)
_SIGNALS: tuple[tuple[Signal, str], ...] = (
    (
        "why",
        (
            r"\bwhy (?:do|does|would|are|is|did|should|must|you|u)\b|^\W*(?:but )?why(?: (?:that|"
            r"this|not))?\W*$|what(?:'?s| is) (?:this|that|it)(?: needed)? for\b|"
            r"\bwhat do (?:you|u) (?:need|want) .{1,30} for\b|"
            r"\bdo (?:you|u) (?:really )?need (?:it|that|this|to know|my [\w-]{2,20})\b.{0,20}\?|"
            r"\bdo (?:i|we) (?:really )?(?:have|need) to (?:give|tell|say|answer|provide|share)\b|"
            r"\bis (?:it|that|this) (?:really |absolutely )?(?:required|necessary|needed|"
            r"mandatory)\b|"
            r"\bwhat for\b|\bwhat'?s it to you\b|\bwhy .{1,30}\?\W*$"
        ),
    ),
    (
        "what_have_you_got",
        (
            r"what (?:have|do) (?:you|u) (?:got|have)\b(?! to| in)|what "
            r"did i (?:say|tell|give)|what do (?:you|u) (?:already )?know about me|"
            r"\b(?:show|read|give) (?:me )?(?:a |the |my )?(?:summary|answers)|what(?:'?s| "
            r"is) (?:filled|missing|left|(?:in )?(?:my|the) (?:summary|answers))\b|\bso far\W*$"
        ),
    ),
    (
        "repeat",
        (
            r"\b(?:repeat|say) (?:that|it|the question|this)\b(?: again)?|come again\b|"
            r"^\W*(?:pardon|what\?|sorry\?|huh\b)|didn'?t (?:get|catch|understand) (?:that|"
            r"the question|it)|what was the question|what do you mean|"
            r"what does (?:that|this|it) mean|(?:don'?t|do not) understand"
        ),
    ),
    (
        "go_back",
        (
            r"\bgo(?:ing)? back\b(?! (?:to|home|on))|\bprevious question\b|\bback (?:one|a "
            r"step)\b|^\W*back\W*$|\bgo back to the (?:last|previous)"
        ),
    ),
    (
        "start_over",
        (
            r"\b(?:re)?start(?:ing)? (?:over|again|anew|from scratch|from the beginning|afresh)\b|"
            r"\breset (?:everything|it all|the form)\b|\bbegin again\b|\bfrom the top\b"
        ),
    ),
    (
        "skip",
        (
            r"^\W*(?:skip|pass|next)(?: (?:it|this|that|please|question|this one|this "
            r"question|that one))*\W*$|\bskip (?:it|this|that|the question|for now)\b|"
            r"\bnext question\b|^\W*skip\b.{0,12}$|"
            r"\b(?:leave|keep) (?:it|that|this) (?:blank|empty|out)\b|\bmove on\b|"
            rf"{ASKS_TO_SKIP}"
        ),
    ),
    (
        "refuse",
        (
            r"\b(?:rather|prefer) not(?: to)?(?: (?:say|tell|answer|give|share))?\b|"
            r"\b(?:won'?t|not going to|will not|don'?t (?:want|wanna|like)(?: to)?|refuse to|"
            r"not comfortable|i'?m not) "
            r"(?:say|saying|tell|telling|answer|give|giving|share|sharing|answering|provide|"
            r"disclose)\b|^\W*not (?:telling|saying|giving)\b|none of (?:your|ur) b\w+ss\b|"
            r"that'?s private|too personal|\bi refuse\b|^\W*(?:i said no|no way|(?:no[,. ]+)?"
            r"(?:i )?(?:don'?t|do not) want (?:that|this|to))\W*$"
        ),
    ),
    (
        "dont_know",
        (
            r"\b(?:i )?(?:don'?t|do not|dunno|wouldn'?t|didn'?t) know\b|\bnot sure\b|\bno (?:idea|"
            r"clue)\b|\bi have no idea\b|^\W*(?:(?:i )?dunno|idk|unsure)(?: (?:yet|now|really|"
            r"sorry|tbh|it|that|(?:the|my|which|when|who)(?: \w+){0,2}))?\W*$|"
            r"\b(?:can'?t|don'?t|cannot|do not) (?:remember|recall)\b|"
            r"^\W*(?:sorry,? )?(?:i )?(?:can'?t|cannot|couldn'?t|could not)(?: really)? "
            r"(?:say|tell)(?: you)?(?: exactly| for sure| right now)?\W*$|"
            r"\bhaven'?t decided\b|\bi (?:forgot|forget)\b|\bneed to think\b|"
            r"\b(?:don'?t|do not|haven'?t|have not) (?:have|got)(?: got)?(?: [\w-]{1,20}){0,5} "
            r"(?:here|(?:on|with) me|to hand|at hand|handy|in front of me)\W{0,3}$|"
            r"^\W*no [\w-]{1,20}(?: [\w-]{1,20})? (?:here|(?:on|with) me|to hand|handy)\W*$|"
            r"\b(?:have|need|got|gotta|want|i'?ll|i will|must) (?:to )?"
            r"(?:look (?:it|that|this|them) up|look for (?:it|that|them)|find (?:it|that|them)|"
            r"check(?: (?:it|that|first|again|that first))?|"
            r"ask (?:my|the|her|him|them)(?: \w{1,20}){0,2})(?: first)?\W{0,3}$"
        ),
    ),
    (
        "dont_care",
        (
            r"\b(?:don'?t|do not|doesn'?t|does not|didn'?t) (?:really )?(?:care|matter|mind "
            r"which|mind(?=\W*$))\b|\bno (?:particular )?preferences?\b|\bwhatever\b|"
            r"\bup to (?:you|u)\b|\byou "
            r"(?:choose|pick|decide)\b|"
            r"\b(?:any|anything|either|any of them|any one|any type|any kind|"
            r"anywhere|any time|anytime|any day)(?: (?:one|of them|kind|type|genre|price|"
            r"class|airline|airlines|time|day|would|that|category|will))* (?:is|works|will|"
            r"would|are|of them|goes)\b|^\W*(?:any|anything|either|anyone|any one|any of "
            r"them|anytime|anywhere|whichever|whenever|wherever)\W*(?:please)?\W*$|"
            r"\bnot (?:picky|particular|fussy)\b|\bi'?m (?:easy|flexible|open|not picky)\b|"
            r"\bsurprise me\b|\beither (?:one )?(?:is|would be|will)\b|\bno specific\b|"
            r"\bdon'?t have (?:a|any) (?:particular |specific )?preference"
        ),
    ),
    (
        "done",
        (
            r"\bthat'?s (?:all|it|everything)\b|\bthat (?:is|will be|was) (?:all|it|"
            r"everything)\b|\bnothing else\b|\bi'?m (?:done|finished)\b|\bwe'?re done\b|"
            r"^\W*done\W*$|\ball set\b"
        ),
    ),
    (
        "cancel",
        (
            r"^\W*(?:(?:ok|okay|no|eh|hm+|then|so|just|please|sorry|well|wait|its here)\b[\s,.!]*)*"
            r"(?:cancel|stop|quit|exit|abort|end)(?: (?:it|this|that|chat|everything|all|please|"
            r"the chat|now|here|(?:the|this) whole thing))*(?:\W*$|,)|"
            r"[.!]\s{0,3}(?:cancel|stop|quit)\W*$|"
            r"\b(?:cancel|abort) (?:this|the|everything|all)(?: (?:chat|request|form|whole thing|"
            r"intake|conversation))?\W*$|\bforget (?:it|about it|the whole thing)\b|"
            r"\bnever ?mind(?: (?:this|that|it|about|the)\b.*)?\W*$|"
            r"\bi (?:don'?t want to|want to stop) (?:continue|go on|do this)"
        ),
    ),
    (
        "wants_human",
        (
            r"\b(?:speak|talk|chat|connect(?: me)?|transfer me|put me through|get me|ask|give me) "
            r"(?:to|with)? ?(?:a |an |the |some |your )?(?:real |actual |live |sales |support )?"
            r"(?:human|person|agent|representative|rep|someone|somebody|operator|staff|advisor|"
            r"manager|supervisor|people)\b|"
            r"\b(?:real|actual|live) (?:human|person|agent)\b|\bhuman (?:please|pls|being)\b|"
            r"\b(?:want|need|prefer|like) (?:to \w+ )?(?:to |with )?(?:a |some )?(?:real )?"
            r"(?:human|person)\b|\b(?:can|could|may|will) (?:a|some) ?(?:person|human|one|body)\b"
            r".{0,30}\b(?:call|ring|phone|help|do this|talk|speak|contact)\b|"
            r"^\W*(?:agent|human|operator|representative|a person)(?: please| pls)?\W*$|\ba "
            r"(?:person|human),? (?:please|pls)\b|\bis (?:there )?anyone (?:there|real)\b|"
            r"\bcall me back\b"
        ),
    ),
    (
        "greeting",
        (
            r"^\W*(?:hi|hello|helo|hey|hallo|moin|hola|good (?:morning|afternoon|evening|day)|"
            r"greetings|howdy|hiya)\b"
        ),
    ),
    ("thanks", r"\b(?:thanks|thank you|thx|cheers|much appreciated|ty)\b"),
    (
        "wants_change",
        (
            r"\b(?:change|correct|edit|update|amend)\b.{0,20}\b(?:my|the)\b|\bmistake\b|\btypo\b|"
            r"\b(?:is|was|are|got) (?:my \w+ |the \w+ )?(?:wrong|incorrect|not right|"
            r"not correct)\b|\bisn'?t (?:right|correct)\b"
        ),
    ),
    (
        "identity",
        (
            r"\b(?:are (?:you|u)|r u|is this|am i (?:talking|speaking|chatting) (?:to|with)) "
            r"(?:just |only )?(?:a |an )?"
            r"(?:real |chat ?|live )?(?:bot|robot|human|real|ai|machine|person|computer)\b|"
            r"\bwho (?:are|made) you\b"
        ),
    ),
    (
        "chit_chat",
        (
            r"\bhow are you\b|\bare you (?:a |an )?(?:bot|robot|human|real|ai|machine|"
            r"person)\b|\bwho (?:are|made) you\b|\btell me a joke\b|\bwhat'?s up\b|\bnice "
            r"weather\b|\bhow'?s it going\b|\blol\b|\bhaha"
        ),
    ),
)
# Lines that only keep the talk going; they answer nothing.
_FILLER = re.compile(
    r"^\W*(?:(?:oh|ok|okay|sorry|well|hmm|um|no|yes|and|but),? )?(?:"
    r"(?:just )?(?:one|a|give me a|wait a|hang on a|hold on a) (?:moment|sec|second|"
    r"minute|min)\b.*|"
    r"(?:hold on|hang on|wait|let me (?:think|see|check)|i'?m back|be right back|"
    r"brb|got distracted)\b.*|"
    r"(?:nice|cool|wow|ugh|lol|haha\w*|hmm+|great|awesome|interesting|funny|whoa|meh|omg)(?: \w+)?|"
    r"(?:that'?s|this is|it'?s) (?:so |very |really |pretty |not |a )?(?:funny|nice|cool|great|"
    r"interesting|weird|annoying|"
    r"silly|stupid|ridiculous|crazy|joke|useless|what i (?:said|meant|asked))|"
    r"(?:so |well )?(?:finally|perfect timing|what a (?:day|joke|mess))|great[.,!]* just great|"
    r"you people (?:are|have)\b.*|(?:the )?weather .*|(?:cold|hot|warm|lovely|nice) (?:today|day|"
    r"weather)\b.*|i (?:have to|gotta|got to|need to) (?:go|run|leave)\b.*|"
    r"(?:hope (?:you|u) can help|i'?m so excited|omg \w+)|"
    r"i (?:already|just) (?:told|said|gave|answered|did)\b.*|i said\b.*|you (?:already )?asked\b.*|"
    r"i (?:have|had|'ve got|got) (?:a |some |a few |another )?questions?\b.*|"
    r"(?:i'?m )?just (?:looking|browsing)\b.*|not (?:right )?now|(?:maybe )?later|"
    r"(?:this|it) is (?:taking|so|too|really|a|very) .*|you'?re (?:so |very |really "
    r")?(?:helpful|funny|"
    r"nice|annoying|great|kind|welcome)|i (?:really )?(?:love|like|hate) (?:your|this) .*)\W*$"
)
# Of a long message only what lies around these words is searched, its beginning and its end.
_CUES: dict[Signal, str] = {
    "why": "why what whats",
    "what_have_you_got": "what summary answers far",
    "repeat": "repeat say again didn didnt question mean understand",
    "go_back": "back previous",
    "start_over": "start starting restart restarting reset begin top",
    "skip": "skip question blank empty move",
    "refuse": (
        "rather prefer say saying tell telling answer answering give giving share sharing provide "
        "disclose none private personal refuse"
    ),
    "dont_know": "know sure idea clue remember recall decided forgot forget think",
    "dont_care": (
        "care matter mind preference preferences whatever up choose pick decide any anything "
        "either anywhere anytime picky particular fussy easy flexible open surprise specific"
    ),
    "done": "that thats nothing done finished set",
    "cancel": "forget never nevermind want",
    "wants_human": (
        "human person agent representative rep someone somebody operator staff advisor manager "
        "supervisor people one body anyone call"
    ),
    "thanks": "thanks thank thx cheers appreciated ty",
    "wants_change": "change correct edit update amend mistake typo wrong incorrect right",
    "identity": "bot chatbot robot human real ai machine person computer who",
    "chit_chat": (
        "how hows bot robot human real ai machine person who joke up weather lol haha hahaha"
    ),
}
_COMPILED = tuple(
    (name, re.compile(pattern), frozenset(words(_CUES.get(name, "")))) for name, pattern in _SIGNALS
)
MAX_FILLER = 80
DECLINES: tuple[Signal, ...] = ("dont_care", "dont_know", "skip", "refuse")


def find_signals(text: str) -> dict[Signal, tuple[int, int]]:
    """Each signal with the place of the words that gave it. `text` is in lower case."""
    return dict(_signals(text))


# A part of a list is asked twice, first whether it is talk.
@lru_cache(maxsize=32)
def _signals(text: str) -> dict[Signal, tuple[int, int]]:
    found: dict[Signal, tuple[int, int]] = {}
    for name, pattern, cues in _COMPILED:
        match = first_match(pattern, text, near(text, cues, with_edges=True))
        if match:
            found[name] = match.span()
    filler = _FILLER.match(text) if len(text) < MAX_FILLER else None
    if filler:
        found.setdefault("chit_chat", filler.span())
    if text.strip() and is_small_talk(text):
        found["chit_chat"] = (0, len(text))
    return found
