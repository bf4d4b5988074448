"""Runs the checker and the recomputation in processes of their own, and hears them out."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chatsaas.chaos.stage import Town
from chatsaas.servers.errors import ServerError
from chatsaas.servers.served import ROOT

PARTS = 2


async def check(folder: Path, town: Town, database_url: str) -> dict[str, Any]:
    """The checker's own words. It is given a folder and a database, and nothing of the product."""
    schemas = {site.tenant: site.schema for site in town.sites.values()}
    environment = {"PATH": os.defpath, "DATABASE_URL": database_url}
    asked = (str(folder), json.dumps(schemas))
    said = await _run("chatsaas.chaos.checker", *asked, environment=environment)
    found: dict[str, Any] = json.loads(said)
    return found


async def recompute(folder: Path, environment: Mapping[str, str]) -> tuple[int, list[str]]:
    """How many turns were computed again, and the sessions in which one differs."""
    parts = [
        _run("chatsaas.chaos.recompute", str(part), str(PARTS), environment=environment)
        for part in range(PARTS)
    ]
    said = "".join(await asyncio.gather(*parts))
    (folder / "recomputed.jsonl").write_text(said)
    rows = [json.loads(line) for line in said.splitlines()]
    differing = [f"{row['session']}: turns {row['differing']}" for row in rows if row["differing"]]
    return sum(row["turns"] for row in rows), differing


async def _run(module: str, *arguments: str, environment: Mapping[str, str]) -> str:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *arguments),
        cwd=ROOT,
        env=dict(environment),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, error = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        raise ServerError(f"{module} failed:\n{error.decode(errors='replace')[-2000:]}")
    return out.decode()
