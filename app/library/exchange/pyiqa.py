"""pyiqa's meta tables: `name,mos,std`, newer ones with a split, CGFIQA's `img_path,score,official_split`.

Its older splits are Python pickles, which can run code when read: they are refused. A meta table does not say its
scale; [0, 1] is assumed and everything outside is listed. Written: `img_name,mos,std,split`. Lost: count, ratings,
flags, notes, provenance.
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
from app.library.exchange.tabular import write_table

_COLUMNS: Final = ("img_name", "mos", "std", "split")


def _recognises(head: Head) -> bool:
    return head.path.name.lower().startswith("meta_info") or head.header in (
        {"name", "mos", "std"},
        {"imgname", "mos", "std"},
        {"imgname", "mos", "std", "split"},
        {"imgpath", "score", "officialsplit"},
    )


def _read(file: Path, asked: Asked) -> Reading:
    return replace(generic.read_csv(file, asked), label_set=file.stem.removeprefix("meta_info_"))


def _write(records: Sequence[Record], file: Path, scale: Scale) -> int:
    rows = [(r.name, value, r.raw_sd(scale), r.split) for r in records if (value := r.raw(scale)) is not None]
    write_table(file, _COLUMNS, rows)
    return len(rows)


LAYOUT: Final = Layout(
    name="pyiqa",
    title="pyiqa meta table",
    file_name="meta_info_library.csv",
    scale=UNIT,
    loses="count, ratings, flags, notes and provenance",
    recognises=_recognises,
    read=_read,
    write=_write,
)
