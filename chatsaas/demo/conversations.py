"""Lets the demo's visitors talk, through the same public API that a customer's page uses."""

from collections.abc import Iterator
from uuid import uuid4

import httpx

from chatsaas.demo.customers import CONVERSATIONS, Conversation
from chatsaas.demo.seed import Seeded
from sessions_app.models import Session
from tenants.scope import tenant_scope

ANSWER_SECONDS = 30.0


def missing_conversations() -> list[Conversation]:
    """Those of tenants that have had no visitor yet: a later start adds nothing."""
    return [talk for talk in CONVERSATIONS if not _has_visitors(talk.slug)]


def hold(talk: Conversation, kept: Seeded, *, gateway: str, origin: str) -> Iterator[str]:
    """Say each line and wait for its answer; yields the session's status after every one.

    Raises httpx.HTTPStatusError when the API refuses.
    """
    with httpx.Client(base_url=gateway, timeout=ANSWER_SECONDS, headers={"Origin": origin}) as api:
        granted = api.post("/api/v1/token", json={"site": kept.keys[talk.slug]})
        granted.raise_for_status()
        api.headers["Authorization"] = f"Bearer {granted.json()['token']}"
        for line in talk.lines:
            answer = api.post("/api/v1/chat", json={"client_id": str(uuid4()), "text": line})
            answer.raise_for_status()
            yield answer.json()["status"]


def _has_visitors(slug: str) -> bool:
    with tenant_scope(f"t_{slug}"):
        return Session.objects.exists()
