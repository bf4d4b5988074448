"""Conversations as files: one row per conversation, one column per field."""

from sessions_app.exporting.columns import Cover, Covering
from sessions_app.exporting.export import Export, download
from sessions_app.exporting.writing import MEDIA_TYPES, Format

__all__ = ["MEDIA_TYPES", "Cover", "Covering", "Export", "Format", "download"]
