"""The three formats. Each takes rows as they come and keeps none of them in memory."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Protocol

import orjson
from openpyxl import Workbook

from sessions_app.exporting.cells import plain_text
from sessions_app.exporting.columns import ABOUT, Row

PIECE_BYTES = 64 * 1024


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
    """Rows go to a file on the disk; a workbook can be sent when its last row is known."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._paths = paths
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet("Conversations")
        self._sheet.freeze_panes = "B2"
        self._sheet.append(header_of(paths))
        self._is_saved = False

    def add(self, rows: Iterable[Row]) -> bytes:
        for row in rows:
            self._sheet.append(row.cells(self._paths))
        return b""

    def end(self) -> Iterator[bytes]:
        with tempfile.TemporaryFile() as file:
            self._book.save(file)
            self._is_saved = True
            file.seek(0)
            while piece := file.read(PIECE_BYTES):
                yield piece

    def close(self) -> None:
        if not self._is_saved:
            # The library removes a sheet's file when it is saved, or else when the process ends.
            self._sheet.close()
            self._sheet._writer.cleanup()


WRITERS: dict[Format, type[CsvWriter | JsonLinesWriter | XlsxWriter]] = {
    Format.CSV: CsvWriter,
    Format.JSONL: JsonLinesWriter,
    Format.XLSX: XlsxWriter,
}
