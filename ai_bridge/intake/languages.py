"""The wording of a template in another language: what `i18n` says instead of the template's own."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ai_bridge.intake.check import meaning_of
from ai_bridge.intake.kinds import annotation
from ai_bridge.intake.meaning import Intake
from ai_bridge.intake.references import resolve_references

# These stand beside `x-intake` in the template, not in it.
_BESIDE = ("title", "description")
# Merged by option: a language may word only some.
_BY_OPTION = ("labels", "synonyms")


def in_language(intake: Intake, tag: str) -> Intake:
    """The intake as it is worded for this language tag; itself where it has no words for it.

    `de-AT` is answered with the words for `de-AT`, then those for `de`.
    """
    known = intake.growth.languages
    found = known.get(tag)
    if found is None:
        if len(known) >= MAX_LANGUAGES:
            known.clear()
        found = known[tag] = _in_language(intake, tag)
    return found


# Locales come from visitors' browsers: nobody may fill the memory with invented ones.
MAX_LANGUAGES = 32


def _in_language(intake: Intake, tag: str) -> Intake:
    tags = tuple(dict.fromkeys((tag.partition("-")[0].lower(), tag)))
    worded = _worded(intake.document, tags)
    if worded == intake.document:
        return intake
    resolved, _ = resolve_references(worded)
    other = meaning_of(resolved, intake.document)
    return replace(other, settings=replace(other.settings, language=tag))


def _worded(node: Any, tags: tuple[str, ...]) -> Any:
    if isinstance(node, list):
        return [_worded(item, tags) for item in node]
    if not isinstance(node, Mapping):
        return node
    found = {key: _worded(item, tags) if key != "x-intake" else item for key, item in node.items()}
    said: Mapping[str, Any] = annotation(node).get("i18n") or {}
    for tag in tags:
        if tag in said:
            found = _with_words(found, said[tag])
    return found


def _with_words(schema: dict[str, Any], words: Mapping[str, Any]) -> dict[str, Any]:
    hints = {**annotation(schema)}
    for key, text in words.items():
        if key in _BY_OPTION:
            hints[key] = {**(hints.get(key) or {}), **text}
        elif key not in _BESIDE:
            hints[key] = text
    beside = {key: words[key] for key in _BESIDE if key in words}
    return {**schema, **beside, "x-intake": hints}
