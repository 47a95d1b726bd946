"""A finished comparison, read from its folder: what `results.json` and `predictions.csv` hold, checked."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from engine.errors import UserError
from engine.metrics import FloatArray
from engine.run import RunError, read_json

RESULTS: Final = "results.json"
PREDICTIONS: Final = "predictions.csv"
_ROW: Final = ("path", "split", "group", "mos")
_REMEDY: Final = "Choose the folder that 'fiqa benchmark MANIFEST --out DIR' wrote."


@dataclass(frozen=True)
class Prediction:
    """A held-out image: its label and what each system said of it (NaN: nothing)."""

    path: Path
    split: str
    mos: float
    scores: Mapping[str, float]


@dataclass(frozen=True)
class Comparison:
    """A comparison as it lies in its folder. `results` is as `comparison.compare` returned it."""

    folder: Path
    results: Mapping[str, Any]
    test: tuple[Prediction, ...]
    """The images of split test, which the numbers are about."""

    @property
    def systems(self) -> list[Mapping[str, Any]]:
        """The rows of the table."""
        return list(self.results["systems"])

    def points(self, key: str) -> tuple[FloatArray, FloatArray]:
        """Label and score of every image of split test, [N] each; NaN where the system said nothing."""
        mos = np.array([p.mos for p in self.test], dtype=np.float64)
        return mos, np.array([p.scores.get(key, np.nan) for p in self.test], dtype=np.float64)


def read(folder: Path) -> Comparison:
    """Read a comparison.

    Raises:
        UserError: there is none in the folder, or it is damaged.
    """
    folder = folder.parent if folder.name in (RESULTS, PREDICTIONS) else folder
    try:
        results = read_json(folder / RESULTS)
    except (RunError, OSError, UnicodeDecodeError) as error:
        raise UserError(f"{folder / RESULTS} cannot be read ({error}).", _REMEDY) from error
    if results is None:
        raise UserError(f"{folder} holds no comparison: {RESULTS} is missing.", _REMEDY)
    try:
        systems = [_entry(entry) for entry in results["systems"]]
        known = {**results, "systems": systems, "counts": dict(results["counts"])}
    except (KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{folder / RESULTS} is no comparison of this program ({error!r}).", _REMEDY) from error
    return Comparison(folder, known, _predictions(folder / PREDICTIONS))


def _entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A row; numbers that JSON could not hold are NaN again."""
    missing = {"key", "title", "reason", "params", "gmacs", "file_ms", "notes", "left_out"} - entry.keys()
    if missing:
        raise KeyError(", ".join(sorted(missing)))
    numbers = entry["numbers"]
    if numbers is None:
        return dict(entry)
    for name in ("srcc", "plcc", "krcc", "rmse_cal"):
        numbers[name]["value"]
    return {**entry, "numbers": {name: _numbers(value) for name, value in numbers.items()}}


def _numbers(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: float("nan") if v is None else v for k, v in value.items()}
    return value


def _predictions(file: Path) -> tuple[Prediction, ...]:
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            keys = [name for name in reader.fieldnames or () if name not in _ROW]
            rows = [row for row in reader if row["split"] == "test"]
            return tuple(
                Prediction(
                    Path(row["path"]),
                    row["split"],
                    float(row["mos"]),
                    {key: float(row[key]) for key in keys if row[key]},
                )
                for row in rows
            )
    except FileNotFoundError:
        raise UserError(f"{file.parent} holds no whole comparison: {file.name} is missing.", _REMEDY) from None
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise UserError(f"{file} is damaged ({error}).", "Run the comparison again: what is done is kept.") from error
