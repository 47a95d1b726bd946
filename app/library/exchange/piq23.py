"""PIQ23: `Scores_{Overall,Details,Exposure}.csv`, Windows paths, JODs that compare within one scene only.

Mapping, per scene: a JOD v becomes Phi(0.6745 (v - c)), c the mean JOD of the scene in the file: the share of people
who prefer the image to the middle of its scene. An export says c in a column of its own, SCENE CENTRE.

Each attribute is a label set; 'Overall' may become the MOS, 'Details' and 'Exposure' are aspects of quality and stay
beside it. Written: the attribute that the file's name ends in, else 'Overall'; an image from elsewhere has no scene and
the centre 0. Lost: ratings, split, flags, notes, provenance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from app.library.exchange.layout import Asked, Entry, Head, Layout, Reading
from app.library.exchange.plan import SetKind
from app.library.exchange.records import Label, Record
from app.library.exchange.scale import JOD, Scale
from app.library.exchange.table import read_table
from app.library.exchange.tabular import entries, find_columns, reading, write_table

_CENTRE: Final = "SCENE CENTRE"
_COLUMNS: Final = (
    "IMAGE PATH", "IMAGE", "JOD", "JOD STD", "CI LOW", "CI HIGH", "CI RANGE", "QUALITY LEVEL", "CLUSTER",
    "TOTAL COMPARISONS", "SCENE", "ATTRIBUTE", "SCENE IDX", "CONDITION", _CENTRE,
)  # fmt: skip
_MAPPED: Final = ("IMAGE PATH", "IMAGE", "JOD", "JOD STD")
_KEPT: Final = tuple(c for c in _COLUMNS if c not in _MAPPED)
ATTRIBUTES: Final = ("Overall", "Details", "Exposure")


def _recognises(head: Head) -> bool:
    return {"imagepath", "jod"} <= head.header


def _read(file: Path, asked: Asked) -> Reading:
    table = read_table(file)
    columns = find_columns(table, asked, file, keep=_KEPT, scene="SCENE")
    found = entries(table, columns)
    return replace(
        reading(table, columns, JOD, [_in_set(e, file) for e in found]),
        label_set=f"PIQ23 {_attribute_of(file)}",
        notes=(
            f"{len({e.scene for e in found}):,} scenes, each mapped on its own: JODs compare within one scene only",
            "'Details' and 'Exposure' are kept beside the MOS and never become one",
        ),
    )


def _in_set(entry: Entry, file: Path) -> Entry:
    said = str((entry.extra or {}).get("ATTRIBUTE") or _attribute_of(file)).strip().capitalize()
    kind: SetKind = "mos" if said == ATTRIBUTES[0] else "aspect"
    centre = (entry.extra or {}).get(_CENTRE)
    known = float(centre) if isinstance(centre, int | float) else None
    return replace(entry, label_set=f"PIQ23 {said}", kind=kind, centre=known)


def _attribute_of(file: Path) -> str:
    return next((a for a in ATTRIBUTES if file.stem.lower().endswith(a.lower())), ATTRIBUTES[0])


def _write(records: Sequence[Record], file: Path, scale: Scale) -> int:
    attribute = _attribute_of(file)
    rows = [row for r in records if (row := _row(r, attribute, scale)) is not None]
    write_table(file, _COLUMNS, rows)
    return len(rows)


def _row(record: Record, attribute: str, scale: Scale) -> list[Any] | None:
    label = next((x for x in record.labels if x.of.name == f"PIQ23 {attribute}"), None)
    value, sd = _own(label, scale) if attribute != ATTRIBUTES[0] else _effective(record, label, scale)
    if value is None:
        return None
    extra = dict(label.extra) if label else {}
    centre = extra.get("centre", 0.0)
    if attribute == ATTRIBUTES[0] and (own := record.effective_label) is not None:
        centre = own.extra.get("centre", 0.0)  # of the set that the number is from, whatever its name
    path = record.name.replace("/", "\\")
    mapped = {"IMAGE PATH": path, "IMAGE": record.name.rpartition("/")[2], "JOD": value, "JOD STD": sd}
    mapped |= {"ATTRIBUTE": extra.get("ATTRIBUTE", attribute), _CENTRE: centre}
    return [(extra | mapped).get(column) for column in _COLUMNS]


def _own(label: Label | None, scale: Scale) -> tuple[float | None, float | None]:
    """The attribute's own number as it came."""
    if label is None:
        return None, None
    centre = label.extra.get("centre", 0.0)
    if (raw := label.own("raw", scale)) is not None:
        return raw, label.own("raw_sd", scale)
    return scale.raw(label.value, centre), None if label.sd is None else scale.raw_spread(label.sd, label.value, centre)


def _effective(record: Record, label: Label | None, scale: Scale) -> tuple[float | None, float | None]:
    own = record.effective_label or label
    centre = own.extra.get("centre", 0.0) if own else 0.0
    return record.raw(scale, centre), record.raw_sd(scale, centre)


LAYOUT: Final = Layout(
    name="piq23",
    title="PIQ23 JOD scores",
    file_name="Scores_Overall.csv",
    scale=JOD,
    loses="ratings, split, flags, notes and provenance; an image from elsewhere has no scene",
    recognises=_recognises,
    read=_read,
    write=_write,
)
