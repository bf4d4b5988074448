"""The background worker: `celery --app chatsaas.celery worker --beat`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatsaas.settings")

app = Celery("chatsaas")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
