"""Any table with a name and a score: CSV, TSV, JSON, Parquet. Written with the columns of the native `labels.csv`.

Read: the columns of image names and scores are found by name or chosen; spread, count and split come along where they
have a usual name. Written: the effective MOS with its interval, provenance, flag, note, split and group. Lost: each
rater's rating, labels that are not in force, the columns of the file that a label came from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from app.library.errors import LibraryError
from app.library.exchange import structured
from app.library.exchange.layout import Asked, Head, Layout, Reading
from app.library.exchange.records import Record, record_columns
from app.library.exchange.scale import UNIT, Scale, parse_scale
from app.library.exchange.table import Table, plain, read_table
from app.library.exchange.tabular import find_columns, first, reading, write_table

COLUMNS: Final = (
    "image_id", "rel_path", "sha256", "width", "height", "split", "mos", "mos_std", "mos_n", "ci_low", "ci_high",
    "scale", "provenance", "flag", "reason", "student", "student_model", "teacher", "teacher_model", "updated_at",
    "updated_by", "folder", "note", "group",
)  # fmt: skip
_LOSES: Final = "each rater's ratings (the mean, spread and count stay) and labels that are not in force"


def read_csv(file: Path, asked: Asked) -> Reading:
    """A table of text of any usual dialect."""
    return from_table(read_table(file), file, asked)


def from_table(table: Table, file: Path, asked: Asked) -> Reading:
    """A table whose columns are found or chosen; one of ours says its scale in a column."""
    columns = find_columns(table, asked, file)
    found = reading(table, columns, _own_scale(table) or UNIT)
    if plain(table.header[columns.score]) == "dmos":
        note = "in some sets a high DMOS means a bad image: then give the scale the other way round, 1:0"
        found = replace(found, notes=(*found.notes, note))
    return found


def _own_scale(table: Table) -> Scale | None:
    """What the column `scale` of our own exports says, where it says one thing."""
    at = first(table, ("scale",))
    said = {row[at] for row in table.rows if row[at]} if at is not None else set()
    try:
        return parse_scale(said.pop()) if len(said) == 1 else None
    except LibraryError:
        return None


def _read_structured(file: Path, asked: Asked) -> Reading:
    return from_table(structured.read(file), file, asked)


def write_csv(records: Sequence[Record], file: Path, scale: Scale) -> int:
    """Commas, or tabs where the file is called .tsv."""
    delimiter = "\t" if file.suffix.lower() in (".tsv", ".tab") else ","
    write_table(file, COLUMNS, ([row[c] for c in COLUMNS] for row in _rows(records, scale)), delimiter=delimiter)
    return len(records)


def _write_json(records: Sequence[Record], file: Path, scale: Scale) -> int:
    structured.write_json(file, _rows(records, scale))
    return len(records)


def _write_parquet(records: Sequence[Record], file: Path, scale: Scale) -> int:
    structured.write_parquet(file, COLUMNS, _rows(records, scale))
    return len(records)


def _rows(records: Sequence[Record], scale: Scale) -> list[dict[str, object]]:
    return [record_columns(record, scale) for record in records]


def _is_table(head: Head) -> bool:
    return head.table is not None


CSV: Final = Layout(
    "csv", "CSV or TSV table", "labels.csv", UNIT, _LOSES, _is_table, read_csv, write_csv, (".csv", ".tsv", ".txt")
)
JSON: Final = Layout(
    "json", "JSON records", "labels.json", UNIT, _LOSES, structured.is_json, _read_structured, _write_json,
    (".json", ".jsonl"),
)  # fmt: skip
PARQUET: Final = Layout(
    "parquet", "Parquet table", "labels.parquet", UNIT, _LOSES, structured.is_parquet, _read_structured,
    _write_parquet, (".parquet",),
)  # fmt: skip
