"""Probes: is the process alive, and is everything it needs at hand."""

from collections.abc import Callable, Collection

import httpx
import redis
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from chatsaas.mends import MENDS
from sessions_app.background import is_draining

SECONDS = 2.0
READY, DEGRADED, NOT_READY, LEAVING = "ready", "degraded", "not ready", "leaving"


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "alive"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Names what is down and what to do; 503 only when visitors are better off elsewhere.

    Without Redis turns complete, and without a runner messages are stored and answered later: to
    take every gateway away for that would be the outage.
    """
    parts = {name: _state(check) for name, check in CHECKS.items()}
    mends = {name: MENDS[name] for name, state in parts.items() if state == "down"}
    status = _status(mends.keys())
    body = {"status": status, "parts": parts, "mends": mends}
    return JsonResponse(body, status=200 if status in (READY, DEGRADED) else 503)


def _status(down: Collection[str]) -> str:
    if is_draining():
        return LEAVING
    if "database" in down:
        return NOT_READY
    return DEGRADED if down else READY


def _state(check: Callable[[], None]) -> str:
    try:
        check()
    except (Error, redis.RedisError, httpx.HTTPError, OSError):
        return "down"
    return "up"


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM tenants_tenant LIMIT 1")


def _redis() -> None:
    timeouts = {"socket_timeout": SECONDS, "socket_connect_timeout": SECONDS}
    with redis.from_url(settings.REDIS_URL, **timeouts) as client:
        client.ping()


def _runner() -> None:
    httpx.get(f"{settings.RUNNER_URL}/healthz", timeout=SECONDS, trust_env=False).raise_for_status()


CHECKS: dict[str, Callable[[], None]] = {
    "database": _database,
    "redis": _redis,
    "runner": _runner,
}
