"""What stays in the database outside the tenants' tables, in files and in mails."""

import re
from collections.abc import Sequence
from email import message_from_bytes, policy
from pathlib import Path

import psycopg
from psycopg import sql

from chatsaas.isolation.canaries import Canary
from chatsaas.isolation.columns import connect
from chatsaas.isolation.customers import Customer
from chatsaas.isolation.office import Office

PIECE, OVERLAP = 1024 * 1024, 256
_BETWEEN_MAILS = re.compile(rb"^-{79}\n", re.MULTILINE)
# Of a conversation's thread, in the runner's tables, whose conversation it is.
_THREADS = "SELECT 'ses_' || replace(id::text, '-', '') FROM {}.sessions_app_session"


def astray(database_url: str, office: Office, canaries: Sequence[Canary]) -> None:
    """Rows of the runner and of the shared tables may hold the word of whom they name, alone."""
    with connect(database_url) as connection:
        for table in _tables(connection, "ai"):
            for canary in canaries:
                _search_threads(connection, office, table, canary)
        for table in _tables(connection, "public"):
            for canary in canaries:
                _search_shared(connection, office, table, canary)
        for (text,) in connection.execute("SELECT query FROM pg_stat_statements"):
            office.search("pg_stat_statements", str(text).encode())


def search_file(office: Office, place: str, path: Path) -> None:
    """A log is nobody's: it may hold no word at all. It may be large."""
    with path.open("rb") as file:
        kept = b""
        while piece := file.read(PIECE):
            office.search(place, kept + piece)
            kept = piece[-OVERLAP:]


def search_mails(office: Office, folder: Path, customers: Sequence[Customer]) -> None:
    owners = {customer.email: customer.slug for customer in customers}
    for path in sorted(folder.glob("*")):
        for mail in _BETWEEN_MAILS.split(path.read_bytes()):
            if mail.strip():
                to = str(message_from_bytes(mail, policy=policy.default)["To"])
                office.take_delivery("mail", owners.get(to, ""), mail)


def _tables(connection: psycopg.Connection, schema: str) -> list[sql.Identifier]:
    rows = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", (schema,)
    )
    return [sql.Identifier(schema, name) for (name,) in rows]


def _search_threads(
    connection: psycopg.Connection, office: Office, table: sql.Identifier, canary: Canary
) -> None:
    threads = sql.SQL(_THREADS).format(sql.Identifier(f"t_{canary.slug}"))
    query = sql.SQL(
        "SELECT thread_id IN ({threads}), count(*) FROM {table} AS kept "
        "WHERE kept::text ~* %s GROUP BY 1"
    ).format(threads=threads, table=table)
    # Bytes are shown as hex; there, a capital is another letter.
    forms = (canary.word, canary.word.encode().hex(), canary.word.title().encode().hex())
    for is_own, count in connection.execute(query, ("|".join(forms),)):
        if is_own:
            office.telling["checkpoints"] += count
        else:
            office.leak(f"{table.as_string()}: {count} rows of others hold a word of {canary.slug}")


def _search_shared(
    connection: psycopg.Connection, office: Office, table: sql.Identifier, canary: Canary
) -> None:
    query = sql.SQL(
        "SELECT count(*) FROM {} AS kept WHERE kept::text ~* %s AND kept::text !~* %s"
    ).format(table)
    row = connection.execute(query, (canary.word, canary.slug.replace("_", "[-_]"))).fetchone()
    if row and row[0]:
        office.leak(f"{table.as_string()}: {row[0]} rows hold a word of {canary.slug}, unnamed")
