"""Which tenant the running code is in: one context variable, written by `tenants.scope` alone."""

from contextvars import ContextVar
from dataclasses import dataclass

PUBLIC_SCHEMA = "public"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a transaction may see: the schemas it searches and the role it acts as.

    An empty `role` means the login role, which has rights on the shared tables only.
    """

    schema: str = PUBLIC_SCHEMA
    role: str = ""

    @property
    def search_path(self) -> str:
        if self.schema == PUBLIC_SCHEMA:
            return PUBLIC_SCHEMA
        return f'"{self.schema}", {PUBLIC_SCHEMA}'


SHARED = Scope()
current: ContextVar[Scope] = ContextVar("tenant_scope", default=SHARED)
