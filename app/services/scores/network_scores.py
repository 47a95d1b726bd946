"""Scores by a network of the comparison, in a process of its own: the window never loads torch."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from app.library.extras import Unscored
from app.services.training import jobs
from engine.exit_status import DONE, SOME_FAILED
from engine.image import ImageError, read_file

_MOST: Final = 500
"""Images of one process: its start takes seconds, and what it has scored is kept when it ends."""
_MOST_CHARACTERS: Final = 20_000
"""Of their paths: Windows takes command lines of 32,767."""


def batches(items: Sequence[Unscored]) -> Iterator[list[Unscored]]:
    """The items in order, as many at once as one process is given."""
    batch: list[Unscored] = []
    characters = 0
    for item in items:
        length = len(str(item.path)) + 3
        if batch and (len(batch) == _MOST or characters + length > _MOST_CHARACTERS):
            yield batch
            batch, characters = [], 0
        batch.append(item)
        characters += length
    if batch:
        yield batch


def judge(folder: Path, items: Sequence[Unscored]) -> Generator[None, None, Mapping[str, float | str]]:
    """What the network kept in `folder` says of each content, by its hash: a score, or the reason why there is none.

    A file that has changed since it was read is left out: the next scan tells of that.

    Raises:
        JobError: the network cannot be used; the message is the process's.
    """
    with tempfile.TemporaryDirectory(prefix="fiqa-extra-") as place:
        out = Path(place) / "scores.jsonl"
        paths = [str(item.path) for item in items]
        command = jobs.engine_command("score", *paths, "--model", str(folder), "--out", str(out))
        yield from jobs.run_to_end(command, ok=(DONE, SOME_FAILED))
        with out.open(encoding="utf-8", errors="surrogateescape") as stream:
            said = [json.loads(line) for line in stream]
    return {i.sha256: _of(row) for i, row in zip(items, said, strict=True) if row["score"] is None or _is_same(i)}


def _of(row: Mapping[str, Any]) -> float | str:
    return str(row["error"]) if row["score"] is None else float(row["score"])


def _is_same(item: Unscored) -> bool:
    try:
        return read_file(item.path).sha256 == item.sha256
    except ImageError:
        return False
