"""Score rows to CSV, JSON lines or Parquet."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TextIO

from engine.atomic import replacing
from engine.errors import UserError

COLUMNS: Final = ("path", "score", "model", "error")
CALIBRATED: Final = ("calibrated", "low", "high")
"""Further columns where a calibrator is in use; the last two are empty where it gives no interval."""


@dataclass(frozen=True)
class Line:
    """One image's outcome: a score or an error, never both. `path` as the person gave it."""

    path: str
    score: float | None
    model: str
    error: str
    calibrated: float | None = None
    low: float | None = None
    high: float | None = None


def _cells(line: Line, columns: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(line, name) for name in columns}


def _text(value: str | float | None) -> str:
    if isinstance(value, str):
        return value
    # Nine digits name a float32 exactly, so that the same score is always the same text.
    return "" if value is None else f"{value:.9g}"


def _write_csv(lines: Iterable[Line], stream: TextIO, columns: Sequence[str]) -> None:
    writer = csv.DictWriter(stream, fieldnames=columns, lineterminator="\n")
    writer.writeheader()
    for line in lines:
        writer.writerow({name: _text(value) for name, value in _cells(line, columns).items()})


def write(lines: Iterable[Line], out: Path | None, *, calibrated: bool = False) -> None:
    """Write to a file by its suffix (atomically), or as CSV to the standard output.

    Args:
        calibrated: with the columns `CALIBRATED`.

    Raises:
        UserError: an unknown suffix, or the file cannot be written.
    """
    columns = (*COLUMNS, *CALIBRATED) if calibrated else COLUMNS
    if out is None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="surrogateescape")  # as in a file
        _write_csv(lines, sys.stdout, columns)
        return
    suffix = out.suffix.lower()
    if suffix not in (".csv", ".jsonl", ".parquet"):
        raise UserError(f"Cannot write '{out.name}'.", "Give the file the suffix .csv, .jsonl or .parquet.")
    try:
        with replacing(out) as partial:
            _write_file(lines, partial, suffix, columns)
    except OSError as error:
        raise UserError(f"Cannot write {out}: {error.strerror or error}.") from error


def _write_file(lines: Iterable[Line], path: Path, suffix: str, columns: Sequence[str]) -> None:
    if suffix == ".parquet":
        _write_parquet(lines, path, columns)
        return
    # Names that are no Unicode (possible on Linux) are written back byte for byte.
    with path.open("w", encoding="utf-8", errors="surrogateescape", newline="") as stream:
        if suffix == ".csv":
            _write_csv(lines, stream, columns)
        else:
            stream.writelines(json.dumps(_cells(line, columns), ensure_ascii=False) + "\n" for line in lines)


def _write_parquet(lines: Iterable[Line], path: Path, columns: Sequence[str]) -> None:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise UserError("This build cannot write Parquet.", "Use .csv or .jsonl.") from error
    texts = ("path", "model", "error")
    schema = pa.schema([(name, pa.string() if name in texts else pa.float32()) for name in columns])
    cells = [_cells(line, columns) for line in lines]
    try:
        table = pa.Table.from_pylist(cells, schema=schema)
    except UnicodeEncodeError as error:
        raise UserError(
            "A file's name is no valid Unicode, which Parquet needs.", "Rename it, or write .csv."
        ) from error
    pq.write_table(table, path)
