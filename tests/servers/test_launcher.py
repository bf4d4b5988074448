"""The launcher: what a checkout without servers of its own can rely on."""

import json
import os
import signal
import socket
import stat
import subprocess
import threading
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest
import redis

from chatsaas.servers.places import choose_place
from chatsaas.servers.process import find_process_in, wait_until
from chatsaas.servers.runfile import read_urls
from tests.servers.checkout import Checkout

SECONDS = 120
BUSY = "DO $$ BEGIN LOOP PERFORM 1; END LOOP; END $$"


def test_both_servers_answer_and_a_second_start_takes_them_up(checkout: Checkout) -> None:
    first = checkout.start()
    with psycopg.connect(first.urls()["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT current_user, current_database()").fetchone() == (
            "chatsaas",
            "chatsaas",
        )
        connection.execute("SELECT calls FROM pg_stat_statements LIMIT 1")
    assert redis.from_url(first.urls()["REDIS_URL"]).ping()
    assert checkout.start() == first
    assert read_urls(checkout.folder / ".state") == first.urls()


def test_stop_leaves_nothing_running_and_the_next_start_finds_data_and_ports(
    checkout: Checkout,
) -> None:
    urls = checkout.start().urls()
    _execute(urls["DATABASE_URL"], "CREATE TABLE kept AS SELECT 7 AS n")
    assert len(checkout.processes()) > 2
    assert checkout.launcher("stop").returncode == 0
    assert checkout.processes() == set()
    assert read_urls(checkout.folder / ".state") == {}
    assert checkout.start().urls() == urls
    assert _execute(urls["DATABASE_URL"], "SELECT n FROM kept") == 7


def test_the_log_of_postgres_holds_no_value_of_a_refused_statement(checkout: Checkout) -> None:
    url = checkout.start().urls()["DATABASE_URL"]
    _execute(url, "CREATE TABLE said (text text UNIQUE)")
    say = "INSERT INTO said VALUES ('something private')"
    _execute(url, say)
    with pytest.raises(psycopg.errors.UniqueViolation):
        _execute(url, say)
    log = choose_place(checkout.folder / ".state").home / "postgres" / "log"
    assert "duplicate key value" in log.read_text()
    assert "private" not in log.read_text()


def test_killed_users_are_not_counted_and_the_last_takes_the_servers_along(
    checkout: Checkout,
) -> None:
    first, second = checkout.hold(), checkout.hold()
    before = checkout.run.servers
    _end(first, signal.SIGKILL)
    assert wait_until(lambda: len(_noted_holders(checkout)) == 1, SECONDS)
    assert checkout.run.servers == before
    _end(second, signal.SIGKILL)
    assert wait_until(lambda: checkout.processes() == set(), SECONDS)


def test_a_killed_postmaster_is_recovered_with_what_was_committed(checkout: Checkout) -> None:
    run = checkout.start()
    _execute(run.urls()["DATABASE_URL"], "CREATE TABLE kept AS SELECT 7 AS n")
    # A backend that computes does not notice that its postmaster died, and holds the memory.
    busy = threading.Thread(target=_run_until_cut, args=(run.urls()["DATABASE_URL"],))
    busy.start()
    assert wait_until(lambda: _is_busy(run.urls()["DATABASE_URL"]), SECONDS)
    os.kill(run.servers["DATABASE_URL"].process.pid, signal.SIGKILL)
    after = checkout.start()
    busy.join()
    assert after.servers["DATABASE_URL"].process != run.servers["DATABASE_URL"].process
    assert _execute(after.urls()["DATABASE_URL"], "SELECT n FROM kept") == 7


def test_ctrl_c_stops_what_was_started(checkout: Checkout) -> None:
    holder = checkout.hold()
    # As a terminal does it: to the whole foreground group, twice, because people are impatient.
    os.killpg(holder.pid, signal.SIGINT)
    holder.communicate()
    assert checkout.processes() == set()


def test_the_servers_stop_with_their_last_user_and_not_before(checkout: Checkout) -> None:
    first, second = checkout.hold(), checkout.hold()
    first.communicate()
    assert redis.from_url(checkout.run.urls()["REDIS_URL"]).ping()
    second.communicate()
    assert checkout.processes() == set()


def test_servers_that_were_started_to_stay_outlive_their_users(checkout: Checkout) -> None:
    before = checkout.start().servers
    checkout.hold().communicate()
    assert checkout.run.servers == before


def test_a_first_start_that_was_killed_half_way_does_not_count(checkout: Checkout) -> None:
    part = checkout.folder / ".state" / "postgres" / "data.part"
    (part / "base").mkdir(parents=True)
    if checkout.user:
        subprocess.run(["chown", "-R", checkout.user, checkout.folder / ".state"], check=True)
    checkout.start()
    assert _execute(checkout.database_url, "SELECT 1") == 1
    assert not part.exists()


def test_a_lock_left_by_a_crash_is_forgotten_when_its_pid_is_a_strangers(
    checkout: Checkout,
) -> None:
    data = checkout.start().servers["DATABASE_URL"].process.pid
    folder = Path(f"/proc/{data}/cwd").resolve()
    lock = (folder / "postmaster.pid").read_text().splitlines()
    checkout.launcher("stop")
    owner = (folder / "PG_VERSION").stat()
    with subprocess.Popen(["sleep", "60"], user=owner.st_uid) as stranger:
        (folder / "postmaster.pid").write_text("\n".join([str(stranger.pid), *lock[1:]]))
        checkout.start()
        assert stranger.poll() is None
        checkout.launcher("stop")
        assert stranger.poll() is None
        stranger.kill()


def test_a_kept_port_that_someone_else_took_is_given_up(checkout: Checkout) -> None:
    ports = {name: urlsplit(url).port for name, url in checkout.start().urls().items()}
    checkout.launcher("stop")
    with socket.socket() as first, socket.socket() as second:
        for taken, port in zip((first, second), ports.values(), strict=True):
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(("127.0.0.1", port))
            taken.listen()
        urls = checkout.start().urls()
    assert _execute(urls["DATABASE_URL"], "SELECT 1") == 1
    assert redis.from_url(urls["REDIS_URL"]).ping()


def test_no_password_can_be_read_by_others_or_left_out(checkout: Checkout) -> None:
    run = checkout.start()
    passwords = [urlsplit(url).password or "" for url in run.urls().values()]
    for path in (checkout.folder / ".state").glob("*.json"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    commands = [Path(f"/proc/{pid}/cmdline").read_text() for pid in checkout.processes()]
    assert not [command for command in commands for word in passwords if word in command]
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(run.urls()["DATABASE_URL"].replace(passwords[0], "wrong"))
    with pytest.raises(redis.AuthenticationError):
        redis.from_url(run.urls()["REDIS_URL"].replace(f":{passwords[1]}@", "")).ping()


def test_servers_listen_on_the_loopback_address_alone_and_never_as_root(checkout: Checkout) -> None:
    checkout.start()
    listening = [
        connection.laddr
        for pid in checkout.processes()
        for connection in psutil.Process(pid).net_connections("all")
        if connection.status == psutil.CONN_LISTEN or isinstance(connection.laddr, str)
    ]
    assert {address and address[0] for address in listening} == {"127.0.0.1"}
    assert all(psutil.Process(pid).uids().effective for pid in checkout.processes())


def test_servers_of_the_environment_are_used_and_none_started(checkout: Checkout) -> None:
    given = {"DATABASE_URL": "postgresql://elsewhere/x", "REDIS_URL": "redis://elsewhere/0"}
    done = checkout.launcher("start", **given)
    assert done.returncode == 0
    assert "DATABASE_URL is set" in done.stdout
    assert checkout.processes() == set()


def test_a_checkout_in_a_closed_folder_works_and_no_permission_is_loosened(
    closed_checkout: Checkout,
) -> None:
    above = [closed_checkout.folder, *closed_checkout.folder.parents]
    before = [path.stat().st_mode for path in above]
    urls = closed_checkout.start().urls()
    assert _execute(urls["DATABASE_URL"], "SELECT 1") == 1
    assert [path.stat().st_mode for path in above] == before
    closed_checkout.launcher("stop")
    assert closed_checkout.start().urls() == urls


def test_a_pid_that_is_someone_elses_is_not_taken_for_a_server(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "60"], cwd=tmp_path) as process:
        assert find_process_in(tmp_path, "sleep", process.pid)
        assert find_process_in(tmp_path, "postgres", process.pid) is None
        assert find_process_in(tmp_path.parent, "sleep", process.pid) is None
        process.kill()
    assert find_process_in(tmp_path, "sleep", process.pid) is None


def _execute(url: str, statement: str) -> object:
    with psycopg.connect(url) as connection:
        cursor = connection.execute(statement.encode())
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def _noted_holders(checkout: Checkout) -> list[object]:
    """As they stand in the file, dead or alive."""
    return list(json.loads((checkout.folder / ".state" / "run.json").read_text())["holders"])


def _run_until_cut(url: str) -> None:
    with pytest.raises(psycopg.OperationalError):
        _execute(url, BUSY)


def _is_busy(url: str) -> bool:
    return bool(_execute(url, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'DO %'"))


def _end(process: subprocess.Popen[str], number: signal.Signals) -> None:
    process.send_signal(number)
    process.communicate()
