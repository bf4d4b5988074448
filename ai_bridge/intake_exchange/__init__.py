"""Make templates from other formats, and write templates in other formats."""

from ai_bridge.intake_exchange.exporting import (
    EXPORTERS,
    Exported,
    export_response,
    export_template,
)
from ai_bridge.intake_exchange.importing import IMPORTERS, Imported, import_template, recognise
from ai_bridge.intake_exchange.losses import ExchangeError, Loss

__all__ = [
    "EXPORTERS",
    "IMPORTERS",
    "ExchangeError",
    "Exported",
    "Imported",
    "Loss",
    "export_response",
    "export_template",
    "import_template",
    "recognise",
]
