"""CGFIQA-40k and DSL-FIQA's packing: `{train,val,test}/label.json` = `{"Image": [...], "MOS": [...]}`, MOS in [0, 1].

A file is read alone, or the folder that holds one of them per split; the folder's name is the official split. Written:
to a `.json`, one file; else a folder with one `label.json` per split. Lost: everything but name, MOS and split (in one
file, the split too).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from app.library.errors import LibraryError
from app.library.exchange.layout import Asked, Entry, Head, Layout, Reading, split_named
from app.library.exchange.records import Record
from app.library.exchange.scale import UNIT, Scale
from app.library.exchange.structured import is_json, load_json, write_json
from app.library.exchange.table import number

LABELS: Final = "label.json"


def read_packing(file: Path, label_set: str) -> Reading:
    """One `label.json`, or all of a folder.

    Raises:
        LibraryError: there is none, or names and scores are not of one length.
    """
    found = _entries(file, split_named(file.parent.name), 0) if file.is_file() else _of_folder(file)
    return Reading(
        entries=found,
        report="read as JSON",
        scale=UNIT,
        columns=("Image", "MOS"),
        path_column="Image",
        score_column="MOS",
        label_set=label_set,
    )


def is_packing(head: Head) -> bool:
    """Whether it is a `label.json`, or a folder with some."""
    if head.path.is_dir():
        return bool(_files(head.path))
    compact = head.start.replace(b" ", b"").replace(b"\n", b"")
    return is_json(head) and (b'"Image":[' in compact or b'"MOS":[' in compact[:200])


def write_packing(records: Sequence[Record], file: Path, scale: Scale) -> int:
    """One `.json`, or a folder with one `label.json` per split."""
    rated = [(r, value) for r in records if (value := r.raw(scale)) is not None]
    if file.suffix.lower() == ".json":
        _write_one(file, rated)
        return len(rated)
    splits = sorted({r.split for r, _ in rated})
    stale = [p for p in _files(file) if (p.parent.name if p.parent != file else "") not in splits]
    if stale:
        raise LibraryError(
            f"{stale[0]} is there and would be read with what is written now, which has no such split.",
            "Choose an empty folder, or remove it.",
        )
    for split in splits:
        folder = file / split if split else file
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(f"Cannot write {folder}: {error.strerror or error}.", "Choose another place.") from error
        _write_one(folder / LABELS, [(r, value) for r, value in rated if r.split == split])
    return len(rated)


def _write_one(file: Path, rated: Sequence[tuple[Record, float]]) -> None:
    write_json(file, {"Image": [r.name for r, _ in rated], "MOS": [value for _, value in rated]})


def _files(folder: Path) -> list[Path]:
    return [p for p in (folder / LABELS, *sorted(folder.glob(f"*/{LABELS}"))) if p.is_file()]


def _of_folder(folder: Path) -> list[Entry]:
    files = _files(folder)
    if not files:
        raise LibraryError(f"There is no {LABELS} in {folder}.", "Give the file, or the folder with train, val, test.")
    out: list[Entry] = []
    for file in files:
        out += _entries(file, split_named(file.parent.name) if file.parent != folder else "", len(out))
    return out


def _entries(file: Path, split: str, offset: int) -> list[Entry]:
    found = load_json(file)
    names, scores = (found.get("Image"), found.get("MOS")) if isinstance(found, Mapping) else (None, None)
    if not isinstance(names, list) or not isinstance(scores, list):
        raise LibraryError(f"{file.name} lacks the lists 'Image' and 'MOS'.", "Choose another layout.")
    if len(names) != len(scores):
        raise LibraryError(
            f"{file.name} names {len(names):,} images and {len(scores):,} scores.", "Ask for the file again."
        )
    return [
        Entry(line=offset + i, name=str(name).strip(), value=_value(score), split=split)
        for i, (name, score) in enumerate(zip(names, scores, strict=True), start=1)
    ]


def _value(score: Any) -> float | str:
    text = "" if score is None else str(score)
    value = number(text)
    return text if value is None else value


def _read(file: Path, asked: Asked) -> Reading:
    del asked  # its two lists have fixed names
    return read_packing(file, "CGFIQA-40k")


LAYOUT: Final = Layout(
    name="cgfiqa",
    title="CGFIQA-40k label.json",
    file_name=LABELS,
    scale=UNIT,
    loses="spread, count, ratings, flags, notes and provenance; in a single file the split too",
    recognises=is_packing,
    read=_read,
    write=write_packing,
    suffixes=(".json", ""),
)
