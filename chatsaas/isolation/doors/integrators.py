"""The integrator's doors: lists, single rows, exports and webhooks, with a secret key."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from chatsaas.isolation.doors.caller import Caller
from chatsaas.isolation.office import Answer

LISTS = ("sessions", "messages", "fields", "templates", "websites", "webhooks", "usage")
EXPORTS = {
    "csv": "text/csv",
    "jsonl": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What an export goes back to; all conversations of a long run would be all of its work.
EXPORT_SECONDS = (20, 120)
ROWS = 12


@dataclass
class Integrator:
    """One tenant's server. `session` and `delivery` are the newest that a list named."""

    caller: Caller
    session: str = ""
    delivery: str = ""

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.caller.customer.secret_key}"}

    @property
    def hook(self) -> str:
        return f"webhooks/{self.caller.customer.webhook}"

    async def read(self) -> Answer:
        """One of all that can be read, each as often as any other."""
        doors = {name: f"{name}?limit={ROWS}" for name in LISTS}
        doors |= {"webhook": self.hook, "deliveries": f"{self.hook}/deliveries?limit={ROWS}"}
        if self.session:
            doors["session"] = f"sessions/{self.session}"
            doors["messages of one"] = f"messages?session={self.session}"
        if self.delivery:
            doors["delivery"] = f"{self.hook}/deliveries/{self.delivery}"
        name, path = self.caller.random.choice(sorted(doors.items()))
        answer = await self._get(f"api {name}", path)
        self._note(name, answer)
        return answer

    async def export(self) -> Answer:
        """The conversations of the last minutes as a file, in one of the formats."""
        form, media = self.caller.random.choice(sorted(EXPORTS.items()))
        since = datetime.now(UTC) - timedelta(seconds=self.caller.random.uniform(*EXPORT_SECONDS))
        path = f"sessions/export?since={since:%Y-%m-%dT%H:%M:%SZ}"
        return await self._get(f"export {form}", path, Accept=media)

    async def try_webhook(self) -> Answer:
        """Has a test event sent; the idempotency key is kept, so it carries the word too."""
        key = {"Idempotency-Key": f"{self.caller.customer.word}-{uuid4()}"}
        path = f"/api/v1/{self.hook}/test"
        return await self.caller.ask("api webhook test", "POST", path, headers=self.headers | key)

    async def read_foreign(self, what: str, path: str) -> Answer:
        return await self._get(f"foreign {what}", path)

    async def _get(self, door: str, path: str, **headers: str) -> Answer:
        return await self.caller.ask(door, "GET", f"/api/v1/{path}", headers=self.headers | headers)

    def _note(self, name: str, answer: Answer) -> None:
        if name not in ("sessions", "deliveries") or not 200 <= answer.status < 300:
            return
        rows: list[dict[str, Any]] = json.loads(answer.output.partition(b"\n\n")[2])["results"]
        if rows and name == "sessions":
            self.session = self.caller.random.choice(rows)["id"]
        elif rows:
            self.delivery = self.caller.random.choice(rows)["id"]
