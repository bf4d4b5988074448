"""Options by value, label, synonym and spelling error; and yes or no."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from types import ModuleType
from typing import Any

from ai_bridge.intake import IntakeField
from ai_bridge.intake.fields import humanise
from ai_bridge.runner.normalise.nearby import DIGITS, begun, holds, opening, starts_of
from ai_bridge.runner.normalise.paraphrases import Phrases, find_paraphrases
from ai_bridge.runner.normalise.per_field import once_a_field
from ai_bridge.runner.normalise.texts import WORD, lower, words_in
from ai_bridge.runner.normalise.types import Found, both_ends, longest_first

_NEGATED = re.compile(
    r"(?:\b(?:not|no|never|good|without|instead of|rather than|except|don'?t (?:want|need|like)|"
    r"isn'?t|wasn'?t|nor)(?: (?:a|an|the|any|too|so|very|that|really|at all))?)\s$",
    re.IGNORECASE,
)
_YES = re.compile(
    r"^\W*(?:(?:oh|um|uh|well|ok|okay|hmm),? )?(?:yes+|ye|yeh|yh|aye|jup|jep|yea|yeah|yep|yup|ya|"
    r"sure|of course|"
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
# Texts whose lengths are further apart than this score less, whatever they say.
SHARE = FUZZY_SCORE / (200 - FUZZY_SCORE)
# Two texts of this likeness are not further apart in length, whatever is respelled by ear.
SPREAD = 2
# Of each name; of more the first half and the last are looked at.
MAX_NAMED = 40


def read_boolean(text: str) -> bool | None:
    """Yes, no, or neither; only the beginning of an answer counts."""
    if _NO.match(text):
        return False
    return True if _YES.match(text) else None


@once_a_field
def phrases_of(field: IntakeField) -> Phrases:
    """Everything a visitor may call each option, in lower case, longest first."""
    listed: dict[str, Any] = {}
    for option in field.options:
        said = [str(option), humanise(str(option)), field.label(option)]
        said += list((field.synonyms or {}).get(option, ()))
        for phrase in said:
            for form in _forms(phrase.lower().strip()):
                listed.setdefault(form, option)
    for form, option in _enumerated(field, listed).items():
        listed.setdefault(form, option)
    return tuple(sorted(listed.items(), key=lambda item: -len(item[0])))


_AND_SO_ON = re.compile(r",\s*(?:or\s+)?|\s+or\s+", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:an?|the|your|some) ", re.IGNORECASE)


def _enumerated(field: IntakeField, listed: Mapping[str, Any]) -> dict[str, Any]:
    """What the question calls the options: `is it about work, family or something else?`

    Only where it lists as many as there are, and in their order as far as their names tell.
    """
    _, colon, listing = field.ask.rpartition(":")
    named = [_ARTICLE.sub("", item) for item in _AND_SO_ON.split(listing.strip(" ?.").lower())]
    if not colon or len(named) != len(field.options):
        return {}
    forms = {
        form: option
        for item, option in zip(named, field.options, strict=True)
        for form in _forms(item)
    }
    is_alike = all(listed.get(form, option) == option for form, option in forms.items())
    return forms if is_alike else {}


def _forms(phrase: str) -> list[str]:
    """The phrase, and without its hyphens and slashes."""
    plain = " ".join(WORD.findall(phrase))
    return [form for form in dict.fromkeys((phrase, plain)) if form]


@lru_cache(maxsize=4096)
def _phrase_pattern(phrase: str) -> re.Pattern[str]:
    body = re.escape(phrase).replace(r"\ ", r"[\s-]{1,3}").replace(" ", r"[\s-]{1,3}")
    return re.compile(rf"(?<![^\W_]){body}(?:'?s|es|ed|ing)?(?![^\W_])")


_ENDINGS = ("", "s", "es", "ed", "ing")


@lru_cache(maxsize=4096)
def _openings(phrase: str) -> frozenset[str]:
    """The words one of which has to stand in a text that names an option so."""
    first = opening(phrase)
    is_whole = first != DIGITS and phrase.endswith(first)
    return frozenset(first + ending for ending in _ENDINGS) if is_whole else frozenset({first})


def _named(phrase: str, lowered: str) -> Iterator[re.Match[str]]:
    if not holds(lowered, _openings(phrase)):
        return iter(())
    if phrase not in lowered and not _may_differ(phrase, lowered):
        return iter(())
    pattern = _phrase_pattern(phrase)
    if not phrase[0].isalnum():
        return pattern.finditer(lowered)
    return begun(pattern, lowered, starts_of(lowered, _openings(phrase)))


def find_options(field: IntakeField, text: str) -> list[Found]:
    """Options named in the text, negated ones left out; spelling errors only where no name fits.

    `note` is `fuzzy` for a guessed spelling, `paraphrase` for other words with no word of the field
    beside them.
    """
    lowered = lower(text)
    found: list[Found] = []
    phrases = phrases_of(field)
    for phrase, option in phrases:
        named = list(_named(phrase, lowered))
        found += [Found(*match.span(), option) for match in both_ends(named, MAX_NAMED)]
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


@cache
def _likeness() -> tuple[ModuleType, ModuleType]:
    """Loaded on first use: most answers are spelled right."""
    from rapidfuzz import fuzz, process

    return fuzz, process


_SPELLED = {"f": "p", "k": "c"}


@dataclass(frozen=True, slots=True)
class _Names:
    """What options are called, by ear, and what a text has to look like to be taken for it.

    `reach` is how short and how long it may be by ear, for each first letter; `sizes` are in words.
    """

    sounds: dict[str, Any]
    reach: dict[str, tuple[float, float]]
    letters: frozenset[str]
    longest: int
    sizes: tuple[int, ...]


@lru_cache(maxsize=1024)
def _names(phrases: Phrases) -> _Names:
    names = {phrase: option for phrase, option in phrases if len(phrase) >= FUZZY_FROM}
    sounds = {_by_ear(phrase): option for phrase, option in names.items()}
    reach: dict[str, tuple[float, float]] = {}
    for sound in sounds:
        least, most = reach.get(sound[0], (len(sound), 0.0))
        reach[sound[0]] = min(least, len(sound) * SHARE), max(most, len(sound) / SHARE)
    # What begins with "ph" or "che" sounds as if it began with another letter.
    letters = {*reach, *(_SPELLED[letter] for letter in _SPELLED.keys() & reach.keys())}
    return _Names(
        sounds,
        reach,
        frozenset(letters),
        max(map(len, names), default=0) * SPREAD,
        tuple(sorted({len(phrase.split()) for phrase in names})),
    )


def _heard(run: str, names: _Names) -> tuple[str, float] | None:
    """The one that sounds most like it and begins alike, with its likeness."""
    sound = _by_ear(run)
    least, most = names.reach.get(sound[0], (1, 0))
    if not least <= len(sound) <= most:
        return None
    fuzz, process = _likeness()
    best = process.extractOne(
        sound, names.sounds.keys(), scorer=fuzz.ratio, score_cutoff=FUZZY_SCORE
    )
    return (best[0], best[1]) if best and best[0][0] == sound[0] else None


# Several fields with options look at the same text.
@lru_cache(maxsize=64)
def _said(text: str, size: int, letter: str) -> dict[str, list[int]]:
    """Where the runs of so many words begin, of those with this first letter."""
    words, said = words_in(text), dict[str, list[int]]()
    for index in _begun(text).get(letter, ()):
        if index + size <= len(words):
            start, end = words[index][0], words[index + size - 1][1]
            if end - start >= FUZZY_FROM:
                said.setdefault(text[start:end], []).append(start)
    return said


@lru_cache(maxsize=2)
def _begun(text: str) -> dict[str, list[int]]:
    """Which of the words begin with each letter."""
    begun: dict[str, list[int]] = {}
    for index, (_, _, word) in enumerate(words_in(text)):
        begun.setdefault(word[0], []).append(index)
    return begun


def _fuzzy(phrases: Phrases, text: str) -> list[Found]:
    names = _names(phrases)
    found: list[tuple[float, Found]] = []
    for size in names.sizes:
        said = (_said(text, size, letter).items() for letter in names.letters)
        heard: list[tuple[float, Found]] = []
        for run, starts in chain.from_iterable(said):
            if len(run) <= names.longest and (best := _heard(run, names)):
                option = names.sounds[best[0]]
                heard += [
                    (best[1], Found(start, start + len(run), option, note="fuzzy"))
                    for start in both_ends(starts, MAX_NAMED)
                ]
        found += sorted(heard, key=lambda item: item[1].start)
    found.sort(key=lambda item: -item[0])
    return longest_first([item for _, item in found[:5]])
