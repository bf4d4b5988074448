"""What a turn costs the database."""

import psycopg

from ai_bridge.client import RunnerClient
from ai_bridge.runner.settings import RunnerSettings
from tests.runner.talk import Talk

# The text of a statement without the counting itself.
COUNTED = """
    SELECT coalesce(sum(calls), 0) FROM pg_stat_statements
    WHERE userid = (SELECT oid FROM pg_roles WHERE rolname = %s)
"""


async def test_a_turn_sends_two_statements(
    owner_url: str, settings: RunnerSettings, local: RunnerClient
) -> None:
    talk = Talk(local)
    await talk.say("Hello")
    role = psycopg.conninfo.conninfo_to_dict(settings.database_url.get_secret_value())["user"]
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        before = owner.execute(COUNTED, (role,)).fetchall()[0][0]
        for text in ("My name is Ann Lee", "ann@example.com", "why?"):
            await talk.say(text)
        after = owner.execute(COUNTED, (role,)).fetchall()[0][0]

    assert after - before == 2 * 3
