"""Ten templates from ten trades to begin with."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

# The file of each template, and the trade it is from.
TRADES: dict[str, str] = {
    "legal-intake": "Law firm",
    "dental-appointment": "Dental practice",
    "real-estate-enquiry": "Real estate",
    "insurance-claim": "Insurance",
    "job-application": "Human resources",
    "software-demo": "Software as a service",
    "home-services": "Home services",
    "clinic-history": "Clinic",
    "event-booking": "Events",
    "complaint": "Customer care",
}


@cache
def _source(name: str) -> str:
    return files("ai_bridge.intake_gallery").joinpath(f"{name}.json").read_text(encoding="utf-8")


def gallery_template(name: str) -> dict[str, Any]:
    """A new copy of the template. Raises KeyError when the gallery has none of this name."""
    if name not in TRADES:
        raise KeyError(name)
    found: dict[str, Any] = json.loads(_source(name))
    return found
