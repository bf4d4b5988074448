"""The body of an event: the same for every try, because it is made of facts that never change."""

from typing import Any

import orjson
from django.conf import settings

from sessions_app.models import Delivery

VERSION = 1
MAX_BYTES = 20_000
TEST = "webhook.test"


def body_of(delivery: Delivery) -> str:
    """JSON of at most 20 kB. A document that is longer is left out; `url` leads to it.

    Asks for the delivery with `outbox` and `session` at hand.
    """
    data = _data(delivery)
    written = _written(delivery, data)
    if len(written) > MAX_BYTES:
        written = _written(delivery, data | {"document": None, "document_omitted": True})
    return written.decode()


def _written(delivery: Delivery, data: dict[str, Any]) -> bytes:
    said = {"type": delivery.kind, "version": VERSION, "timestamp": _moment(delivery), "data": data}
    return orjson.dumps(said)


def _moment(delivery: Delivery) -> str:
    made = delivery.outbox or delivery
    return str(made.created_at.isoformat())


def _data(delivery: Delivery) -> dict[str, Any]:
    session, outbox = delivery.session, delivery.outbox
    if session is None or outbox is None:
        return {"webhook": delivery.webhook.public_id, "message": "This is a test event."}
    return {
        "session": session.public_id,
        "seq": outbox.seq,
        "website": str(session.website_id),
        "template_version": str(session.template_version_id),
        "url": f"{settings.PUBLIC_URL}/api/v1/sessions/{session.public_id}",
        **outbox.payload,
    }
