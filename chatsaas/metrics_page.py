"""/metrics of the gateway, and the metrics server of the worker."""

import logging
from pathlib import Path
from typing import Any

from celery.signals import worker_init, worker_process_shutdown
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import start_http_server
from prometheus_client.multiprocess import mark_process_dead

from ai_bridge.measuring import CONTENT_TYPE, may_read_metrics, metrics_page, shared_registry
from sessions_app.metrics import forget_due, measure_due
from tenants.scope import shared_call

logger = logging.getLogger(__name__)
REFUSED = (
    "Metrics are for `Authorization: Bearer <METRICS_TOKEN>`, or without that setting for this "
    "machine alone.\n"
)


@require_safe
async def metrics(request: HttpRequest) -> HttpResponse:
    """No tenant is looked up for it: the host means nothing here."""
    if not may_read_metrics(request.scope, settings.METRICS_TOKEN):  # type: ignore[attr-defined]
        return HttpResponse(REFUSED, status=403, content_type="text/plain")
    try:
        await shared_call(measure_due)
    except DatabaseError:
        forget_due()
    return HttpResponse(metrics_page(), content_type=CONTENT_TYPE)


def serve_worker_metrics(**_: Any) -> None:
    """The worker's children do the work; its parent answers for all of them, on loopback."""
    if not settings.WORKER_METRICS_PORT:
        return
    folder = settings.PROMETHEUS_MULTIPROC_DIR
    if not folder:
        raise ImproperlyConfigured(
            "WORKER_METRICS_PORT needs PROMETHEUS_MULTIPROC_DIR: an empty directory of this "
            "worker's own, where its children leave their counts."
        )
    for left in Path(folder).glob("*.db"):
        left.unlink()
    registry = shared_registry()
    assert registry
    start_http_server(settings.WORKER_METRICS_PORT, settings.WORKER_METRICS_HOST, registry)
    logger.info("metrics are at port %d", settings.WORKER_METRICS_PORT)


def forget_child(pid: int, **_: Any) -> None:
    if settings.PROMETHEUS_MULTIPROC_DIR:
        mark_process_dead(pid)  # type: ignore[no-untyped-call]


def connect_worker() -> None:
    worker_init.connect(serve_worker_metrics, weak=False)
    worker_process_shutdown.connect(forget_child, weak=False)
