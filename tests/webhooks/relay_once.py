"""`python -m tests.webhooks.relay_once`: one run of the relay in a process that may be killed."""

import django

django.setup()

from sessions_app.tasks import relay  # noqa: E402

relay()
