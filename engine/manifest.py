"""What to train on or to evaluate: a table of images with labels, splits, sources and groups.

Contract (CSV or Parquet): `path,mos,split,source,provenance,pool,group,weight,sha256` and any further
columns, which are kept. `path` is relative to the manifest or absolute; `mos` in [0, 1], empty = none.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from engine.atomic import replacing
from engine.errors import UserError
from engine.groups import SPLITS

COLUMNS: Final = ("path", "mos", "split", "source", "provenance", "pool", "group", "weight", "sha256")
_TEXT: Final = ("split", "source", "provenance", "pool", "group", "sha256")


class ManifestError(UserError):
    """The file is no manifest; the message names the line and the column."""


@dataclass(frozen=True)
class Row:
    """One image. `mos` is None where there is no label; `path` is absolute once read from a file."""

    path: Path
    mos: float | None = None
    split: str = ""
    source: str = "labeled"
    provenance: str = ""
    pool: str = ""
    group: str = ""
    weight: float = 1.0
    sha256: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def person_is_known(self) -> bool:
        """Whether its group says who it shows; the column `person` says 0 where a group merely stands for the image."""
        return bool(self.group) and self.extra.get("person", "1") != "0"

    @property
    def cluster(self) -> str:
        """Its group; an image without one is its own."""
        return self.group or str(self.path)


@dataclass(frozen=True)
class Manifest:
    """Rows in a fixed order, with NumPy views of the columns that the mathematics needs."""

    rows: tuple[Row, ...]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def mos(self) -> npt.NDArray[np.float64]:
        """float64 [N]; NaN where there is no label."""
        return np.array([np.nan if r.mos is None else r.mos for r in self.rows], dtype=np.float64)

    @property
    def groups(self) -> npt.NDArray[np.str_]:
        """str [N]; an image without a group is its own group."""
        return np.array([r.cluster for r in self.rows], dtype=np.str_)

    @property
    def extra_columns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for r in self.rows for name in r.extra))

    def where(self, *, split: str | None = None, source: str | None = None, labelled: bool | None = None) -> Manifest:
        """The rows that meet every condition that is given."""
        return Manifest(
            tuple(
                r
                for r in self.rows
                if (split is None or r.split == split)
                and (source is None or r.source == source)
                and (labelled is None or (r.mos is not None) == labelled)
            )
        )

    def digest(self) -> str:
        """sha256 of the content that training sees (paths count by name only, so a moved tree keeps its hash)."""
        h = hashlib.sha256()
        for r in self.rows:
            mos = "" if r.mos is None else f"{r.mos:.9g}"
            line = (r.path.name, mos, r.split, r.source, r.provenance, r.pool, r.group, f"{r.weight:.9g}", r.sha256)
            h.update("\x1f".join(line).encode(errors="surrogateescape") + b"\n")
        return h.hexdigest()


def _number(text: str, *, column: str, line: int) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ManifestError(f"Line {line}: '{text}' in column '{column}' is not a number.") from None
    if not np.isfinite(value):
        raise ManifestError(f"Line {line}: '{text}' in column '{column}' is not a finite number.")
    return value


def _row(record: dict[str, str], folder: Path, line: int) -> Row:
    if not record.get("path"):
        raise ManifestError(f"Line {line}: the path is empty.")
    mos = _number(record["mos"], column="mos", line=line) if record.get("mos") else None
    if mos is not None and not 0.0 <= mos <= 1.0:
        raise ManifestError(
            f"Line {line}: mos {mos:g} is outside [0, 1].",
            "Declare its scale when importing ('fiqa labels import --scale 1:5').",
        )
    split = record.get("split") or ""
    if split and split not in SPLITS:
        raise ManifestError(f"Line {line}: split '{split}' is unknown.", f"Use one of {', '.join(SPLITS)} or nothing.")
    weight = _number(record["weight"], column="weight", line=line) if record.get("weight") else 1.0
    return Row(
        path=folder / record["path"].replace("\\", "/") if os.sep == "/" else folder / record["path"],
        mos=mos,
        weight=weight,
        split=split,
        source=record.get("source") or ("labeled" if mos is not None else "unlabeled"),
        provenance=record.get("provenance") or "",
        pool=record.get("pool") or "",
        group=record.get("group") or "",
        sha256=record.get("sha256") or "",
        extra={k: v or "" for k, v in record.items() if k and k not in COLUMNS},
    )


def _pyarrow() -> tuple[Any, Any]:
    """pyarrow and its Parquet side; imported here: the light build has none."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise ManifestError("This build cannot read or write Parquet.", "Use CSV instead.") from error
    return pa, pq


def _records(path: Path) -> Iterable[tuple[int, dict[str, str]]]:
    if path.suffix.lower() == ".parquet":
        table = _pyarrow()[1].read_table(path).to_pylist()
        for number, record in enumerate(table, start=1):
            yield number, {k: "" if v is None else str(v) for k, v in record.items()}
        return
    reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
    if "path" not in (reader.fieldnames or ()):
        raise ManifestError(
            f"{path.name} has no column 'path'.",
            "A manifest is a CSV or Parquet file with the columns " + ",".join(COLUMNS) + " ('path' at least).",
        )
    for record in reader:
        yield reader.line_num, {k: v or "" for k, v in record.items() if k is not None}


def read(path: Path) -> Manifest:
    """Read a CSV or Parquet manifest.

    Raises:
        ManifestError: the file is missing, is no table, or a value is unusable (with its line).
    """
    try:
        folder = path.resolve().parent
        return Manifest(tuple(_row(record, folder, line) for line, record in _records(path)))
    except ManifestError:
        raise
    except (OSError, ValueError, ImportError, csv.Error) as error:  # ValueError: no UTF-8, no Parquet
        raise ManifestError(f"Cannot read the manifest {path}: {error}.") from error


def _relative(path: Path, folder: Path) -> str:
    try:
        return path.resolve().relative_to(folder).as_posix()
    except ValueError:
        return str(path)


def _record(row: Row, folder: Path, extra: Sequence[str]) -> dict[str, Any]:
    out: dict[str, Any] = {name: getattr(row, name) for name in _TEXT}
    out["path"] = _relative(row.path, folder)
    out["mos"] = "" if row.mos is None else repr(float(row.mos))
    out["weight"] = repr(float(row.weight))
    out.update({name: row.extra.get(name, "") for name in extra})
    return out


def write(manifest: Manifest, path: Path) -> None:
    """Write a CSV or Parquet manifest atomically; paths under its folder become relative to it.

    Raises:
        ManifestError: a name is not valid Unicode.
    """
    folder = path.resolve().parent
    extra = manifest.extra_columns
    records = [_record(row, folder, extra) for row in manifest.rows]
    for record in records:
        if not is_unicode(record["path"]):
            raise ManifestError(f"{record['path']!a} is no valid Unicode, and a manifest is.", "Rename the file.")
    with replacing(path) as partial:
        if path.suffix.lower() == ".parquet":
            pa, pq = _pyarrow()
            pq.write_table(pa.Table.from_pylist(records), partial)
            return
        with partial.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, fieldnames=[*COLUMNS, *extra], lineterminator="\n")
            writer.writeheader()
            writer.writerows(records)


def is_unicode(text: str) -> bool:
    """Whether it can be written as UTF-8: names of files on Linux may hold any bytes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def joined(parts: Sequence[Manifest]) -> Manifest:
    """The rows of all, one manifest after the other; columns that one lacks stay empty in its rows.

    An image without a MOS gives way to the same image with one, as where a pool meets its pseudo-labels.

    Raises:
        ManifestError: an image has a MOS in two of them, or a group is in split train of one and in another split of
            another.
    """
    rows: dict[Path, Row] = {}
    for row in (row for part in parts for row in part.rows):
        known = rows.get(row.path)
        if known is not None and known.mos is not None and row.mos is not None:
            raise ManifestError(f"{row.path} has a MOS in two of the manifests.", "Join manifests of different images.")
        if known is None or known.mos is None:
            rows[row.path] = row
    trained = {row.group for row in rows.values() if row.group and row.split == "train"}
    for row in rows.values():
        if row.group in trained and row.split not in ("", "train"):
            raise ManifestError(
                f"'{row.group}' is in split train of one manifest and in split {row.split} of another: a model would "
                "be tested on faces that it learned from.",
                "Make the manifests with the same splits (split_seed of fiqa degrade).",
            )
    return Manifest(tuple(rows.values()))
