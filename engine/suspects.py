"""Which labels deserve a second look: far from what models say that have never seen them.

Every prediction is out of fold: heads are fitted to the labels of other people only, on features of a backbone that was
not trained on these labels either (the caller sees to that: see `app.library.lineage`). A residual counts by how far it
is from the usual, over how certain the prediction is. Northcutt et al. (2021) and Zhou & Mueller et al. (2023) rank
labels in the same spirit; a rank is a reason to look again, blindly, and not a verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from engine import ridge

Floats = npt.NDArray[np.float64]
_PASSES: Final = 3
_CUT: Final = 2.0
"""Residuals beyond so many usual ones lose weight (Huber), so that wrong labels do not teach the judge."""
_NORMAL: Final = 1.4826
_LEAST_SCALE: Final = 0.01
"""Labels closer than this are the same, as far as a MOS can tell."""


@dataclass(frozen=True)
class Suspicion:
    """How each label stands against out-of-fold predictions, [N] each."""

    expected: Floats
    """What was predicted without the label's fold, on the labels' scale."""
    residual: Floats
    """Label - expected."""
    z: Floats
    """|residual| over its uncertainty."""

    @property
    def order(self) -> npt.NDArray[np.intp]:
        """Row numbers, the most suspect first."""
        return np.argsort(-self.z, kind="stable")


def rank(features: npt.ArrayLike, scores: npt.ArrayLike, mos: npt.ArrayLike, groups: npt.ArrayLike) -> Suspicion:
    """Judge every label by heads that have not seen it.

    Args:
        features: [N, F] and scores: [N], of a model that was not trained on these labels.
        mos: the labels in [0, 1]; groups: who belongs together.

    Raises:
        RidgeError: too few labels or people.
    """
    y = np.asarray(mos, dtype=np.float64)
    weight = np.ones(len(y))
    for _ in range(_PASSES):
        found = ridge.fit(features, scores, y, groups, weight=weight)
        residual = y - found.out_of_fold
        scale = max(_NORMAL * float(np.median(np.abs(residual / found.spread))), _LEAST_SCALE)
        z = np.abs(residual) / (scale * found.spread)
        weight = np.minimum(1.0, _CUT / np.maximum(z, _CUT))
    return Suspicion(found.out_of_fold, residual, z)
