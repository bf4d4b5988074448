"""The composition root: which runner and which queue this installation talks to."""

from django.conf import settings

from ai_bridge.client import HttpRunner, RunnerClient
from chatsaas.celery import app as celery_application
from chatsaas.metrics_page import connect_worker
from sessions_app.runner_port import provide_runner


def compose() -> None:
    """Whoever queues a task finds the queue's application; whoever drives a turn, the runner."""
    celery_application.set_default()
    connect_worker()
    provide_runner(_http_runner)


def _http_runner() -> RunnerClient:
    return HttpRunner(settings.RUNNER_URL, settings.RUNNER_TOKEN)
