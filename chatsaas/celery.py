"""The background worker: `celery --app chatsaas.celery worker --beat`."""

import os

from celery import Celery
from celery.signals import setup_logging

from ai_bridge.logs import configure_logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatsaas.settings")

# Whoever connects here keeps Celery from setting up logs of its own.
setup_logging.connect(configure_logs, weak=False)

app = Celery("chatsaas")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
