"""However many sign in at once, few passwords are hashed at a time, and nobody waits for ever."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connections

from chatsaas.servers.process import wait_until
from tenants.staff import hashing
from tenants.staff.hashing import BoundedArgon2
from tests.dashboard.office import PASSWORD, add_person, dashboard, sign_in

pytestmark = pytest.mark.usefixtures("ground")
# As many tries as one account has.
CROWD, BOUND, PATIENCE = 5, 2, 120.0


class Hasher:
    """Counts who came to the hasher and who is in it; nobody leaves before it is `open`."""

    def __init__(self) -> None:
        self.come = self.inside = self.most = 0
        self.open = threading.Event()
        self._lock = threading.Lock()

    @contextmanager
    def counted(self) -> Iterator[None]:
        with self._lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        assert self.open.wait(PATIENCE)
        yield
        with self._lock:
            self.inside -= 1


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> Hasher:
    watched = Hasher()
    come, verify = BoundedArgon2.verify, Argon2PasswordHasher.verify

    def arrive(self: BoundedArgon2, password: str, encoded: str) -> bool:
        with watched._lock:
            watched.come += 1
        return come(self, password, encoded)

    def hash_slowly(self: Argon2PasswordHasher, password: str, encoded: str) -> bool:
        with watched.counted():
            return verify(self, password, encoded)

    monkeypatch.setattr(BoundedArgon2, "verify", arrive)
    monkeypatch.setattr(Argon2PasswordHasher, "verify", hash_slowly)
    return watched


def allow(monkeypatch: pytest.MonkeyPatch, at_once: int, *, wait_seconds: float) -> None:
    monkeypatch.setattr(hashing, "_places", threading.BoundedSemaphore(at_once))
    monkeypatch.setattr(hashing, "WAIT_SECONDS", wait_seconds)


def come(email: str, password: str = PASSWORD) -> Any:
    try:
        return sign_in(dashboard(), email, password)
    finally:
        connections.close_all()


@pytest.mark.parametrize("at_once", [BOUND, CROWD], ids=["bounded", "the control, unbounded"])
def test_never_more_are_hashed_at_once_than_the_bound(
    hasher: Hasher, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    allow(monkeypatch, at_once, wait_seconds=PATIENCE)
    email = add_person("owner")
    with ThreadPoolExecutor(CROWD) as crowd:
        coming = [crowd.submit(come, email) for _ in range(CROWD)]
        has_come = wait_until(lambda: (hasher.come, hasher.inside) == (CROWD, at_once), PATIENCE)
        hasher.open.set()
        assert has_come
        assert [answer.result().status_code for answer in coming] == [302] * CROWD
    assert hasher.most == at_once


def test_who_waits_too_long_is_told_so_and_has_lost_no_try(
    hasher: Hasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(monkeypatch, 1, wait_seconds=0.01)
    first, other = add_person("owner"), add_person("editor")
    with ThreadPoolExecutor(1) as crowd:
        inside: Future[Any] = crowd.submit(come, first)
        assert wait_until(lambda: hasher.inside == 1, PATIENCE)
        for _ in range(7):
            refused = come(other)
            assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
        assert "Too many people sign in just now" in refused.content.decode()
        assert "does not count as a try" in refused.content.decode()
        hasher.open.set()
        assert inside.result().status_code == 302
    for _ in range(5):
        assert come(other, "wrong").status_code == 200
    said = come(other).content.decode()
    assert "Too many failed login attempts" in said, "tries are still limited"
    assert come(first).status_code == 302
