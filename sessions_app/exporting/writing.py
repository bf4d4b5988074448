"""The three formats. Each takes rows as they come and keeps none of them in memory."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from io import RawIOBase
from typing import Any, Protocol
from zipfile import ZIP_DEFLATED, ZipFile

import orjson
from openpyxl import Workbook
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter
from typing_extensions import Buffer

from sessions_app.exporting.cells import plain_text
from sessions_app.exporting.columns import ABOUT, Row


class Format(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"
    XLSX = "xlsx"


MEDIA_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.JSONL: "application/x-ndjson",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Writer(Protocol):
    def add(self, rows: Iterable[Row]) -> bytes:
        """What can be sent already; often nothing, where the format cannot be sent in parts."""

    def end(self) -> Iterator[bytes]:
        """The rest, piece by piece."""

    def close(self) -> None:
        """Leaves nothing behind on the disk, also when nobody wanted the rest."""


def header_of(paths: Sequence[str]) -> list[str]:
    return [plain_text(name) for name in (*ABOUT, *paths)]


class CsvWriter:
    """Every text is quoted, so that no country's separator splits it."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._paths, self._header = paths, [header_of(paths)]

    def add(self, rows: Iterable[Row]) -> bytes:
        text = io.StringIO(newline="")
        lines = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
        lines.writerows(self._header)
        self._header = []
        lines.writerows(
            ["" if cell is None else cell for cell in row.cells(self._paths)] for row in rows
        )
        return text.getvalue().encode()

    def end(self) -> Iterator[bytes]:
        return iter(())

    def close(self) -> None:
        """Nothing is kept."""


class JsonLinesWriter:
    """Values with their own types; nothing is changed, because nothing here is a cell."""

    def __init__(self, paths: Sequence[str]) -> None:
        """Every line names its own fields."""

    def add(self, rows: Iterable[Row]) -> bytes:
        return b"".join(orjson.dumps(row.line()) + b"\n" for row in rows)

    def end(self) -> Iterator[bytes]:
        return iter(())

    def close(self) -> None:
        """Nothing is kept."""


class XlsxWriter:
    """Rows are compressed as they come and sent at once: no file ever holds them.

    A file on the disk would outlive a process that is killed.
    """

    def __init__(self, paths: Sequence[str]) -> None:
        self._paths = paths
        self._outlet = _Outlet()
        self._archive = ZipFile(self._outlet, "w", ZIP_DEFLATED)
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet("Conversations")
        self._sheet._id = 1
        self._sheet.freeze_panes = "B2"
        self._part = self._archive.open(self._sheet.path.lstrip("/"), "w")
        self._xml = WorksheetWriter(self._sheet, self._part)
        self._xml.write_top()
        # The library would make a file of its own.
        self._sheet._writer = self._xml
        self._sheet.append(header_of(paths))

    def add(self, rows: Iterable[Row]) -> bytes:
        for row in rows:
            self._sheet.append(row.cells(self._paths))
        return self._outlet.take()

    def end(self) -> Iterator[bytes]:
        self._sheet.close()
        self._part.close()
        _OtherParts(self._book, self._archive).save()
        yield self._outlet.take()

    def close(self) -> None:
        """In this order each writes its end to what is still open, and complains of nothing."""
        self._sheet._rows.close()
        self._xml.close()
        self._part.close()
        self._archive.close()


class _OtherParts(ExcelWriter):
    """All of a workbook but its sheet, which is in the archive already."""

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing, ws._rels = None, ws._writer._rels
        self.manifest.append(ws)


class _Outlet(RawIOBase):
    """What was written and not yet taken; a place that cannot be gone back to, as a socket is."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer) -> int:
        self._written += data
        return memoryview(data).nbytes

    def take(self) -> bytes:
        taken = bytes(self._written)
        self._written.clear()
        return taken


WRITERS: dict[Format, type[CsvWriter | JsonLinesWriter | XlsxWriter]] = {
    Format.CSV: CsvWriter,
    Format.JSONL: JsonLinesWriter,
    Format.XLSX: XlsxWriter,
}
