"""Compiled templates by their hash: the one thing kept in memory, and only to save time."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from ai_bridge.errors import TemplateInvalidError
from ai_bridge.intake import Intake, TemplateInvalid, compile_template
from ai_bridge.intake import template_hash as hash_of

_MOST = 256


class Intakes:
    """A hash names one content, so an entry can never be stale."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Intake] = OrderedDict()

    def get(self, template_hash: str) -> Intake | None:
        intake = self._known.get(template_hash)
        if intake is not None:
            self._known.move_to_end(template_hash)
        return intake

    def add(self, document: Mapping[str, Any], template_hash: str) -> Intake:
        """Raises TemplateInvalidError for a bad template or one that is not what its hash says."""
        try:
            stated = hash_of(document)
        except ValueError as error:
            raise TemplateInvalidError("The template holds a number that is not finite.") from error
        if stated != template_hash:
            # Also for a hash that is known: an answer may not depend on what is in memory.
            raise TemplateInvalidError(
                f"The template's hash is {stated}, not {template_hash}. "
                "Send the template that belongs to the hash."
            )
        return self.get(template_hash) or self._compile(document, template_hash)

    def _compile(self, document: Mapping[str, Any], template_hash: str) -> Intake:
        try:
            intake = compile_template(document)
        except TemplateInvalid as error:
            first = error.problems[0]
            raise TemplateInvalidError(
                f"At {first.pointer or '/'}: {first.detail} {first.mend}"
            ) from error
        self._known[template_hash] = intake
        while len(self._known) > _MOST:
            self._known.popitem(last=False)
        return intake
