"""The native layout: one .zip with everything that people said, so that nothing differs after an import.

    manifest.json      schema version, counts, sha256 of each file, label sets, models, licence notes
    labels.csv         one line per image: the outcome, for people and other programs
    ratings.csv        one line per rating in force, on [0, 1]
    images.csv         where each image lies and which bytes it has
    statements.jsonl   every fact in force, with who said it when and the words of the act

Read from images.csv and statements.jsonl; the sha256 finds images that were moved. A library without any image is
given the images too. Ratings keep mode, rater and time, corrections their reason, imported labels their set and extra.
Not in it: what was said before and replaced, scores, models, runs, saved views, the salt of automatic splits.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from app.library.errors import LibraryError
from app.library.events import RATING
from app.library.exchange.generic import COLUMNS
from app.library.exchange.layout import Asked, Entry, Head, Layout, Reading
from app.library.exchange.native_read import FORMAT, SCHEMA, read_records
from app.library.exchange.records import Record, SetInfo, record_columns
from app.library.exchange.scale import UNIT, Scale
from app.library.exchange.tabular import table_text
from app.library.exchange.writing import replacing
from engine.run import now

_RATINGS: Final = (
    "image_id", "rel_path", "rater", "value", "scale", "mode", "session", "started_at", "lead_time_ms", "rated_at",
)  # fmt: skip
_IMAGES: Final = ("image_id", "folder", "rel_path", "sha256", "size", "mtime_ns", "width", "height")
_LICENCE: Final = (
    "Labels only, no images. The images' own licences govern their use; delete the labels of people who ask for it."
)


def _recognises(head: Head) -> bool:
    return head.start.startswith(b"PK\x03\x04")


def _read(file: Path, asked: Asked) -> Reading:
    del asked  # its columns have fixed names
    records, manifest = read_records(file)
    entries = [
        Entry(line=line, name=f"{r.folder}/{r.name}", value="" if r.mos is None else r.mos, n=r.n or None, record=r)
        for line, r in enumerate(records, start=1)
    ]
    return Reading(
        entries=entries,
        report=f"written {manifest['created']}",
        scale=UNIT,
        path_column="rel_path",
        score_column="mos",
        notes=("who said what when comes along",),
    )


def _write(records: Sequence[Record], file: Path, scale: Scale) -> int:
    if scale != UNIT:
        raise LibraryError("The native layout is on the scale 0:1.", "Leave the scale out.")
    parts = {
        "labels.csv": table_text(COLUMNS, _cells((record_columns(r) for r in records), COLUMNS)),
        "ratings.csv": table_text(_RATINGS, _cells(_ratings(records), _RATINGS)),
        "images.csv": table_text(_IMAGES, _cells((_place(r) for r in records), _IMAGES)),
        "statements.jsonl": "".join(
            json.dumps({"image_id": r.id, **asdict(s)}, ensure_ascii=False) + "\n"
            for r in records
            for s in r.statements
        ),
    }
    manifest = json.dumps(_manifest(records, parts), ensure_ascii=False, indent=1)
    with replacing(file) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", manifest)
        for name, text in parts.items():
            archive.writestr(name, text)
    return len(records)


def _manifest(records: Sequence[Record], parts: Mapping[str, str]) -> dict[str, Any]:
    sets: dict[str, SetInfo] = {label.of.name: label.of for r in records for label in r.labels}
    return {
        "format": FORMAT,
        "schema": SCHEMA,
        "created": now(),
        "counts": {
            "images": len(records),
            "statements": sum(len(r.statements) for r in records),
            "ratings": sum(len(r.ratings) for r in records),
        },
        "sha256": {name: hashlib.sha256(text.encode()).hexdigest() for name, text in parts.items()},
        "label_sets": [asdict(found) for found in sets.values()],
        "models": sorted({r.model for r in records if r.model}),
        "licence": _LICENCE,
    }


def _place(r: Record) -> dict[str, Any]:
    row = {"image_id": r.id, "folder": r.folder, "rel_path": r.name, "sha256": r.sha256, "size": r.size}
    return row | {"mtime_ns": r.mtime_ns, "width": r.width, "height": r.height}


def _ratings(records: Sequence[Record]) -> Iterable[dict[str, Any]]:
    """`lead_time_ms` is not measured and stays empty; `session` and `started_at` name the sitting by its beginning."""
    for r in records:
        for s in r.statements:
            if s.kind == RATING.table.name:
                row = {"image_id": r.id, "rel_path": r.name, "rater": s.within, "value": s.value, "scale": UNIT.text}
                sitting = {"session": s.session, "started_at": s.session, "rated_at": s.at}
                yield row | {"mode": s.more["mode"]} | sitting


def _cells(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> Iterable[list[Any]]:
    return ([row.get(name) for name in columns] for row in rows)


LAYOUT: Final = Layout(
    name="native",
    title="FIQA Desktop export",
    file_name="labels.zip",
    scale=UNIT,
    loses="",
    recognises=_recognises,
    read=_read,
    write=_write,
    suffixes=(".zip",),
)
