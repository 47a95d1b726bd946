"""Hugging Face ImageFolder: `metadata.csv`, `metadata.jsonl` or `metadata.parquet` with a column `file_name`.

Read: the file, or the folder that holds it. Written, by the file's suffix: MOS with spread, count and interval, split,
provenance, group, flag, and an empty `license` to fill in. Lost: each rater's ratings, notes, labels not in force.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from app.library.errors import LibraryError
from app.library.exchange import structured
from app.library.exchange.layout import Asked, Head, Layout, Reading
from app.library.exchange.records import Record, record_columns
from app.library.exchange.scale import UNIT, Scale
from app.library.exchange.table import plain, read_table
from app.library.exchange.tabular import find_columns, reading, write_table

_COLUMNS: Final = (
    "file_name", "mos", "mos_std", "mos_n", "ci_low", "ci_high", "split", "provenance", "group", "flag", "license",
)  # fmt: skip
_FILES: Final = ("metadata.csv", "metadata.jsonl", "metadata.parquet")


def _recognises(head: Head) -> bool:
    if head.path.is_dir():
        return any((head.path / name).is_file() for name in _FILES)
    if structured.is_parquet(head):
        return "filename" in map(plain, structured.parquet_columns(head.path))
    named = head.path.stem.lower() == "metadata"
    return (named and b'"file_name"' in head.start) or "filename" in head.header


def _read(file: Path, asked: Asked) -> Reading:
    inside = _inside(file)
    head = Head(inside)
    text = not structured.is_json(head) and not structured.is_parquet(head)
    table = read_table(inside) if text else structured.read(inside)
    wanted = Asked(asked.path_column or "file_name", asked.score_column)
    columns = find_columns(table, wanted, inside, keep=("provenance", "license"))
    label_set = inside.parent.name if inside.stem == "metadata" else inside.stem
    return replace(reading(table, columns, UNIT), label_set=label_set)


def _inside(file: Path) -> Path:
    if not file.is_dir():
        return file
    found = next((file / name for name in _FILES if (file / name).is_file()), None)
    if found is None:
        raise LibraryError(f"There is no {' or '.join(_FILES)} in {file}.", "Give the file itself.")
    return found


def _write(records: Sequence[Record], file: Path, scale: Scale) -> int:
    rows = [_cells(r, scale) for r in records if r.mos is not None]
    suffix = file.suffix.lower()
    if suffix == ".parquet":
        structured.write_parquet(file, _COLUMNS, rows)
    elif suffix in (".jsonl", ".json"):
        structured.write_json(file, rows, lines=True)
    else:
        write_table(file, _COLUMNS, ([row[name] for name in _COLUMNS] for row in rows))
    return len(rows)


def _cells(record: Record, scale: Scale) -> dict[str, Any]:
    known = record_columns(record, scale) | {"file_name": record.name, "license": None}
    return {name: known[name] for name in _COLUMNS}


LAYOUT: Final = Layout(
    name="imagefolder",
    title="Hugging Face ImageFolder metadata",
    file_name="metadata.csv",
    scale=UNIT,
    loses="each rater's ratings, notes and labels that are not in force",
    recognises=_recognises,
    read=_read,
    write=_write,
    suffixes=(".csv", ".jsonl", ".parquet", ""),
)
