"""Options by value, label, synonym and spelling error; and yes or no."""

import re
from functools import lru_cache
from typing import Any

from ai_bridge.intake import IntakeField
from ai_bridge.intake.fields import humanise
from ai_bridge.runner.normalise.paraphrases import Phrases, find_paraphrases
from ai_bridge.runner.normalise.texts import lower
from ai_bridge.runner.normalise.types import Found, longest_first

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_NEGATED = re.compile(
    r"(?:\b(?:not|no|never|good|without|instead of|rather than|except|don'?t (?:want|need|like)|"
    r"isn'?t|wasn'?t|nor)(?: (?:a|an|the|any|too|so|very|that|really|at all))?)\s$",
    re.IGNORECASE,
)
_YES = re.compile(
    r"^\W*(?:(?:oh|um|uh|well|ok|okay|hmm),? )?(?:yes|jup|jep|yea|yeah|yep|yup|ya|sure|of course|"
    r"certainly|definitely|absolutely|correct|right|true|ok|okay|please do|go ahead|indeed|y|"
    r"affirmative|(?:i do|i am|i have|i can|i would|i will|it is|it does|we do|we can|you may)"
    r"(?=\W*$|[,.])|"
    r"(?:it |that |this |all |everything )?(?:sounds|looks|seems) (?:good|great|fine|right|ok|"
    r"okay|correct|perfect)|(?:now )?(?:all|everything|it)(?:'?s| is)? "
    r"(?:good|correct|right|fine|ok|okay)|"
    r"(?:now )?that'?s (?:right|fine|ok|okay|correct|good|great|perfect)|"
    r"that is (?:fine|correct|right|ok)|"
    r"that (?:works|would be (?:fine|great|good|nice|ok))|fine|no problem|why not|happy to|"
    r"i (?:think|believe|guess|suppose) so|i don'?t mind|perfect|"
    r"great|i agree|agreed|i accept|exactly)\b",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^\W*(?:(?:oh|um|uh|well|hmm|actually),? )?(?:no|nope|nah|(?:i )?disagree|"
    r"not(?! (?:an?|the|"
    r"only|sure) )|never|negative|false|n|"
    r"i don'?t|i do not|i'?m not|i am not|i haven'?t|i wouldn'?t|i'?d rather not|don'?t|"
    r"we don'?t|it isn'?t|it'?s not|not really|incorrect|wrong)\b(?! (?:problem|mind|worries))",
    re.IGNORECASE,
)
FUZZY_FROM = 5
FUZZY_SCORE = 84
# Two texts of this likeness are not further apart in length, whatever is respelled by ear.
SPREAD = 2


KEPT_FIELDS = 1_000
_PHRASES: dict[int, tuple[IntakeField, Phrases]] = {}


def read_boolean(text: str) -> bool | None:
    """Yes, no, or neither; only the beginning of an answer counts."""
    if _NO.match(text):
        return False
    return True if _YES.match(text) else None


def phrases_of(field: IntakeField) -> Phrases:
    """Everything a visitor may call each option, in lower case, longest first."""
    known = _PHRASES.get(id(field))
    # An id is given again only after its field is gone, which it is not as long as it is kept.
    if known is None or known[0] is not field:
        if len(_PHRASES) >= KEPT_FIELDS:
            _PHRASES.clear()
        known = _PHRASES[id(field)] = (field, _phrases(field))
    return known[1]


def _phrases(field: IntakeField) -> Phrases:
    listed: dict[str, Any] = {}
    for option in field.options:
        said = [str(option), humanise(str(option)), field.label(option)]
        said += list((field.synonyms or {}).get(option, ()))
        for phrase in said:
            for form in _forms(phrase.lower().strip()):
                listed.setdefault(form, option)
    return tuple(sorted(listed.items(), key=lambda item: -len(item[0])))


def _forms(phrase: str) -> list[str]:
    """The phrase, and without its hyphens and slashes."""
    plain = " ".join(_WORD.findall(phrase))
    return [form for form in dict.fromkeys((phrase, plain)) if form]


@lru_cache(maxsize=4096)
def _phrase_pattern(phrase: str) -> re.Pattern[str]:
    body = re.escape(phrase).replace(r"\ ", r"[\s-]{1,3}").replace(" ", r"[\s-]{1,3}")
    return re.compile(rf"(?<![^\W_]){body}(?:'?s|es|ed|ing)?(?![^\W_])")


def find_options(field: IntakeField, text: str) -> list[Found]:
    """Options named in the text, negated ones left out; spelling errors only where no name fits.

    `note` is `fuzzy` for a guessed spelling, `paraphrase` for other words with no word of the field
    beside them.
    """
    lowered = lower(text)
    found: list[Found] = []
    phrases = phrases_of(field)
    for phrase, option in phrases:
        if phrase not in lowered and not _may_differ(phrase, lowered):
            continue
        for match in _phrase_pattern(phrase).finditer(lowered):
            found.append(Found(match.start(), match.end(), option))
    kept = _affirmed(longest_first(found[:200]), lowered)
    if kept:
        return kept
    # "Not too expensive" turns one option down and means another.
    turned_down = {item.value for item in found}
    meant = _affirmed(find_paraphrases(field, phrases, lowered), lowered)
    others = [item for item in meant if item.value not in turned_down]
    return others or ([] if found else _fuzzy(phrases, lowered))


def _affirmed(found: list[Found], lowered: str) -> list[Found]:
    return [
        item for item in found if not _NEGATED.search(lowered, max(0, item.start - 22), item.start)
    ]


def _may_differ(phrase: str, text: str) -> bool:
    return " " in phrase and phrase.split(" ", 1)[0] in text


def _by_ear(word: str) -> str:
    """`fotography` and `photography`, `toothake` and `toothache` come out the same."""
    return word.replace("ph", "f").replace("che", "ke").replace("ck", "k")


def _heard(sound: str, sounds: dict[str, Any]) -> tuple[str, float] | None:
    """The one that sounds most like it and begins alike, with its likeness."""
    from rapidfuzz import fuzz, process

    best = process.extractOne(sound, sounds.keys(), scorer=fuzz.ratio, score_cutoff=FUZZY_SCORE)
    return (best[0], best[1]) if best and best[0][0] == sound[0] else None


# Several fields with options look at the same text.
@lru_cache(maxsize=2)
def _spots(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(match.span() for match in _WORD.finditer(text))


def _fuzzy(phrases: Phrases, text: str) -> list[Found]:
    names = {phrase: option for phrase, option in phrases if len(phrase) >= FUZZY_FROM}
    if not names:
        return []
    sounds = {_by_ear(phrase): option for phrase, option in names.items()}
    initials, longest = {sound[0] for sound in sounds}, max(map(len, names)) * SPREAD
    spots = _spots(text)
    # The same words sound the same wherever they stand.
    heard: dict[str, tuple[str, float] | None] = {}
    found: list[tuple[float, Found]] = []
    for size in {len(phrase.split()) for phrase in names}:
        for (start, _), (_, end) in zip(spots, spots[size - 1 :], strict=False):
            if not FUZZY_FROM <= end - start <= longest:
                continue
            said = text[start:end]
            if said not in heard:
                sound = _by_ear(said)
                heard[said] = _heard(sound, sounds) if sound[0] in initials else None
            if best := heard[said]:
                found.append((best[1], Found(start, end, sounds[best[0]], note="fuzzy")))
    found.sort(key=lambda item: -item[0])
    return longest_first([item for _, item in found[:5]])
