"""Lets few passwords be hashed at a time: each takes 100 MiB and all processors."""

import threading

from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connections
from django.http import HttpResponse
from django.template.loader import render_to_string

# Shorter than what the database grants a transaction in which nothing happens.
WAIT_SECONDS = 3.0
RETRY_AFTER = 5
BUSY = {
    "title": "Too many people sign in just now",
    "detail": "Your password was not looked at, and this does not count as a try.",
    "mend": f"Wait {RETRY_AFTER} seconds, then go back and send the form again.",
}
_places = threading.BoundedSemaphore(settings.PASSWORD_HASHES_AT_ONCE)


class HashingIsBusy(ImmediateHttpResponse):
    """Becomes a page with 503 wherever in a request it is raised."""

    def __init__(self) -> None:
        headers = {"Retry-After": str(RETRY_AFTER)}
        page = render_to_string("notice.html", BUSY)
        super().__init__(HttpResponse(page, status=503, headers=headers))


class BoundedArgon2(Argon2PasswordHasher):
    """The stock hasher behind a door. Raises HashingIsBusy for whom it is not opened in time."""

    def encode(self, password: str, salt: str) -> str:
        with _Place():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _Place():
            return super().verify(password, encoded)


class _Place:
    def __enter__(self) -> None:
        if _places.acquire(blocking=False):
            return
        _lend_connections()
        if not _places.acquire(timeout=WAIT_SECONDS):
            raise HashingIsBusy

    def __exit__(self, *_: object) -> None:
        _places.release()


def _lend_connections() -> None:
    """Who waits needs none meanwhile, and the visitors of the same process do."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
