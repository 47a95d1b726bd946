"""Reads the native .zip back into records, and believes none of it before it is checked."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from app.library.errors import LibraryError
from app.library.events import ASSIGNMENT, CORRECTION, FACTS, FLAG, IMPORTED, NOTE, RATING
from app.library.exchange.records import Label, Record, SetInfo, Statement
from app.library.schema import FLAGS
from engine.groups import SPLITS

FORMAT: Final = "fiqa-labels"
SCHEMA: Final = 1
_PARTS: Final = ("labels.csv", "ratings.csv", "images.csv", "statements.jsonl")
_MODES: Final = ("open", "blind", "pair")
_MOST_BYTES: Final = 2 * 1024**3
_KINDS: Final = {fact.table.name: frozenset(fact.carries) for fact in FACTS} | {
    CORRECTION.table.name: frozenset({"why", "label_set"})
}
"""Kind of statement -> what it says besides its value."""
_UNIT_KINDS: Final = (RATING.table.name, CORRECTION.table.name, IMPORTED.table.name)
_CHOICES: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    (FLAG.table.name, ""): FLAGS,
    (ASSIGNMENT.table.name, "split"): SPLITS,
}


def read_records(file: Path) -> tuple[list[Record], dict[str, Any]]:
    """The records of an export, and its manifest.

    Raises:
        LibraryError: it is no export of ours, newer than this program, damaged, or says what cannot be.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            manifest, parts = _checked(archive, file)
        return _records(manifest, parts), manifest
    except (zipfile.BadZipFile, OSError, UnicodeDecodeError) as error:
        raise LibraryError(f"{file.name} is damaged ({error}).", "Export it again.") from error
    except (KeyError, TypeError, ValueError, csv.Error) as error:
        raise LibraryError(f"{file.name} says what cannot be ({error!r}).", "Export it again.") from error


def _checked(archive: zipfile.ZipFile, file: Path) -> tuple[dict[str, Any], dict[str, str]]:
    names = set(archive.namelist())
    if not names.issuperset((*_PARTS, "manifest.json")):
        raise LibraryError(f"{file.name} is no export of FIQA Desktop.", "Choose another layout.")
    if sum(archive.getinfo(name).file_size for name in (*_PARTS, "manifest.json")) > _MOST_BYTES:
        raise LibraryError(f"{file.name} unpacks to more than 2 GB.", "It is no sound export; export it again.")
    manifest = json.loads(archive.read("manifest.json"))
    if manifest["format"] != FORMAT:
        raise LibraryError(f"{file.name} is no export of FIQA Desktop.", "Choose another layout.")
    if manifest["schema"] > SCHEMA:
        raise LibraryError(f"{file.name} was written by a newer version.", "Update the program.")
    parts = {name: archive.read(name) for name in _PARTS}
    for name, data in parts.items():
        if hashlib.sha256(data).hexdigest() != manifest["sha256"][name]:
            raise LibraryError(f"{name} in {file.name} was changed after the export.", "Export it again.")
    return manifest, {name: data.decode("utf-8") for name, data in parts.items()}


def _records(manifest: Mapping[str, Any], parts: Mapping[str, str]) -> list[Record]:
    sets = {s["name"]: SetInfo(**s) for s in manifest["label_sets"]}
    said: dict[int, list[Statement]] = defaultdict(list)
    for line in filter(None, parts["statements.jsonl"].split("\n")):  # splitlines() would cut at U+2028 in a note
        row = json.loads(line)
        said[int(row.pop("image_id"))].append(_statement(row))
    outcomes = {int(row["image_id"]): row for row in _rows(parts["labels.csv"])}
    return [_record(row, outcomes[int(row["image_id"])], said, sets) for row in _rows(parts["images.csv"])]


def _rows(text: str) -> csv.DictReader[str]:
    return csv.DictReader(io.StringIO(text, newline=""))


def _statement(row: dict[str, Any]) -> Statement:
    s = Statement(**row)
    if set(s.more) != _KINDS[s.kind]:
        raise ValueError(f"{s.kind} with {sorted(s.more)}")
    in_unit = isinstance(s.value, int | float) and 0 <= s.value <= 1
    if not (in_unit if s.kind in _UNIT_KINDS else isinstance(s.value, str)):
        raise ValueError(f"{s.kind} {s.value}")
    if s.value not in _CHOICES.get((s.kind, s.within), (s.value,)):
        raise ValueError(f"{s.kind} {s.value}")
    if s.kind == RATING.table.name and s.more["mode"] not in _MODES:
        raise ValueError(f"a rating of mode {s.more['mode']}")
    if not all(isinstance(text, str) for text in (s.within, s.text, s.at, s.by, s.session)) or not s.by.strip():
        raise ValueError(f"{s.kind} of {s.by!r}")
    return s


def _record(
    place: Mapping[str, str],
    outcome: Mapping[str, str],
    said: Mapping[int, list[Statement]],
    sets: Mapping[str, SetInfo],
) -> Record:
    statements = said.get(int(place["image_id"]), [])
    texts = {(s.kind, s.within): str(s.value) for s in statements if isinstance(s.value, str)}
    return Record(
        id=int(place["image_id"]),
        folder=place["folder"],
        name=place["rel_path"],
        sha256=place["sha256"],
        width=_whole(place["width"]),
        height=_whole(place["height"]),
        size=int(place["size"]),
        mtime_ns=int(place["mtime_ns"]),
        split=texts.get((ASSIGNMENT.table.name, "split"), ""),
        group=texts.get((ASSIGNMENT.table.name, "group"), ""),
        mos=_number(outcome["mos"]),
        n=_whole(outcome["mos_n"]) or 0,
        low=_number(outcome["ci_low"]),
        high=_number(outcome["ci_high"]),
        provenance=outcome["provenance"],
        flag=texts.get((FLAG.table.name, ""), ""),
        note=texts.get((NOTE.table.name, ""), ""),
        score=_number(outcome["student"]),
        model=outcome["student_model"],
        statements=tuple(statements),
        labels=tuple(_label(s, sets) for s in statements if s.kind == IMPORTED.table.name),
    )


def _label(s: Statement, sets: Mapping[str, SetInfo]) -> Label:
    return Label(sets[s.within], float(s.value), s.more["sd"], s.more["n"], s.more["extra"] or {})


def _whole(text: str) -> int | None:
    return int(text) if text else None


def _number(text: str) -> float | None:
    value = float(text) if text else None
    if value is not None and not math.isfinite(value):
        raise ValueError(text)
    return value
