"""What a system gave: scores of the held-out rows, its cost, what must be said of it. On disk as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Final

import numpy as np

from engine.manifest import Manifest
from engine.metrics import FloatArray
from engine.plain_data import as_tuples
from engine.run import RunError, read_json, write_json
from engine.scoring import ScoreRow

CHANGED: Final = "the file has changed since it was labelled"
OnRow = Callable[[int, int], None]


@dataclass(frozen=True)
class Outcome:
    """One row of the table, or, where `reason` is set, why there is none."""

    key: str
    reason: str = ""
    scores: tuple[float | None, ...] = ()
    """Of the held-out rows (val, cal, test), in the manifest's order; None where there is no score."""
    left_out: tuple[tuple[str, str], ...] = ()
    """(path, reason) of every held-out image without a score."""
    params: int | None = None
    gmacs: float | None = None
    size: str = ""
    init: str = ""
    model: str = ""
    """Identity of the fitted system: a bundle's id or a digest of what it learned from."""
    notes: tuple[str, ...] = ()
    file_ms: float | None = None
    """From file to score, decoding included: one thread, median."""
    network_ms: float | None = None
    """The network alone on ONNX Runtime: one thread, median; None where it does not run there."""
    timed: int = 0
    """Calls that the medians are of."""
    seconds: float = 0.0
    """What fitting and scoring took."""
    budget: str = ""
    """What it learned with, in words; empty where it does not learn in steps."""
    curve: tuple[tuple[int, float | None], ...] = ()
    """(steps done, SRCC on split val) of every validation."""
    extra: Mapping[str, Any] = field(default_factory=dict)

    def values(self) -> FloatArray:
        """float64 [N], NaN where there is no score."""
        return np.array([np.nan if s is None else s for s in self.scores], dtype=np.float64)

    def write(self, path: Path, cache_key: str) -> None:
        """Keep it under the key of what it was made from."""
        write_json(path, {"cache_key": cache_key, **asdict(self)})

    @staticmethod
    def read(path: Path, cache_key: str) -> Outcome | None:
        """What was kept under this key; None where nothing was, or it is damaged."""
        try:
            found = read_json(path)
        except RunError:
            return None
        if not isinstance(found, dict) or found.pop("cache_key", "") != cache_key:
            return None
        known = {f.name for f in fields(Outcome)}
        values = {name: as_tuples(value) for name, value in found.items() if name in known}
        return Outcome(**values)


def collect(
    held: Manifest, rows: Iterable[ScoreRow[Path]], on_row: OnRow
) -> tuple[tuple[float | None, ...], tuple[tuple[str, str], ...]]:
    """Scores of the held-out rows and what was left out; a file that is not the labelled one gets no score."""
    scores: list[float | None] = []
    left_out: list[tuple[str, str]] = []
    for done, (row, why, score) in enumerate(_judged(held, rows), start=1):
        scores.append(score)
        if score is None:
            left_out.append((row, why))
        on_row(done, len(held))
    return tuple(scores), tuple(left_out)


def _judged(held: Manifest, rows: Iterable[ScoreRow[Path]]) -> Iterator[tuple[str, str, float | None]]:
    for wanted, found in zip(held.rows, rows, strict=True):
        if found.score is None:
            yield str(wanted.path), found.error or "no score", None
        elif wanted.sha256 and wanted.sha256 != found.sha256:
            yield str(wanted.path), CHANGED, None
        else:
            yield str(wanted.path), "", found.score
