"""The gallery's NumPy columns: everything that is shown, sorted or filtered, one row per image."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import text

from app.library.events import chunks
from app.library.library import Library

Objects = npt.NDArray[np.object_]

_SELECT: Final = """
select i.id, i.folder_id, f.path, i.rel_path, i.size, i.mtime_ns, i.width, i.height, s.value,
       i.mos, i.mos_low, i.mos_high, i.mos_n, i.provenance, i.flag, i.problem, i.missing, i.split,
       coalesce(i.group_name, i.manifest_group)
from image i
join folder f on f.id = i.folder_id
left join score s on s.model_id = :model and s.preprocessing_id = :preprocessing and s.sha256 = i.sha256
"""


@dataclass(frozen=True)
class Columns:
    """One row per image, in the order of `id`; all arrays have the same length. Texts are '' where there is none."""

    id: npt.NDArray[np.int64]
    folder: npt.NDArray[np.int64]
    path: Objects
    """str, absolute."""
    name: Objects
    size: npt.NDArray[np.int64]
    mtime_ns: npt.NDArray[np.int64]
    width: npt.NDArray[np.int32]
    """Pixels, upright; 0 where the bytes were not read yet."""
    height: npt.NDArray[np.int32]
    score: npt.NDArray[np.float32]
    """Raw, unclamped; NaN where there is none."""
    mos: npt.NDArray[np.float32]
    """Effective MOS in [0, 1]; NaN where there is none."""
    mos_low: npt.NDArray[np.float32]
    mos_high: npt.NDArray[np.float32]
    n_ratings: npt.NDArray[np.int16]
    """Ratings in force; for an imported label the number that its file gives."""
    provenance: Objects
    """'human', 'imported:<set>' or ''."""
    flag: Objects
    problem: Objects
    missing: npt.NDArray[np.bool_]
    split: Objects
    """As a person set it; '' = by the salted hash."""
    group: Objects

    def __len__(self) -> int:
        return len(self.id)

    def patched(self, other: Columns) -> Columns:
        """A copy in which the rows of `other` replace those of the same id; new ids come at the end, by id."""
        at = self.rows_of(other.id)
        known = at >= 0
        fresh = np.flatnonzero(~known)
        arrays = {}
        for field in fields(self):
            mine, theirs = getattr(self, field.name), getattr(other, field.name)
            out = np.concatenate([mine, theirs[fresh]])
            out[at[known]] = theirs[known]
            arrays[field.name] = out
        return Columns(**arrays)

    def rows_of(self, ids: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """int64 [n]: the row of each id, -1 where there is none."""
        wanted = np.asarray(ids, dtype=np.int64)
        if not len(self.id):
            return np.full(len(wanted), -1, dtype=np.int64)
        order = np.argsort(self.id, kind="stable")  # linear on ids that are in order, as they nearly always are
        at = np.minimum(np.searchsorted(self.id, wanted, sorter=order), len(self.id) - 1)
        rows = order[at]
        return np.where(self.id[rows] == wanted, rows, -1).astype(np.int64)


def load(library: Library, *, model_id: str, preprocessing_id: str, ids: Iterable[int] | None = None) -> Columns:
    """Read all rows, or those of `ids`, with the scores of one model (pass '' for none)."""
    values = {"model": model_id, "preprocessing": preprocessing_id}
    rows: list[Sequence[Any]] = []
    with library.read() as session:
        connection = session.connection()
        if ids is None:
            rows = connection.execute(text(_SELECT + "order by i.id"), values).fetchall()  # type: ignore[assignment]
        else:
            for part in chunks(sorted({int(i) for i in ids})):
                listed = ",".join(map(str, part))  # whole numbers only: made by int() above
                query = text(f"{_SELECT} where i.id in ({listed}) order by i.id")
                rows.extend(connection.execute(query, values).fetchall())
    return _columns(rows)


def _columns(rows: Sequence[Sequence[Any]]) -> Columns:
    if not rows:
        return Columns(**{name: np.empty(0, dtype=kind) for name, kind in _KINDS.items()})
    cells: list[tuple[Any, ...]] = list(zip(*rows, strict=True))
    folder_path, rel_path = cells[2], cells[3]
    separator = os.sep
    if separator != "/":
        rel_path = tuple(p.replace("/", separator) for p in rel_path)
    path = [f"{f.rstrip(separator)}{separator}{p}" for f, p in zip(folder_path, rel_path, strict=True)]
    name = [p[p.rfind(separator) + 1 :] for p in rel_path]
    arrays: dict[str, Any] = {
        "path": _objects(path),
        "name": _objects(name),
        **{n: np.array(cells[i], dtype=_KINDS[n]) for n, i in _NUMBERS.items()},
        **{n: np.array([v or 0 for v in cells[i]], dtype=_KINDS[n]) for n, i in _COUNTS.items()},
        **{n: _objects([v or "" for v in cells[i]]) for n, i in _TEXTS.items()},
    }
    return Columns(**arrays)


def _objects(values: Sequence[str]) -> Objects:
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


_NUMBERS: Final = {
    "id": 0, "folder": 1, "size": 4, "mtime_ns": 5, "score": 8, "mos": 9, "mos_low": 10, "mos_high": 11, "missing": 16
}  # fmt: skip
_COUNTS: Final = {"width": 6, "height": 7, "n_ratings": 12}
_TEXTS: Final = {"provenance": 13, "flag": 14, "problem": 15, "split": 17, "group": 18}
_KINDS: Final[dict[str, Any]] = {
    "id": np.int64, "folder": np.int64, "path": object, "name": object, "size": np.int64, "mtime_ns": np.int64,
    "width": np.int32, "height": np.int32, "score": np.float32, "mos": np.float32, "mos_low": np.float32,
    "mos_high": np.float32, "n_ratings": np.int16, "provenance": object, "flag": object, "problem": object,
    "missing": np.bool_, "split": object, "group": object,
}  # fmt: skip
