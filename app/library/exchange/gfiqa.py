"""GFIQA-20k: `mos_val_rating.csv`, image name and MOS in [0, 1]; its header differs between copies and may be missing.

DSL-FIQA's packing of the same set (`label.json`) is read and written too. Lost: everything but name and MOS.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from app.library.exchange import cgfiqa, generic
from app.library.exchange.layout import Asked, Head, Layout, Reading
from app.library.exchange.records import Record
from app.library.exchange.scale import UNIT, Scale
from app.library.exchange.tabular import write_table

_SET: Final = "GFIQA-20k"


def _recognises(head: Head) -> bool:
    named = head.path.name.lower().startswith(("mos_rating", "mos_val_rating", "gfiqa")) and head.table is not None
    return named or head.header == {"image", "mos"}


def _read(file: Path, asked: Asked) -> Reading:
    if cgfiqa.is_packing(Head(file)):
        return cgfiqa.read_packing(file, _SET)
    return replace(generic.read_csv(file, asked), label_set=_SET)


def _write(records: Sequence[Record], file: Path, scale: Scale) -> int:
    if file.suffix.lower() != ".csv":
        return cgfiqa.write_packing(records, file, scale)
    rows = [(r.name, value) for r in records if (value := r.raw(scale)) is not None]
    write_table(file, ("Image", "MOS"), rows)
    return len(rows)


LAYOUT: Final = Layout(
    name="gfiqa",
    title="GFIQA-20k MOS table",
    file_name="mos_val_rating.csv",
    scale=UNIT,
    loses="spread, count, ratings, split, flags, notes and provenance",
    recognises=_recognises,
    read=_read,
    write=_write,
    suffixes=(".csv", ".json", ""),
)
