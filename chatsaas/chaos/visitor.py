"""One visitor: the grant that names the session, and what was heard of each message."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from chatsaas.chaos.script import Line, Talk
from chatsaas.chaos.world import World

Frame = dict[str, Any]
UNAUTHORISED = 401


@dataclass
class Visitor:
    """Everything is written to the history; `answered` and `acked` wake who waits for a message."""

    world: World
    talk: Talk
    grant: Frame = field(default_factory=dict)
    newest: int = 0
    answered: dict[str, asyncio.Event] = field(default_factory=dict)
    acked: dict[str, asyncio.Event] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for line in self.talk.lines:
            self.answered[line.client_id] = asyncio.Event()
            self.acked[line.client_id] = asyncio.Event()

    @property
    def session(self) -> str:
        return str(self.grant["session"])

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.grant['token']}"}

    async def arrive(self) -> None:
        """A token for a new session, or a fresh one for this one; tries until there is one."""
        site = self.world.sites[self.talk.tenant]
        asked = {"site": site.model_key if self.talk.has_model else site.key}
        if self.grant:
            asked |= {"session": self.session, "resume": str(self.grant["resume"])}
        while True:
            answer = await self.world.ask("POST", "/api/v1/token", json=asked)
            if answer is not None and answer.is_success:
                self.grant = answer.json()
                self.write("arrive", session=self.session)
                return
            await self.world.breathe()

    def write(self, op: str, **known: Any) -> None:
        self.world.history.write(op, talk=self.talk.number, **known)

    def hear_ack(self, client_id: str, door: str, seq: int | None) -> None:
        self.write("ack", id=client_id, door=door, seq=seq)
        self.acked[client_id].set()

    def hear_reply(self, client_id: str, door: str, message: Frame) -> None:
        """An answer as its sender got it; the acknowledgement is in it."""
        known = {key: message[key] for key in ("seq", "text")}
        self.write("reply", id=client_id, door=door, message=message["id"], **known)
        self.newest = max(self.newest, int(message["seq"]))
        self.acked[client_id].set()
        self.answered[client_id].set()

    def hear_body(self, client_id: str, body: str) -> None:
        """The JSON answer of POST /chat; the history keeps it, as a retry must get the same."""
        answer = json.loads(body)
        self.write("body", id=client_id, body=body)
        self.hear_reply(client_id, "json", answer["message"])
        for one in answer["fields"]:
            self.newest = max(self.newest, int(one["seq"]))

    async def refused(self, line: Line, code: str, door: str) -> None:
        """Said no: a token is fetched anew, everything else is tried again and counted."""
        self.write("refused", id=line.client_id, door=door, code=code)
        if code.startswith("token_"):
            await self.arrive()
        await self.world.breathe()
