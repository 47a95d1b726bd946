"""What each stage of a run was made from, so that it is skipped while that holds and made anew when it does not.

`stages.json` in the run folder: stage -> {"begun": digest} while it is made, and {"inputs": digest, "at": time} when it
is finished. Another run's stage with the same digest can be taken over instead (`fiqa train --reuse`).
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from engine.manifest import Row
from engine.recipes import Stage
from engine.run import RunDirectory, now, read_json, write_json
from engine.train.data import RowNumbers, fingerprint
from engine.train.learner import Scores

_VERSION: Final = 1  # raise when the same inputs give another result
FILE: Final = "stages.json"


def digest(**parts: Any) -> str:
    """sha256 of plain data."""
    text = json.dumps({"version": _VERSION, **parts}, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def training(
    stage: Stage, seed: int, sources: Mapping[str, str], validation: str, *, first_weights: str, choice: str
) -> str:
    """Digest of what a trained network depends on; `sources` and `validation` are digests of rows, by source."""
    return digest(
        stage=asdict(stage),
        seed=seed,
        sources=list(sources.items()),
        validation=validation,
        first_weights=first_weights,
        choice=choice,
    )


def of_rows(rows: Sequence[Row], numbers: RowNumbers, *columns: Scores) -> str:
    """Digest of images (`data.fingerprint`) and of what stands beside them in `columns`."""
    h = hashlib.sha256()
    values = np.stack(columns, 1)[numbers] if columns else np.empty((len(numbers), 0))
    for number, beside in zip(numbers.tolist(), values.tolist(), strict=True):
        h.update(f"{rows[number].path.name}|{fingerprint(rows[number])}|{beside!r}\n".encode())
    return h.hexdigest()


def of_file(path: Path) -> str:
    """sha256 of a file, empty where it is gone."""
    if not path.is_file():
        return ""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class StageRecords:
    """The records of one run."""

    def __init__(self, run: RunDirectory) -> None:
        self._run = run
        self._file = run.path / FILE
        self._found: dict[str, dict[str, str]] = read_json(self._file, {})

    def inputs(self, stage: str) -> str:
        """The digest that a finished stage was made from, empty where it is not finished."""
        return self._found.get(stage, {}).get("inputs", "")

    def begun(self, stage: str) -> str:
        """The digest that an unfinished stage was begun with, empty where it has not begun."""
        return self._found.get(stage, {}).get("begun", "")

    def begin(self, stage: str, inputs: str) -> None:
        """The stage is being made."""
        self._found[stage] = {"begun": inputs}
        write_json(self._file, self._found)

    def note(self, stage: str, inputs: str) -> None:
        """The stage is finished."""
        self._found[stage] = {"inputs": inputs, "at": now()}
        write_json(self._file, self._found)

    def forget(self, stage: str, files: Iterable[Path]) -> None:
        """The stage is to be made anew: its files go."""
        self._found.pop(stage, None)
        write_json(self._file, self._found)
        for file in files:
            file.unlink(missing_ok=True)

    def take_over(self, stage: str, inputs: str, files: Iterable[Path], other: RunDirectory) -> bool:
        """Copy a finished stage of another run that was made from the same; False where there is none."""
        wanted = [file.relative_to(self._run.path) for file in files]
        if StageRecords(other).inputs(stage) != inputs or not all((other.path / f).is_file() for f in wanted):
            return False
        for file in wanted:
            (self._run.path / file).parent.mkdir(exist_ok=True)
            partial = (self._run.path / file).with_suffix(".partial")
            shutil.copyfile(other.path / file, partial)
            partial.replace(self._run.path / file)
        self.note(stage, inputs)
        return True
