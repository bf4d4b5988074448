"""The integrator's doors: lists, exports and webhooks, with a secret key."""

from uuid import uuid4

from chatsaas.isolation.doors.caller import Caller
from chatsaas.isolation.office import Answer

READS = ("sessions", "messages", "fields", "templates", "websites", "webhooks", "usage")
EXPORTS = {
    "csv": "text/csv",
    "jsonl": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def credentials(caller: Caller) -> dict[str, str]:
    return {"Authorization": f"Bearer {caller.customer.secret_key}"}


async def read(caller: Caller, what: str) -> Answer:
    return await caller.ask(f"api {what}", "GET", f"/api/v1/{what}", headers=credentials(caller))


async def export(caller: Caller) -> Answer:
    """All conversations as a file, in one of the formats."""
    form, media = caller.random.choice(sorted(EXPORTS.items()))
    headers = {**credentials(caller), "Accept": media}
    return await caller.ask(f"export {form}", "GET", "/api/v1/sessions/export", headers=headers)


async def try_webhook(caller: Caller) -> Answer:
    """Has a test event sent; the idempotency key is kept, so it carries the word too."""
    customer = caller.customer
    headers = {**credentials(caller), "Idempotency-Key": f"{customer.word}-{uuid4()}"}
    path = f"/api/v1/webhooks/{customer.webhook}/test"
    return await caller.ask("api webhook test", "POST", path, headers=headers)
