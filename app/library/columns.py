"""The gallery's NumPy columns: everything that is shown, sorted or filtered, one row per image.

`app.library.query.sorting` turns them into the numbers that a sort goes by; its `SORT_KEYS` name the sorts.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import TextClause, bindparam, text

from app.library import calibrators
from app.library.calibrators import PERCENTILE, CalibratorRow
from app.library.events import chunks
from app.library.library import Library
from engine.factors import VERSION

Objects = npt.NDArray[np.object_]

_IMAGES: Final = """
select id, folder_id, rel_path, size, mtime_ns, width, height, sha256, mos, mos_low, mos_high, mos_n,
       provenance, flag, problem, missing, split, group_name, manifest_group, flag_reason
from image
"""
_SCORES: Final = "select sha256, value from score where model_id = :model and preprocessing_id = :preprocessing"
FACTORS: Final = ("sharpness", "exposure", "contrast", "noise", "compression")
"""Quality factors, each 0 to 1; what they mean and how they are measured stands in `engine.factors`."""
_FACTORS: Final = f"select sha256, {', '.join(FACTORS)} from factor where version = :version"
_PORTION: Final = 4096
"""Rows turned into arrays at once: few enough to stay in the processor's cache and below the collector's notice."""


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
    calibrated: npt.NDArray[np.float32]
    """The score on the curators' scale, in [0, 1]; NaN where there is none or no such calibrator is in use."""
    calibrated_low: npt.NDArray[np.float32]
    """The calibrator's interval (90 % of new labels lie inside); NaN where it gives none."""
    calibrated_high: npt.NDArray[np.float32]
    percentile: npt.NDArray[np.float32]
    """Share of a reference set that scores no higher, where scores are shown so; no quality, and never a MOS."""
    mos: npt.NDArray[np.float32]
    """Effective MOS in [0, 1]; NaN where there is none."""
    mos_low: npt.NDArray[np.float32]
    mos_high: npt.NDArray[np.float32]
    n_ratings: npt.NDArray[np.int32]
    """Ratings in force; for an imported label the number that its file gives."""
    provenance: Objects
    """'human', 'imported:<set>' or ''."""
    flag: Objects
    problem: Objects
    missing: npt.NDArray[np.bool_]
    split: Objects
    """As a person set it; '' = by the salted hash."""
    group: Objects
    reason: Objects
    """Why it is flagged; '' where nobody said."""
    extra: npt.NDArray[np.float32]
    """The extra score on show (`app.library.extras`), on its own scale; NaN where there is none."""
    sharpness: npt.NDArray[np.float32]
    """This and the following: NaN where it was not measured."""
    exposure: npt.NDArray[np.float32]
    contrast: npt.NDArray[np.float32]
    noise: npt.NDArray[np.float32]
    compression: npt.NDArray[np.float32]

    @staticmethod
    def empty() -> Columns:
        """No rows."""
        return Columns.of({"id": np.empty(0, dtype=np.int64)})

    @staticmethod
    def of(known: Mapping[str, Any]) -> Columns:
        """These columns, `id` among them; the others say that nothing is known."""
        lacking = {name: _unknown(kind, len(known["id"])) for name, kind in _KINDS.items() if name not in known}
        return Columns(**lacking, **known)

    def __len__(self) -> int:
        return len(self.id)

    @property
    def shown(self) -> npt.NDArray[np.float32]:
        """float32 [N]: what is shown as the score: a percentile or calibrated where that is in use, else raw."""
        return np.where(np.isnan(self.percentile), self.comparable, self.percentile)

    @property
    def comparable(self) -> npt.NDArray[np.float32]:
        """float32 [N]: what may be compared with a MOS: the calibrated score, else the raw one."""
        return np.where(np.isnan(self.calibrated), self.score, self.calibrated)

    def shown_at(self, row: int) -> float:
        """`shown` of one row: nothing is worked out for the others."""
        percentile = float(self.percentile[row])
        return self.comparable_at(row) if math.isnan(percentile) else percentile

    def comparable_at(self, row: int) -> float:
        """`comparable` of one row."""
        calibrated = float(self.calibrated[row])
        return float(self.score[row]) if math.isnan(calibrated) else calibrated

    def taken(self, rows: npt.NDArray[np.integer]) -> Columns:
        """Only these rows, in this order."""
        return Columns(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})

    def patched(self, other: Columns) -> Columns:
        """A copy in which the rows of `other` replace those of the same id; new ids come at the end, by id.

        Where no row is new it shares the columns that `other` says nothing new of: a label changes few of them.
        """
        at = self.rows_of(other.id)
        known = at >= 0
        fresh = np.flatnonzero(~known)
        arrays = {}
        for field in fields(self):
            mine, theirs = getattr(self, field.name), getattr(other, field.name)
            if fresh.size or not np.array_equal(mine[at], theirs, equal_nan=mine.dtype.kind == "f"):
                mine = np.concatenate([mine, theirs[fresh]])
                mine[at[known]] = theirs[known]
            arrays[field.name] = mine
        return Columns(**arrays)

    @cached_property
    def _by_id(self) -> npt.NDArray[np.int64] | None:
        """int64 [N]: the rows in the order of their ids; None where they are in it, as they nearly always are."""
        return None if bool((self.id[1:] > self.id[:-1]).all()) else np.argsort(self.id, kind="stable")

    def row_of(self, image_id: int) -> int:
        """The row of one id, -1 where there is none."""
        return int(self.rows_of([image_id])[0])

    def rows_of(self, ids: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """int64 [n]: the row of each id, -1 where there is none."""
        wanted = np.asarray(ids, dtype=np.int64)
        if not len(self.id):
            return np.full(len(wanted), -1, dtype=np.int64)
        rows = np.minimum(np.searchsorted(self.id, wanted, sorter=self._by_id), len(self.id) - 1)
        if self._by_id is not None:
            rows = self._by_id[rows]
        return np.where(self.id[rows] == wanted, rows, -1).astype(np.int64)


def load(
    library: Library,
    *,
    model_id: str,
    preprocessing_id: str,
    ids: Iterable[int] | None = None,
    extra: tuple[str, str] | None = None,
) -> Columns:
    """Read all rows, or those of `ids`, with the scores of one model (pass '' for none).

    `extra`: model and preprocessing of the extra score on show.
    """
    values = {"model": model_id, "preprocessing": preprocessing_id, "version": VERSION}
    with library.read() as session:
        connection = session.connection()
        folders = _pairs(connection.execute(_statement("select id, path from folder")))
        found: list[dict[str, Any]] = []
        for part in _parts(ids):
            condition, some = ("", {}) if part is None else ("where id in :ids", {"ids": part})
            # Reading all scores as one range and joining here takes a third of the time of SQL's join row by row.
            only = f" and sha256 in (select sha256 from image {condition})" if some else ""
            scores = _pairs(connection.execute(_statement(_SCORES + only), values | some))
            extras = {}
            if extra is not None:
                asked = {"model": extra[0], "preprocessing": extra[1]}
                extras = _pairs(connection.execute(_statement(_SCORES + only), asked | some))
            factors: dict[str, Sequence[Any]] = {
                row[0]: row[1:] for row in connection.execute(_statement(_FACTORS + only), values | some)
            }
            cursor = connection.execute(_statement(f"{_IMAGES} {condition} order by id"), some).cursor
            while rows := cursor.fetchmany(_PORTION) if cursor else ():
                found.append(_arrays(rows, folders, scores, extras, factors))
        calibrator = calibrators.active_in(session, model_id)
    if not found:
        return Columns.empty()
    arrays: dict[str, Any] = {name: np.concatenate([p[name] for p in found]) for name in _READ}
    return Columns(**arrays, **calibrated_columns(arrays["score"], calibrator))


def calibrated_columns(score: npt.NDArray[np.float32], found: CalibratorRow | None) -> dict[str, Any]:
    """The columns that a calibrator makes of raw scores [N], by name; NaN where there is none."""
    arrays = {name: np.full(len(score), np.nan, dtype=np.float32) for name in _CALIBRATED}
    if found is not None:
        at = found.calibrator.apply(score)
        names = ("percentile",) if found.kind == PERCENTILE else _INTERVAL
        parts = zip(names, (at.value, at.low, at.high), strict=False)
        arrays |= {name: part.astype(np.float32) for name, part in parts}
    return arrays


def _pairs(rows: Iterable[Any]) -> dict[Any, Any]:
    return {row[0]: row[1] for row in rows}


def _parts(ids: Iterable[int] | None) -> Iterator[list[int] | None]:
    """Portions that fit one statement; None: all rows."""
    yield from [None] if ids is None else chunks(sorted({int(i) for i in ids}))


@lru_cache(maxsize=16)
def _statement(sql: str) -> TextClause:
    """Made once: a label reads its row anew, and to understand a text takes longer than to run it."""
    made = text(sql)
    return made.bindparams(bindparam("ids", expanding=True)) if ":ids" in sql else made


def _arrays(
    rows: Sequence[Sequence[Any]],
    folders: dict[int, str],
    scores: dict[str, float],
    extras: dict[str, float],
    factors: dict[str, Sequence[Any]],
) -> dict[str, Any]:
    cells = dict(zip(_CELLS, zip(*rows, strict=True), strict=True))
    rel_paths = cells["rel_path"]
    if os.sep != "/":
        rel_paths = tuple(p.replace("/", os.sep) for p in rel_paths)
    roots = {key: path.rstrip(os.sep) + os.sep for key, path in folders.items()}
    arrays: dict[str, Any] = {
        "path": _objects([roots[f] + p for f, p in zip(cells["folder"], rel_paths, strict=True)]),
        "name": _objects([p[p.rfind(os.sep) + 1 :] for p in rel_paths]),
        "score": _values(scores, cells["sha256"]),
        "extra": _values(extras, cells["sha256"]),
        "group": _objects([g or m or "" for g, m in zip(cells["group_name"], cells["manifest_group"], strict=True)]),
    }
    arrays |= _factor_arrays(cells["sha256"], factors)
    for name in ("width", "height"):
        arrays[name] = np.array([v or 0 for v in cells[name]], dtype=np.int32)
    for name in ("provenance", "flag", "problem", "split", "reason"):
        arrays[name] = _objects([v or "" for v in cells[name]])
    for name in _READ.keys() - arrays.keys():
        arrays[name] = np.array(cells[name], dtype=_KINDS[name])
    return arrays


def _values(scores: dict[str, float], sha256s: Sequence[str | None]) -> npt.NDArray[np.float32]:
    if not scores:
        return np.full(len(sha256s), np.nan, dtype=np.float32)
    return np.array(list(map(scores.get, sha256s)), dtype=np.float32)  # type: ignore[arg-type]


def _factor_arrays(sha256s: Sequence[str | None], factors: dict[str, Sequence[Any]]) -> dict[str, Any]:
    if not factors:
        return {name: np.full(len(sha256s), np.nan, dtype=np.float32) for name in FACTORS}
    none = (np.nan,) * len(FACTORS)
    table = np.array([factors.get(s or "", none) for s in sha256s], dtype=np.float32)
    return {name: table[:, i].copy() for i, name in enumerate(FACTORS)}


def _unknown(kind: Any, count: int) -> npt.NDArray[Any]:
    if kind is object:
        return np.full(count, "", dtype=object)
    return np.full(count, np.nan, dtype=kind) if kind is np.float32 else np.zeros(count, dtype=kind)


def _objects(values: Sequence[str]) -> Objects:
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


_CELLS: Final = (
    "id", "folder", "rel_path", "size", "mtime_ns", "width", "height", "sha256", "mos", "mos_low", "mos_high",
    "n_ratings", "provenance", "flag", "problem", "missing", "split", "group_name", "manifest_group", "reason",
)  # fmt: skip
_READ: Final[dict[str, Any]] = {
    "id": np.int64, "folder": np.int64, "path": object, "name": object, "size": np.int64, "mtime_ns": np.int64,
    "width": np.int32, "height": np.int32, "score": np.float32, "mos": np.float32, "mos_low": np.float32,
    "mos_high": np.float32, "n_ratings": np.int32, "provenance": object, "flag": object, "problem": object,
    "missing": np.bool_, "split": object, "group": object,
    "reason": object, "extra": np.float32, **dict.fromkeys(FACTORS, np.float32),
}  # fmt: skip
_INTERVAL: Final = ("calibrated", "calibrated_low", "calibrated_high")
_CALIBRATED: Final = (*_INTERVAL, "percentile")
_KINDS: Final[dict[str, Any]] = _READ | dict.fromkeys(_CALIBRATED, np.float32)
