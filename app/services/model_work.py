"""Slow work on models, for a worker: speed on this machine, two models' scores, bundles made of other files."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from app.library import columns
from app.library.library import Library
from app.library.models import ModelRow
from app.services.training import jobs
from engine.bundle import read_bundle
from engine.scoring import Scorer

_BUDGET_S: Final = 1.0
_FEWEST: Final = 5
MOST_PAIRS: Final = 4000
"""Points of a scatter; more hide each other."""


@dataclass(frozen=True)
class Cost:
    """What a bundle costs on this machine."""

    latency_ms: float
    """Median of one picture on one core, decoding not counted."""
    bytes: int


def cost(file: Path) -> Generator[None, None, Cost]:
    """Measure a bundle for about a second.

    Raises:
        BundleError: it is none, or cannot be run.
    """
    scorer = Scorer(read_bundle(file), workers=1, provider="CPU")
    pixels = np.random.default_rng(0).integers(0, 256, (1, scorer.bundle.input_size, scorer.bundle.input_size, 3))
    picture, times = pixels.astype(np.uint8), list[float]()
    scorer.score_pixels(picture)  # the first call also prepares memory
    end = time.perf_counter() + _BUDGET_S
    while len(times) < _FEWEST or time.perf_counter() < end:
        began = time.perf_counter()
        scorer.score_pixels(picture)
        times.append(time.perf_counter() - began)
        yield
    return Cost(1000 * float(np.median(times)), file.stat().st_size)


@dataclass(frozen=True)
class Pairs:
    """Scores of two models for the images that both have scored."""

    image_ids: npt.NDArray[np.int64]
    paths: list[str]
    first: npt.NDArray[np.float64]
    second: npt.NDArray[np.float64]
    of: int
    """How many images both have scored; more than are given here where they were drawn at random."""


def pairs(library: Library, first: ModelRow, second: ModelRow) -> Pairs:
    """The stored scores of two models, at most `MOST_PAIRS`: those that differ most, and others at random."""
    one, two = (columns.load(library, model_id=m.id, preprocessing_id=m.preprocessing_id) for m in (first, second))
    at = one.rows_of(two.id)
    scores = np.where(at >= 0, one.score[at], np.nan).astype(np.float64), two.score.astype(np.float64)
    both = np.flatnonzero(np.isfinite(scores[0]) & np.isfinite(scores[1]))
    chosen = both
    if len(both) > MOST_PAIRS:
        ranked = both[np.argsort(-np.abs(scores[0][both] - scores[1][both]), kind="stable")]
        rest = np.random.default_rng(0).permutation(ranked[MOST_PAIRS // 10 :])[: MOST_PAIRS - MOST_PAIRS // 10]
        chosen = np.concatenate([ranked[: MOST_PAIRS // 10], rest])
    paths = [str(two.path[k]) for k in chosen]
    return Pairs(two.id[chosen], paths, scores[0][chosen], scores[1][chosen], len(both))


def import_checkpoint(file: Path, arch: str, folder: Path) -> Generator[None, None, Path]:
    """A bundle of published Efficient-FIQA weights, by a child process: the window never loads torch.

    Args:
        arch: `student` or `teacher`.

    Returns:
        The bundle, in `folder`; its weights lie beside it.

    Raises:
        JobError: the file is refused; the message is the child's.
    """
    out = Path(tempfile.mkdtemp(dir=folder)) / f"{file.stem}.onnx"
    yield from jobs.run_to_end(jobs.engine_command("import-checkpoint", str(file), "--arch", arch, "--out", str(out)))
    return out
