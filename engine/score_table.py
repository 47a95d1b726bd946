"""Score rows to CSV, JSON lines or Parquet."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, TextIO

from engine.errors import UserError

COLUMNS: Final = ("path", "score", "model", "error")


@dataclass(frozen=True)
class Line:
    """One image's outcome: a score or an error, never both. `path` as the person gave it."""

    path: str
    score: float | None
    model: str
    error: str


def _text(line: Line) -> dict[str, str]:
    # Nine digits name a float32 exactly, so that the same score is always the same text.
    score = "" if line.score is None else f"{line.score:.9g}"
    return {"path": line.path, "score": score, "model": line.model, "error": line.error}


def _write_csv(lines: Iterable[Line], stream: TextIO) -> None:
    writer = csv.DictWriter(stream, fieldnames=COLUMNS, lineterminator="\n")
    writer.writeheader()
    for line in lines:
        writer.writerow(_text(line))


def write(lines: Iterable[Line], out: Path | None) -> None:
    """Write to a file by its suffix (atomically), or as CSV to the standard output.

    Raises:
        UserError: an unknown suffix, or the file cannot be written.
    """
    if out is None:
        _write_csv(lines, sys.stdout)
        return
    suffix = out.suffix.lower()
    if suffix not in (".csv", ".jsonl", ".parquet"):
        raise UserError(f"Cannot write '{out.name}'.", "Give the file the suffix .csv, .jsonl or .parquet.")
    partial = out.with_name(out.name + ".partial")
    try:
        if suffix == ".parquet":
            _write_parquet(lines, partial)
        else:
            # Names that are no Unicode (possible on Linux) are written back byte for byte.
            with partial.open("w", encoding="utf-8", errors="surrogateescape", newline="") as stream:
                if suffix == ".csv":
                    _write_csv(lines, stream)
                else:
                    stream.writelines(json.dumps(asdict(line), ensure_ascii=False) + "\n" for line in lines)
        os.replace(partial, out)
    except OSError as error:
        raise UserError(f"Cannot write {out}: {error.strerror or error}.") from error
    finally:
        partial.unlink(missing_ok=True)


def _write_parquet(lines: Iterable[Line], path: Path) -> None:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise UserError("This build cannot write Parquet.", "Use .csv or .jsonl.") from error
    schema = pa.schema([("path", pa.string()), ("score", pa.float32()), ("model", pa.string()), ("error", pa.string())])
    pq.write_table(pa.Table.from_pylist([asdict(line) for line in lines], schema=schema), path)
