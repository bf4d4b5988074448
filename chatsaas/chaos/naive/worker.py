"""The worker without lease and fence, and with a careless relay."""

from celery.signals import worker_init

from chatsaas.celery import app as app


@worker_init.connect
def _remove(**_: object) -> None:
    # Django is set up only now; the children, which do the work, are forked later.
    from chatsaas.chaos.naive import careless, unleased

    unleased.remove()
    careless.remove()
