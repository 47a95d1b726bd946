"""Efficient-FIQA's pseudo-labels: `Image,raw_score,mapped_score`. They are a teacher's scores and never become MOS.

`raw_score` is the label (paper, Eq. 2), `mapped_score` is kept beside it: the reference fits that mapping on training
and validation labels together. Written: each image's latest pseudo-label. Lost: everything people said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from app.library.exchange.layout import Asked, Head, Layout, Reading
from app.library.exchange.records import Label, Record
from app.library.exchange.scale import UNIT, Scale
from app.library.exchange.table import read_table
from app.library.exchange.tabular import find_columns, reading, write_table

COLUMNS: Final = ("Image", "raw_score", "mapped_score")


def _recognises(head: Head) -> bool:
    return {"image", "rawscore", "mappedscore"} <= head.header


def _read(file: Path, asked: Asked) -> Reading:
    table = read_table(file)
    wanted = Asked(asked.path_column, asked.score_column or ("raw_score" if table.column("raw_score") else None))
    columns = find_columns(table, wanted, file, keep=("raw_score", "mapped_score"))
    return replace(
        reading(table, columns, UNIT),
        kind="pseudo",
        notes=("pseudo-labels are kept beside the MOS and never become one",),
    )


def _write(records: Sequence[Record], file: Path, scale: Scale) -> int:
    rows = [(r.name, *_scores(label, scale)) for r in records if (label := r.label(kind="pseudo"))]
    write_table(file, COLUMNS, rows)
    return len(rows)


def _scores(label: Label, scale: Scale) -> tuple[object, object]:
    raw = label.own("raw", scale)
    return (scale.raw(label.value) if raw is None else raw), label.extra.get("mapped_score")


LAYOUT: Final = Layout(
    name="efficient-fiqa",
    title="Efficient-FIQA pseudo-labels",
    file_name="pseudo_labels.csv",
    scale=UNIT,
    loses="everything that people said: only pseudo-labels are written",
    recognises=_recognises,
    read=_read,
    write=_write,
)
