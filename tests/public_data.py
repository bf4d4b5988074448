"""The public data that some tests read: beside the checkout, and no part of it."""

import os
from pathlib import Path

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"
DATA = Path(os.environ.get("CHATSAAS_DATA") or BESIDE)


def public(name: str) -> Path:
    """A file of the data by its path in there."""
    path = DATA / name
    assert path.exists(), f"{path} is missing: set CHATSAAS_DATA to the folder of public data."
    return path
