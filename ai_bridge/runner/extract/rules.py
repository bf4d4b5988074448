"""The rule extractor: deterministic, no network, no weights."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from ai_bridge.intake import Intake
from ai_bridge.intake.repeats import Repeat
from ai_bridge.runner.extract.assign import Proposal, choose
from ai_bridge.runner.extract.implied import told_with_yes, waits_for_yes
from ai_bridge.runner.extract.lengths import readable
from ai_bridge.runner.extract.naming import field_spoken_of
from ai_bridge.runner.extract.operations import decline, decline_named, refuse, to_operations
from ai_bridge.runner.extract.profiles import Profile, profiles_of_fields
from ai_bridge.runner.extract.propose import propose
from ai_bridge.runner.extract.ranges import after_the_first, read_ranges
from ai_bridge.runner.extract.reading import Reading, read_again, read_message
from ai_bridge.runner.extract.repeating import Heard, read_repeating, without
from ai_bridge.runner.extract.retracting import without_asides
from ai_bridge.runner.extract.segments import asks_for_more
from ai_bridge.runner.extract.smalltalk import is_small_talk
from ai_bridge.runner.extract.types import Extraction, Utterance
from ai_bridge.runner.normalise import Value
from ai_bridge.runner.normalise.texts import lower

KEPT_TEMPLATES = 64


class RuleExtractor:
    """Keeps the prepared fields of the templates it read last; results never depend on that."""

    def __init__(self) -> None:
        self._profiles: OrderedDict[tuple[str, str, str], tuple[Profile, ...]] = OrderedDict()

    async def extract(self, utterance: Utterance) -> Extraction:
        return self.read(utterance)

    def read(self, utterance: Utterance) -> Extraction:
        """What the message changes, in its own order, and what it does besides."""
        utterance = readable(utterance)
        intake = utterance.intake
        if is_small_talk(lower(utterance.text)):
            return Extraction((), frozenset(read_message(utterance, (), frozenset()).signals))
        if not (intake.repeats or intake.has_ranges):
            return self._read_rest(Heard((), utterance))
        heard = self._hear(utterance)
        found = self._read_rest(heard)
        if asks_for_more(utterance.text):
            found = replace(found, signals=found.signals | {"affirm"})
        return found

    def _hear(self, utterance: Utterance) -> Heard:
        """Items and ranges first: what they take is no other field's."""
        heard = Heard((), utterance)
        if utterance.intake.repeats:
            heard = read_repeating(
                utterance, lambda repeat: self._prepared_items(utterance, repeat)
            )
        if utterance.intake.has_ranges:
            live = utterance.intake.applicable(utterance.values)
            found = tuple(read_ranges(heard.rest, live))
            rest, is_understood = without(heard.rest, found), heard.is_understood or bool(found)
            heard = Heard((*heard.operations, *found), rest, is_understood)
        return heard

    def _read_rest(self, heard: Heard) -> Extraction:
        utterance = heard.rest
        profiles = self._prepared(utterance)
        live = utterance.intake.applicable(utterance.values)
        reading, chosen = _read(read_message(utterance, profiles, live))
        more = _opened(utterance, chosen) - live
        if not more and (yes := waits_for_yes(reading)):
            # `The hearing is on 3 April`, to "has a date been set?"
            opened = utterance.intake.applicable({**utterance.values, yes.field.path: True}) - live
            wider, found = _read(read_again(reading, profiles, live | opened))
            if told := told_with_yes(yes, found, opened):
                reading, chosen = wider, [*told, *found]
        if more:
            # "It's for a new roof, budget 9000": the first value makes room for the second.
            reading, chosen = _read(read_again(reading, profiles, live | more))
        stated = to_operations(reading, chosen)
        operations = stated.operations
        operations += decline_named(reading, {item.profile.field.path for item in chosen})
        if not (heard.is_understood or operations or chosen):
            operations = decline(reading) or refuse(reading)
        if heard.operations:
            operations = tuple(
                sorted((*heard.operations, *operations), key=lambda item: item.start or 0)
            )
        signals, about = frozenset(reading.signals), field_spoken_of(reading)
        return Extraction(operations, signals, about, stated.restated)

    def _prepared(self, utterance: Utterance) -> tuple[Profile, ...]:
        """Of repeated items only the field that was asked for: the others look all the same."""
        intake, asked = utterance.intake, ""
        if intake.repeats and utterance.asking:
            field = intake.field(utterance.asking)
            asked = field.path if field and field.item else ""
        return self._kept(
            (intake.hash, intake.settings.language, asked), lambda: _plain(intake, asked)
        )

    def _prepared_items(self, utterance: Utterance, repeat: Repeat) -> tuple[Profile, ...]:
        key = (utterance.intake.hash, utterance.intake.settings.language, repeat.path + "[]")
        return self._kept(key, lambda: profiles_of_fields(repeat.fields_at(0)))

    def _kept(
        self, key: tuple[str, str, str], prepare: Callable[[], tuple[Profile, ...]]
    ) -> tuple[Profile, ...]:
        found = self._profiles.get(key)
        if found is None:
            found = self._profiles[key] = prepare()
            if len(self._profiles) > KEPT_TEMPLATES:
                self._profiles.popitem(last=False)
        return found


def _plain(intake: Intake, asked: str) -> tuple[Profile, ...]:
    return profiles_of_fields(
        field for field in intake.fields if not field.item or field.path == asked
    )


def _read(reading: Reading) -> tuple[Reading, list[Proposal]]:
    chosen = without_asides(reading, choose(propose(reading)))
    has_ranges = reading.utterance.intake.has_ranges
    return reading, after_the_first(reading, chosen) if has_ranges else chosen


def _opened(utterance: Utterance, chosen: list[Proposal]) -> frozenset[str]:
    """What may hold a value once the chosen ones stand."""
    stated = {
        item.profile.field.path: item.result.value
        for item in chosen
        if isinstance(item.result, Value)
    }
    if not stated:
        return frozenset()
    return utterance.intake.applicable({**utterance.values, **stated})
