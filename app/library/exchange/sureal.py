"""SUREAL's JSON: the raw opinions, `dis_videos: [{content_id, asset_id, path, os: {rater: score}}]`, `ref_score`.

Read: each opinion becomes a rating of the rater of that name; of several opinions of one rater on one image the mean
is taken, and counted. An `os` that is a list has raters '1', '2', .... Written: ratings in force. Lost: images
without ratings, corrections, imported labels, flags, notes, splits, rating modes and times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum
from pathlib import Path
from typing import Any, Final

from app.library.errors import LibraryError
from app.library.exchange.layout import Asked, Entry, Head, Layout, Reading
from app.library.exchange.records import Record
from app.library.exchange.scale import FIVE, Scale
from app.library.exchange.structured import is_json, load_json, write_json
from app.library.exchange.table import number


def _recognises(head: Head) -> bool:
    return is_json(head) and (b'"dis_videos"' in head.start or b'"ref_videos"' in head.start)


def _read(file: Path, asked: Asked) -> Reading:
    del asked  # its keys have fixed names
    found = load_json(file)
    videos = found.get("dis_videos") if isinstance(found, Mapping) else None
    if not isinstance(videos, list) or not all(isinstance(v, Mapping) for v in videos):
        raise LibraryError(f"{file.name} lacks the list 'dis_videos'.", "Choose another layout.")
    read = [_entry(line, video) for line, video in enumerate(videos, start=1)]
    repeated = sum(again for _, again in read)
    names = {name for entry, _ in read for name in entry.ratings or ()}
    notes = [f"{len(names):,} raters: {', '.join(sorted(names)[:8])}{', …' if len(names) > 8 else ''}"]
    if repeated:
        notes.append(f"{repeated:,} times a rater has several opinions of one image: their mean is taken")
    return Reading(
        entries=[entry for entry, _ in read],
        report="read as JSON",
        scale=FIVE,
        columns=("path", "os"),
        path_column="path",
        score_column="os",
        label_set=str(found.get("dataset_name") or file.stem),
        notes=tuple(notes),
    )


def _entry(line: int, video: Mapping[str, Any]) -> tuple[Entry, int]:
    """The image, and how many of its raters spoke more than once."""
    given = video.get("os")
    by_rater = dict(enumerate(given, start=1)) if isinstance(given, list) else given
    name = str(video.get("path") or "")
    if not isinstance(by_rater, Mapping):
        return Entry(line=line, name=name, value="" if given is None else str(given)), 0
    ratings, repeated = {}, 0
    for rater, score in by_rater.items():
        if score is not None and not str(rater).strip():
            return Entry(line=line, name=name, value=f"{score} of a rater without a name"), 0
        said = score if isinstance(score, list) else [score]
        values = [number(str(s)) for s in said if s is not None]
        if any(v is None for v in values):
            return Entry(line=line, name=name, value=f"{rater}: {score}"), 0
        if values:
            ratings[" ".join(str(rater).split())] = fsum(v for v in values if v is not None) / len(values)
            repeated += len(values) > 1
    if not ratings:
        return Entry(line=line, name=name, value=""), 0
    mean = fsum(ratings.values()) / len(ratings)
    return Entry(line=line, name=name, value=mean, n=len(ratings), ratings=ratings), repeated


def _write(records: Sequence[Record], file: Path, scale: Scale) -> int:
    rated = [r for r in records if r.ratings]
    content = {
        "dataset_name": file.stem,
        "ref_score": max(scale.low, scale.high),
        "ref_videos": [
            {"content_id": k, "content_name": r.name, "path": r.name} for k, r in enumerate(rated)
        ],
        "dis_videos": [
            {
                "content_id": k,
                "asset_id": k,
                "path": r.name,
                "os": {rater: scale.raw(value) for rater, value in sorted(r.ratings.items())},
            }
            for k, r in enumerate(rated)
        ],
    }  # fmt: skip
    write_json(file, content)
    return len(rated)


LAYOUT: Final = Layout(
    name="sureal",
    title="SUREAL raw ratings",
    file_name="dataset.json",
    scale=FIVE,
    loses="images without ratings, corrections, imported labels, flags, notes, splits, and how and when was rated",
    recognises=_recognises,
    read=_read,
    write=_write,
    suffixes=(".json",),
)
