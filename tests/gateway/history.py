"""A conversation that is much longer than a test could hold it."""

from tests.gateway.house import House
from tests.gateway.visitor import Visitor

FILL = """
INSERT INTO t_acme.sessions_app_event (session_id, seq, kind, payload, created_at)
SELECT session.id, seq, 'message', jsonb_build_object(
    'role', 'visitor', 'turn', null, 'text', repeat('x', %s)), now()
FROM t_acme.sessions_app_session AS session, generate_series(last_seq + 1, %s::int) AS seq
WHERE session.id = %s"""
MOVE = "UPDATE t_acme.sessions_app_session SET last_seq = %s WHERE id = %s"


def fill(house: House, visitor: Visitor, last: int, letters: int = 10) -> int:
    """Gives the session events up to the number `last`, which is answered."""
    house.ground.database.query(FILL, letters, last, visitor.session_hex)
    house.ground.database.query(MOVE, last, visitor.session_hex)
    return last
