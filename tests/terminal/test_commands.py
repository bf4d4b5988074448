"""The product from a terminal: a visitor's script, and a check of the whole."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from chatsaas.heartbeat import seconds_since_beat
from chatsaas.servers.process import wait_until
from tests.gateway.house import ORIGIN, furnish
from tests.ground.ground import Ground
from tests.terminal.commands import manage


def test_a_script_runs_to_its_document(ground: Ground, tmp_path: Path) -> None:
    site = furnish(ground).acme
    script = tmp_path / "visitor.txt"
    script.write_text("I need a repair, my name is Ann Smith\n\nann@example.com\n")
    with ground.runner(), ground.gateway():
        given = ("--site", site.key, "--url", ground.gateway_url, "--script", str(script))
        talked = manage(ground, "chat", *given)
        foreign = manage(ground, "chat", *given, "--origin", f"{ORIGIN}.evil.example")
    assert talked.returncode == 0, talked.stdout + talked.stderr
    assert "> I need a repair, my name is Ann Smith" in talked.stdout
    assert '"email": "ann@example.com"' in talked.stdout
    assert foreign.returncode != 0
    assert "403" in foreign.stderr


def test_a_script_that_is_no_text_is_refused_before_anything_is_said(tmp_path: Path) -> None:
    script = tmp_path / "visitor.txt"
    script.write_bytes(b"I need a repair\n\x89PNG\n")
    given = ("--site", "pk_any", "--origin", ORIGIN, "--script", str(script))
    with pytest.raises(CommandError, match=r"visitor\.txt is no text in UTF-8"):
        call_command("chat", *given)


def test_the_doctor_finds_all_well_and_then_a_runner_that_is_down(ground: Ground) -> None:
    with ground.runner() as runner, ground.gateway(), ground.worker(beat=True) as worker:
        assert wait_until(lambda: seconds_since_beat() is not None, 120), worker.said()
        well = manage(ground, "doctor")
        runner.stop()
        ill = manage(ground, "doctor")
    assert well.returncode == 0, well.stdout + well.stderr
    assert "Everything holds." in well.stdout
    assert ill.returncode == 1
    assert "FAIL runner:" in ill.stdout
    assert "uvicorn ai_bridge.runner.app:app" in ill.stdout
    assert "1 of 9 checks failed." in ill.stdout
