"""What a tenant may use: figures the operator sets, kept in memory so that no message asks SQL."""

import time
from dataclasses import dataclass, fields

from tenants.models import Tenant
from tenants.scope import control_plane

KEPT_SECONDS = 60.0


@dataclass(frozen=True)
class Plan:
    """Figures of one tenant. What counts a day counts for each website of its own."""

    messages_per_minute: int
    requests_per_minute: int
    turns_per_day: int
    tokens_per_day: int
    tokens_per_session: int


FIGURES = tuple(figure.name for figure in fields(Plan))
_known: dict[str, tuple[float, Plan]] = {}


def known_plan(schema: str) -> Plan | None:
    """The plan as this process read it within the last minute."""
    read_at, plan = _known.get(schema, (0.0, None))
    return plan if time.monotonic() - read_at < KEPT_SECONDS else None


def read_plan(schema: str) -> Plan:
    """The plan as it stands now. Raises Tenant.DoesNotExist."""
    with control_plane():
        row = Tenant.objects.values(*FIGURES).get(schema_name=schema)
    plan = Plan(**row)
    _known[schema] = (time.monotonic(), plan)
    return plan


def plan_of(schema: str) -> Plan:
    """At most a minute old: a change of the operator's needs no restart."""
    return known_plan(schema) or read_plan(schema)
