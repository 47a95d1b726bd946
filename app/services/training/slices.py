"""How two models do on parts of the held-out images: by size, provenance and folder. Plain functions, for a worker."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from engine import manifest as manifests
from engine import metrics
from engine.errors import UserError
from engine.manifest import Row
from engine.run import RunDirectory

FEWEST: Final = 8
"""Images below which a slice's numbers say nothing."""
_MOST_FOLDERS: Final = 8
_SIDES: Final = (128, 256, 512, 1024)


@dataclass(frozen=True)
class Slice:
    """A part of the held-out images. Correlations are NaN below `FEWEST` images and where they do not exist."""

    kind: str
    """size, provenance or folder."""
    name: str
    n: int
    candidate: float
    baseline: float
    """SRCC."""
    candidate_rmse: float
    baseline_rmse: float


def slices(
    run: RunDirectory,
    paths: Sequence[str],
    mos: npt.NDArray[np.float64],
    candidate: npt.NDArray[np.float64],
    baseline: npt.NDArray[np.float64],
) -> list[Slice]:
    """Slices of the images `paths`, which are rows of the run's manifest; kinds with a single value are left out."""
    rows = _rows(run)
    known = [rows.get(path) for path in paths]
    out: list[Slice] = []
    for kind, name_of in _KINDS.items():
        parts: dict[str, list[int]] = defaultdict(list)
        for number, (path, row) in enumerate(zip(paths, known, strict=True)):
            parts[name_of(path, row)].append(number)
        if len(parts) < 2:
            continue
        largest = sorted(parts, key=lambda name: -len(parts[name]))[:_MOST_FOLDERS]
        for name in sorted(largest, key=_in_order):
            at = np.array(parts[name])
            out.append(_slice(kind, name, mos[at], candidate[at], baseline[at]))
    return out


def _rows(run: RunDirectory) -> dict[str, Row]:
    try:
        return {str(row.path): row for row in manifests.read(run.manifest_file).rows}
    except UserError:
        return {}


def _slice(
    kind: str,
    name: str,
    mos: npt.NDArray[np.float64],
    candidate: npt.NDArray[np.float64],
    baseline: npt.NDArray[np.float64],
) -> Slice:
    def both(metric: Callable[[npt.ArrayLike, npt.ArrayLike], float], scores: npt.NDArray[np.float64]) -> float:
        fine = np.isfinite(scores) & np.isfinite(mos)
        return float(metric(scores[fine], mos[fine])) if int(fine.sum()) >= FEWEST else float("nan")

    srcc, rmse = ([both(m, s) for s in (candidate, baseline)] for m in (metrics.srcc, metrics.rmse))
    return Slice(kind, name, len(mos), srcc[0], srcc[1], rmse[0], rmse[1])


def _size(path: str, _row: Row | None) -> str:
    """By the shorter side in pixels; only the head of the file is read."""
    try:
        with Image.open(path) as image:
            side = min(image.size)
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return "unreadable"
    low = max((s for s in _SIDES if side >= s), default=0)
    high = next((s for s in _SIDES if side < s), None)
    return f"{low}–{high - 1} px" if high else f"{low} px and more"


def _provenance(_path: str, row: Row | None) -> str:
    return (row.provenance if row else "") or "unknown"


def _folder(path: str, _row: Row | None) -> str:
    return Path(path).parent.name


_KINDS: Final[dict[str, Callable[[str, Row | None], str]]] = {
    "size": _size,
    "provenance": _provenance,
    "folder": _folder,
}


def _in_order(name: str) -> tuple[int, str]:
    digits = name.split("–")[0].split(" ")[0]
    return (int(digits) if digits.isdigit() else 0, name)
