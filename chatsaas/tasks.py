"""Background work of the wiring itself."""

from celery import shared_task

from chatsaas.heartbeat import record_beat


@shared_task(name="chatsaas.heartbeat")
def heartbeat() -> None:
    record_beat()
