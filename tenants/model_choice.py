"""Which model reads a website's visitors now: its own, the workspace's default, or none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, LiteralString
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, JSONObject
from django.db.models.lookups import Exact, IsNull
from pydantic import ValidationError

from ai_bridge.contract import Provider, Usage
from tenants.sealing import SealBroken
from tenants.workspace.model_connection import MICRO, ModelConnection, ModelUsage, this_month

FIELDS = (
    *("id", "kind", "model_name", "base_url", "sealed_key", "extractor", "persona"),
    *("system_prompt", "max_tokens", "timeout_seconds", "input_price", "output_price"),
    "monthly_cap",
)
CAP, KEY, INVALID = "cap_reached", "key_unreadable", "misconfigured"

# One statement however many turns end at once; each adds to what the others have added.
ADD_USAGE: LiteralString = """
INSERT INTO workspace_modelusage AS held
    (connection_id, month, turns, degraded_turns, input_tokens, output_tokens, cost_micros)
VALUES (%(connection)s, %(month)s, 1, %(degraded)s, %(taken)s, %(given)s, %(cost)s)
ON CONFLICT (connection_id, month) DO UPDATE SET
    turns = held.turns + 1,
    degraded_turns = held.degraded_turns + EXCLUDED.degraded_turns,
    input_tokens = held.input_tokens + EXCLUDED.input_tokens,
    output_tokens = held.output_tokens + EXCLUDED.output_tokens,
    cost_micros = held.cost_micros + EXCLUDED.cost_micros"""


@dataclass(frozen=True)
class ModelChoice:
    """Without a provider `trouble` says why the model is not asked though there is one."""

    connection_id: UUID
    model: str
    provider: Provider | None
    trouble: str
    input_price: Decimal
    output_price: Decimal

    def cost_micros(self, usage: Usage) -> int:
        """Prices are for a million tokens, so tokens times price is in millionths."""
        cost = usage.input_tokens * self.input_price + usage.output_tokens * self.output_price
        return round(cost)


def choice_of(website: str) -> Subquery:
    """For a query whose rows reach their website by this path: the connection as JSON, or null.

    Part of the statement that locks a session, so that choosing costs no statement of its own.
    """
    return _choice_of(website, this_month())


@lru_cache(maxsize=4)
def _choice_of(website: str, month: date) -> Subquery:
    own = OuterRef(f"{website}__model_connection")
    is_by_default = Q(IsNull(own, True), is_default=True)
    is_wanted = Exact(OuterRef(f"{website}__rules_only"), Value(False))
    spent = (
        ModelUsage.objects.filter(month=month)
        .order_by()
        .values("month")
        .annotate(total=Sum("cost_micros"))
        .values("total")
    )
    shape = JSONObject(**{name: name for name in FIELDS}, spent=Coalesce(Subquery(spent), 0))
    chosen = ModelConnection.objects.filter(Q(id=own) | is_by_default, is_wanted, is_active=True)
    return Subquery(chosen.order_by().values(found=shape)[:1])


def read_choice(found: Mapping[str, Any] | None) -> ModelChoice | None:
    """What `choice_of` selected. A key that cannot be read or a spent budget is no failure."""
    if found is None:
        return None
    facts = {name: found[name] for name in FIELDS}
    row = ModelConnection(**facts)
    provider, trouble = None, ""
    if _is_spent(found):
        trouble = CAP
    else:
        try:
            provider = row.provider()
        except SealBroken:
            trouble = KEY
        except ValidationError:
            trouble = INVALID
    return ModelChoice(
        connection_id=UUID(found["id"]),
        model=f"{found['kind']} {found['model_name']}",
        provider=provider,
        trouble=trouble,
        input_price=Decimal(str(found["input_price"])),
        output_price=Decimal(str(found["output_price"])),
    )


def add_usage(choice: ModelChoice, usage: Usage, *, is_degraded: bool) -> None:
    """Within the transaction that records the turn, so that neither is ever kept alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            ADD_USAGE,
            {
                "connection": choice.connection_id,
                "month": this_month(),
                "degraded": int(is_degraded),
                "taken": usage.input_tokens,
                "given": usage.output_tokens,
                "cost": choice.cost_micros(usage),
            },
        )


def _is_spent(found: Mapping[str, Any]) -> bool:
    cap = found["monthly_cap"]
    return cap is not None and Decimal(str(found["spent"])) >= Decimal(str(cap)) * MICRO
