"""An export in progress: a few hundred conversations at a time, however many there are."""

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.http import StreamingHttpResponse
from django.utils import timezone

from sessions_app.exporting.columns import Covering, field_paths, row_of
from sessions_app.exporting.writing import MEDIA_TYPES, WRITERS, Format, Writer
from sessions_app.models import SessionQuerySet
from tenants.scope import current_schema, tenant_call

CHUNK = 200


class Export:
    """Make it, and ask it for pieces, in the tenant's scope. Newest conversation first.

    `covering` says what may be shown to whoever asked; None shows everything.
    """

    def __init__(
        self, sessions: SessionQuerySet, kind: Format, covering: Covering | None = None
    ) -> None:
        self._sessions, self._covering = sessions, covering
        self._writer: Writer = WRITERS[kind](field_paths(sessions))
        self._rest = self._writer.end()
        self._after: tuple[datetime, UUID] | None = None
        self._is_read = False

    def next_piece(self) -> bytes | None:
        """None at the end; empty when there is nothing to send yet."""
        return next(self._rest, None) if self._is_read else self._next_chunk()

    def close(self) -> None:
        self._writer.close()

    def _next_chunk(self) -> bytes:
        """By the last row's place, not by counting: rows that come meanwhile move nothing."""
        sessions = self._sessions.order_by("-created_at", "-id")
        if self._after is not None:
            moment, last = self._after
            sessions = sessions.filter(Q(created_at__lt=moment) | Q(created_at=moment, id__lt=last))
        related = sessions.select_related("website", "template_version__template")
        found = list(related.prefetch_related(None).prefetch_related("field_values")[:CHUNK])
        self._is_read = len(found) < CHUNK
        if found:
            self._after = (found[-1].created_at, found[-1].id)
        return self._writer.add(row_of(session, self._covering) for session in found)


async def pieces_of(schema: str, export: Export) -> AsyncIterator[bytes]:
    """No connection is held while the receiver takes its time."""
    try:
        while (piece := await tenant_call(schema, export.next_piece)) is not None:
            if piece:
                yield piece
    finally:
        export.close()


def download(export: Export, kind: Format) -> StreamingHttpResponse:
    """The answer to a request in the current tenant."""
    name = f"conversations-{timezone.now():%Y-%m-%d}.{kind.value}"
    return StreamingHttpResponse(
        pieces_of(current_schema(), export),
        content_type=MEDIA_TYPES[kind],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",
        },
    )
