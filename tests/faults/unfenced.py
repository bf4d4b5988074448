"""The gateway with its fence switched off: the control that has to fail where the product holds."""

from chatsaas.asgi import application as application
from sessions_app import events

GUARD = "AND (%(fence)s IS NULL OR (fence = %(fence)s AND lease_until IS NOT NULL))"

if GUARD not in events.MOVE:
    raise RuntimeError("The fence is not where this control expects it; look at events.MOVE.")
events.MOVE = events.MOVE.replace(GUARD, "")
