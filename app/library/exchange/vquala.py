"""VQualA 2025 face track and Efficient-FIQA `train.csv`: `name,score` without a header, scores in [0, 1].

The extension of the names may be missing. Written: name and effective MOS. Lost: everything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from app.library.exchange import generic
from app.library.exchange.layout import Asked, Head, Layout, Reading
from app.library.exchange.records import Record
from app.library.exchange.scale import UNIT, Scale
from app.library.exchange.table import number
from app.library.exchange.tabular import write_table

_NOTE: Final = "the challenge's own scores come from a network (DSL-FIQA), not from people"


def _recognises(head: Head) -> bool:
    table = head.table
    if table is None or table.has_header or len(table.header) != 2:
        return False
    values = [number(row[1]) for row in table.rows]
    return sum(v is not None and 0 <= v <= 1 for v in values) * 2 > len(values)


def _read(file: Path, asked: Asked) -> Reading:
    return replace(generic.read_csv(file, asked), label_set="VQualA", notes=(_NOTE,))


def _write(records: Sequence[Record], file: Path, scale: Scale) -> int:
    rows = [(r.name, value) for r in records if (value := r.raw(scale)) is not None]
    write_table(file, (), rows)
    return len(rows)


LAYOUT: Final = Layout(
    name="vquala",
    title="VQualA train.csv",
    file_name="train.csv",
    scale=UNIT,
    loses="spread, count, ratings, split, flags, notes and provenance",
    recognises=_recognises,
    read=_read,
    write=_write,
    suffixes=(".csv", ".txt"),
)
