"""Published template versions as a chat needs them, kept in memory: a version never changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from ai_bridge.intake import compile_template
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
    idle_minutes: int
    required: int


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
        idle_minutes=intake.settings.idle_minutes,
        required=len(intake.required({})),
    )
