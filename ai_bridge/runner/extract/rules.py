"""The rule extractor: deterministic, no network, no weights."""

from collections import OrderedDict

from ai_bridge.intake import Intake
from ai_bridge.runner.extract.assign import Proposal, choose
from ai_bridge.runner.extract.naming import field_spoken_of
from ai_bridge.runner.extract.operations import decline, decline_named, refuse, to_operations
from ai_bridge.runner.extract.profiles import Profile, profiles_of
from ai_bridge.runner.extract.propose import propose
from ai_bridge.runner.extract.reading import Reading, read_message
from ai_bridge.runner.extract.types import Extraction, Utterance
from ai_bridge.runner.normalise import Value

KEPT_TEMPLATES = 64


class RuleExtractor:
    """Keeps the prepared fields of the templates it read last; results never depend on that."""

    def __init__(self) -> None:
        self._profiles: OrderedDict[str, tuple[Profile, ...]] = OrderedDict()

    async def extract(self, utterance: Utterance) -> Extraction:
        return self.read(utterance)

    def read(self, utterance: Utterance) -> Extraction:
        """What the message changes, in its own order, and what it does besides."""
        profiles = self._prepared(utterance.intake)
        live = utterance.intake.applicable(utterance.values)
        reading, chosen = _read(utterance, profiles, live)
        more = _opened(utterance, chosen) - live
        if more:
            # "It's for a new roof, budget 9000": the first value makes room for the second.
            reading, chosen = _read(utterance, profiles, live | more)
        operations = to_operations(reading, chosen)
        operations += decline_named(reading, {item.profile.field.path for item in chosen})
        if not operations and not chosen:
            operations = decline(reading) or refuse(reading)
        return Extraction(operations, frozenset(reading.signals), field_spoken_of(reading))

    def _prepared(self, intake: Intake) -> tuple[Profile, ...]:
        found = self._profiles.get(intake.hash)
        if found is None:
            found = self._profiles[intake.hash] = profiles_of(intake)
            if len(self._profiles) > KEPT_TEMPLATES:
                self._profiles.popitem(last=False)
        return found


def _read(
    utterance: Utterance, profiles: tuple[Profile, ...], live: frozenset[str]
) -> tuple[Reading, list[Proposal]]:
    reading = read_message(utterance, profiles, live)
    return reading, choose(propose(reading))


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
