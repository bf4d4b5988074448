"""Gateways, runner and worker are replaced one after another under load; nothing is lost."""

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from chatsaas.servers.process import wait_until
from tests.faults.ledger import LINES, Ledger
from tests.faults.persistence import say_until_answered
from tests.gateway.house import House, furnish
from tests.gateway.visitor import Tab, Visitor, is_reply
from tests.ground.ground import Ground

TALKS, RESTART = 2, 1012


@dataclass
class Listener:
    """A tab that comes back whenever its socket ends; `codes` says how each of them ended."""

    visitor: Visitor
    over: threading.Event
    codes: list[int | None] = field(default_factory=list)
    heard: list[int] = field(default_factory=list)

    def listen(self) -> None:
        while not self.over.is_set():
            try:
                with self.visitor.socket(after=self.heard[-1] if self.heard else 0) as tab:
                    self._hear(tab)
            except (OSError, InvalidHandshake):
                # Nobody listens there for the moment.
                self.over.wait(0.2)
            except ConnectionClosed as closed:
                self.codes.append(closed.rcvd.code if closed.rcvd else None)

    def _hear(self, tab: Tab) -> None:
        while not self.over.is_set():
            try:
                frame = tab.receive(0.5)
            except TimeoutError:
                continue
            if "seq" in frame and frame["type"] not in ("ready", "ack"):
                self.heard.append(frame["seq"])


def talk_on(house: House, urls: tuple[str, ...], over: threading.Event) -> list[Visitor]:
    """One conversation after the other until it is over; answers who said all their lines."""
    visitors: list[Visitor] = []
    while not over.is_set():
        try:
            visitor = house.visitor()
        except httpx.TransportError:
            over.wait(0.2)
            continue
        visitors.append(visitor)
        for line in LINES:
            say_until_answered(visitor, line, urls=urls)
    return visitors


def test_a_rolling_restart_under_load_loses_and_doubles_nothing(ground: Ground) -> None:
    with ExitStack() as stack:
        house, over = furnish(ground), threading.Event()
        runner = stack.enter_context(ground.runner())
        gateways = [stack.enter_context(ground.gateway(second=second)) for second in (False, True)]
        worker = stack.enter_context(ground.worker(beat=True))
        listener, urls = Listener(house.visitor(), over), tuple(one.url for one in gateways)
        with ThreadPoolExecutor(TALKS + 1) as pool:
            listening = pool.submit(listener.listen)
            talks = [pool.submit(talk_on, house, urls, over) for _ in range(TALKS)]
            try:
                for line in LINES:
                    say_until_answered(listener.visitor, line, urls=urls)
                for served in (*gateways, runner, worker):
                    served.stop()
                    served.start()
            finally:
                over.set()
            visitors = [visitor for ended in talks for visitor in ended.result()]
            listening.result()
    for visitor in (listener.visitor, *visitors):
        Ledger(ground.database, visitor.session_hex).check_finished()
    assert set(listener.codes) == {RESTART}
    assert listener.heard == list(range(1, len(listener.heard) + 1))


def test_a_turn_under_way_ends_before_its_gateway_does(ground: Ground) -> None:
    with ExitStack() as stack:
        house = furnish(ground)
        runner = stack.enter_context(ground.runner())
        gateway = stack.enter_context(ground.gateway(DRAIN_SECONDS="60"))
        visitor, late = house.visitor(), house.visitor()
        with visitor.socket() as tab:
            os.kill(runner.pid, signal.SIGSTOP)
            client_id = tab.say(LINES[1])
            tab.until(lambda frame: frame["type"] == "ack")
            os.kill(gateway.pid, signal.SIGTERM)
            assert wait_until(lambda: is_refused(late), 60)
            os.kill(runner.pid, signal.SIGCONT)
            tab.until(lambda frame: is_reply(frame, client_id))
            with pytest.raises(ConnectionClosed) as closed:
                tab.until(lambda frame: False)
        assert closed.value.rcvd
        assert closed.value.rcvd.code == RESTART


def is_refused(visitor: Visitor) -> bool:
    answer = visitor.post(LINES[0])
    return answer.status_code == 503 and answer.json()["code"] == "restarting"
