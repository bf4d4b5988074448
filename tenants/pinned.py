"""Published template versions as a chat needs them, kept in memory: a version never changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from ai_bridge.intake import Intake, compile_template
from tenants.scope import current_schema
from tenants.workspace.models import TemplateVersion

KEPT = 256


@dataclass(frozen=True)
class PinnedTemplate:
    """`required` counts the fields that are required before anything is known."""

    version_id: UUID
    document: Mapping[str, Any]
    hash: str
    greeting: str
    greetings: Mapping[str, str]
    idle_minutes: int
    required: int

    def greeting_in(self, locale: str) -> str:
        """The first line in the visitor's language, where the template has it."""
        own = self.greetings.get(locale) or self.greetings.get(locale.partition("-")[0].lower())
        return own or self.greeting


def pinned_template(version_id: UUID) -> PinnedTemplate:
    """One version of the current tenant; a query for the first call in a process only."""
    return _load(current_schema(), version_id)


@lru_cache(maxsize=KEPT)
def _load(schema: str, version_id: UUID) -> PinnedTemplate:
    version = TemplateVersion.objects.get(id=version_id)
    intake = compile_template(version.document)
    return PinnedTemplate(
        version_id=version_id,
        document=version.document,
        hash=version.hash,
        greeting=intake.settings.greeting,
        greetings=greetings_of(version.document),
        idle_minutes=intake.settings.idle_minutes,
        required=len(intake.required({})),
    )


def intake_of_version(version_id: UUID) -> Intake:
    """What one version of the current tenant means; compiled once in a process."""
    return _compiled(current_schema(), version_id)


# The schema is part of the key: an id is a tenant's own, however unlikely it is to come twice.
@lru_cache(maxsize=KEPT)
def _compiled(schema: str, version_id: UUID) -> Intake:
    return compile_template(TemplateVersion.objects.get(id=version_id).document)


def greetings_of(document: Mapping[str, Any]) -> dict[str, str]:
    """What `i18n` says instead of the greeting, by language tag."""
    wording = (document.get("x-intake") or {}).get("i18n") or {}
    return {tag: words["greeting"] for tag, words in wording.items() if words.get("greeting")}
