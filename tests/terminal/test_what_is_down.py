"""`/readyz` and the doctor name what is down, and how to mend it, whatever that is."""

import httpx
import pytest

from tests.ground.ground import Ground
from tests.terminal.commands import manage

NOWHERE = "127.0.0.1:1"
PATIENCE = 60.0


def test_readyz_names_each_part_that_is_down_and_its_mend(ground: Ground) -> None:
    redis_url, runner_url = f"redis://{NOWHERE}/0", f"http://{NOWHERE}"
    with ground.gateway(REDIS_URL=redis_url, RUNNER_URL=runner_url) as gateway:
        ground.database.query("ALTER TABLE tenants_tenant RENAME TO tenants_missing")
        answer = httpx.get(f"{gateway.url}/readyz", timeout=PATIENCE)
    assert answer.status_code == 503
    assert answer.json()["status"] == "not ready"
    assert answer.json()["parts"] == {"database": "down", "redis": "down", "runner": "down"}
    mends = answer.json()["mends"]
    assert "install_database" in mends["database"]
    assert "REDIS_URL" in mends["redis"]
    assert "RUNNER_URL" in mends["runner"]


@pytest.mark.parametrize(
    ("variables", "failures", "mend"),
    [
        (
            {"REDIS_URL": f"redis://{NOWHERE}/0"},
            ["Redis", "channel layer", "worker", "beat"],
            "Start Redis",
        ),
        (
            {"DATABASE_URL": f"postgresql://nobody:none@{NOWHERE}/none"},
            ["database", "migrations", "clock"],
            "Start PostgreSQL",
        ),
    ],
    ids=["Redis", "PostgreSQL"],
)
def test_the_doctor_names_a_dead_server_and_what_hangs_on_it(
    ground: Ground, variables: dict[str, str], failures: list[str], mend: str
) -> None:
    said = manage(ground, "doctor", **variables)
    assert said.returncode == 1, said.stderr
    for name in failures:
        assert f"FAIL {name}:" in said.stdout
    assert mend in said.stdout
    assert "Traceback" not in said.stdout + said.stderr


def test_the_doctor_names_missing_migrations_and_a_missing_worker(ground: Ground) -> None:
    ground.database.query("DELETE FROM t_acme.django_migrations WHERE app = 'sessions_app'")
    said = manage(ground, "doctor")
    assert "FAIL migrations: Migrations are missing in t_acme." in said.stdout
    assert "Run `python manage.py install_database`." in said.stdout
    assert "FAIL worker: No Celery worker answers." in said.stdout
    assert "FAIL beat: The scheduler was last heard of: never." in said.stdout
