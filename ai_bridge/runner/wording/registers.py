"""How a template's `tone` sounds without a model: which of several wordings of a line is taken.

A tone is free text. The few words of it that are known here choose a manner (friendly or formal)
and whether to be brief; all others change nothing. The model, where there is one, is told all.
"""

import re
from functools import lru_cache
from typing import Literal, NamedTuple

Manner = Literal["neutral", "friendly", "formal"]
Style = Literal["neutral", "friendly", "formal", "brief"]

FRIENDLY = frozenset({"friendly", "warm", "cheerful", "kind", "casual", "relaxed", "informal"})
FORMAL = frozenset(
    {"formal", "serious", "discreet", "exact", "polite", "professional", "respectful"}
)
BRIEF = frozenset({"brief", "short", "quick", "concise", "terse", "crisp"})
_WORDS = re.compile(r"[a-z]+")
# "Never formal", "not too friendly": the word is not meant.
_DENIED = re.compile(r"\b(?:not|never|no|without|less)\s+(?:(?:too|very|overly|so)\s+)?[a-z]+")


class Register(NamedTuple):
    manner: Manner = "neutral"
    is_brief: bool = False


@lru_cache(maxsize=256)
def register_of(tone: str) -> Register:
    """The register that the known words of a tone ask for; of two manners the one named first."""
    said = _WORDS.findall(_DENIED.sub(" ", tone.lower()))
    neutral: Manner = "neutral"
    manner = next((found for word in said if (found := _manner(word))), neutral)
    return Register(manner, not BRIEF.isdisjoint(said))


def _manner(word: str) -> Manner | None:
    if word in FRIENDLY:
        return "friendly"
    return "formal" if word in FORMAL else None


def wordings(line: str, register: Register) -> tuple[str, ...]:
    """Every way to say this line. One with several is varied from turn to turn.

    A manner's own words come first, then brief ones, then the neutral ones.
    """
    known = _LINES[line]
    brief = known.get("brief") if register.is_brief else None
    own = known.get(register.manner) if register.manner != "neutral" else None
    return own or brief or known["neutral"]


# No manner praises or wishes joy: the same words answer a wedding and a burglary.
_LINES: dict[str, dict[Style, tuple[str, ...]]] = {
    "thanks": {
        "neutral": ("Thanks.", "Got it.", "All right.", "Noted."),
        "friendly": ("Thank you!", "Thanks, got it.", "Thanks for that.", "All right, thanks!"),
        "formal": ("Thank you.", "That is noted.", "Thank you, noted.", "Very well."),
        "brief": ("Got it.", "Thanks.", "Noted."),
    },
    "thanks_to": {
        "neutral": ("Thanks, {}.",),
        "friendly": ("Thank you, {}!",),
        "formal": ("Thank you, {}.",),
    },
    "not_understood": {
        "neutral": ("Sorry, I did not get that.",),
        "friendly": ("Sorry, I didn't quite catch that.",),
        "formal": ("I am sorry, I did not understand that.",),
        "brief": ("I didn't get that.",),
    },
    "greeted": {
        "neutral": ("Hello!",),
        "friendly": ("Hi there!",),
        "formal": ("Hello.",),
        "brief": ("Hi!",),
    },
    "thanked": {
        "neutral": ("You are welcome.",),
        "friendly": ("You're very welcome!",),
        "brief": ("Sure.",),
    },
    "declined": {
        "neutral": (
            "No problem, we can skip that.",
            "That's fine, let's leave it out.",
            "All right, we skip that one.",
        ),
        "friendly": (
            "No problem at all, we can skip that!",
            "That's quite all right, let's leave it out.",
        ),
        "formal": ("Very well, this can be left out.", "Certainly, we can pass over this."),
        "brief": ("Skipped.", "Fine, skipped."),
    },
    "unanswered": {
        "neutral": (
            "I can't answer that here, but the team will be glad to.",
            "That is a question for the team; they will be glad to answer it.",
            "I don't know that, but the team does.",
        ),
        "friendly": (
            "Good question! I can't answer it here, but the team will be glad to.",
            "I can't tell you that here, but the team will be happy to!",
        ),
        "formal": (
            "I am not able to answer that here; the team will.",
            "That is a question for the team, who will answer it.",
        ),
        "brief": ("The team can tell you that.", "That's one for the team."),
    },
    "heard": {
        "neutral": ("I see.", "All right.", "Okay."),
        "friendly": ("I see!", "All right!"),
        "formal": ("I see.", "Very well."),
    },
    "change_what": {
        "neutral": ("What should I change? You can name it, or write the right value.",),
        "friendly": ("Sure, what should I change? Just name it, or write the right value.",),
        "formal": ("What should be changed? Please name it, or write the right value.",),
        "brief": ("What should I change?",),
    },
    "summary": {
        "neutral": ("Here is what I have:",),
        "formal": ("This is what I have noted:",),
        "brief": ("I have:",),
    },
    "is_right": {
        "neutral": ("Is everything right?",),
        "friendly": ("Does everything look right?",),
        "formal": ("Is everything correct?",),
        "brief": ("Is that right?",),
    },
    "completed": {
        "neutral": ("Thank you, that is all.",),
        "friendly": ("Thank you so much, that's everything!",),
        "formal": ("Thank you. Everything is complete.",),
        "brief": ("Thanks, that's all.",),
    },
}
