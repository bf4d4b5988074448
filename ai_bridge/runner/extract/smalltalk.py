"""Lines that only keep the talk going: wishes, pauses, excuses, remarks. They answer nothing."""

import re

_OPENING = r"(?:(?:ah|ok|okay|well|hmm+|um|so|sorry|no|yes|and|but|hello|hi|hey)\b[\s,.!?]*){0,3}"
_WISHES = (
    r"bless you|(?:have|enjoy) (?:a |an |your )?(?:\w+ )?(?:day|one|evening|night|weekend|week)|"
    r"good (?:morning|afternoon|evening|day|night)(?: (?:to you|all|everyone|there))*|take care|"
    r"fingers crossed|good luck.*|cheers(?: \w+)?|(?:and |thanks,? |same to )?you too"
)
_TAKING = (
    r"(?:ok(?:ay)?,? |i )?(?:got (?:it|that|you)|understood|understand|noted)|i see|fair enough|"
    r"makes? sense|no (?:worries|biggie)|never heard of (?:that|it|them)|"
    r"good to know|that helps"
)
_PAUSES = (
    r"(?:just )?(?:one|a|give me (?:a|one|two|five|a few)|wait a|hang on a|hold on a) "
    r"(?:quick )?(?:moment|sec|second|minute|min)s?\b.*|bear with me.*|"
    r"i(?:'?ll| will) (?:be|come) (?:right )?back(?: (?:soon|later|in a \w+))?|"
    r"let me (?:ask|think|see|check|look|find)\b.*|(?:the |my )?(?:phone|door ?bell|door) is "
    r"ringing.*|(?:is )?any(?:one|body)(?: \w+)? (?:there|home|here)|still there|you there"
)
_EXCUSES = (
    r"(?:sorry |apologies )?(?:about|for) (?:the|that|all the|my) (?:typos?|mess|delay|wait|"
    r"spelling|confusion|mistakes?)|oh (?:dear|no|my|boy|man|well|god)|oops|whoops|my bad|"
    r"(?:that|this|it) (?:was|is) (?:so |very |really |too )?(?:quick|fast|easy|slow|fun|funny|"
    r"weird|great|nice|cool|hard)|what an? \w+|you (?:must be|are|'re) (?:\w+ )?(?:busy|quick|fast|"
    r"funny|kind|nice|helpful|patient)|(?:the|my) (?:cat|dog|kids?|baby|son|daughter) "
    r"(?:is|just|keeps|was|are|has) (?:\w+ )?(?:walked|walking|crying|barking|jumped)\b.*|"
    r"(?:ha){2,}\w*(?: (?:ok(?:ay)?|yes|sure|right|nice|good(?: one)?|funny|true|lol|"
    r"very \w+|that'?s .*))*"
)
# Alone these announce an answer that has not come yet.
_HESITATES = (
    r"(?:(?:actuall?e?y|well|hm+|um+|uh+|er+m*|wait|sorry|oh|ah|so|look|listen|anyway|hang on|"
    r"hold on|let me see)\b[\s,.!…-]*){1,4}"
)
_LINE = re.compile(rf"\W*{_OPENING}(?:{'|'.join((_WISHES, _TAKING, _PAUSES, _EXCUSES))})\W*")
_WAITS = re.compile(rf"\W*{_HESITATES}")
_NO_WORDS = re.compile(r"[^\w]*")
MAX_LINE = 80


def is_small_talk(text: str) -> bool:
    """Whether the whole line, in lower case, is of this kind; signs and pictures alone are too."""
    if len(text) >= MAX_LINE or any(character.isdecimal() for character in text):
        return False
    return bool(_LINE.fullmatch(text) or _WAITS.fullmatch(text) or _NO_WORDS.fullmatch(text))
