"""The losses of the paper (section 3.3), safe where a correlation does not exist.

All take predictions and MOS of one batch, float [N], and compute in float32 also under half precision.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import torch
from torch import Tensor

FEWEST_FOR_PLCC: Final = 4
"""A correlation of fewer images is noise; it is left out of the loss."""
_CONSTANT: Final = 1e-4
"""Standard deviation (of scores in [0, 1]) below which values count as constant."""


class Loss(NamedTuple):
    """A loss and its two parts, each a scalar tensor (sums over the sources)."""

    total: Tensor
    mse: Tensor
    plcc: Tensor


def _same_shape(pred: Tensor, mos: Tensor) -> None:
    # (N, 1) against (N,) would broadcast to (N, N) without a word.
    if pred.ndim != 1 or pred.shape != mos.shape:
        raise ValueError(f"pred and mos must be [N] alike, got {tuple(pred.shape)} and {tuple(mos.shape)}")


def mse(pred: Tensor, mos: Tensor, weight: Tensor | None = None) -> Tensor:
    """Eq. 5; with `weight` [N] the weighted mean of the squared errors."""
    _same_shape(pred, mos)
    squared = (pred.float() - mos.float()) ** 2
    return squared.mean() if weight is None else (squared * weight).sum() / weight.sum().clamp_min(1e-12)


def plcc_loss(pred: Tensor, mos: Tensor) -> Tensor:
    """Eq. 6: (1 - PLCC) / 2, in [0, 1].

    Where PLCC does not exist (fewer than 4 images, constant predictions or constant MOS) it counts as no correlation:
    the value is 1/2 and the gradient 0. No value is read back to the CPU, so a GPU never waits here.
    """
    _same_shape(pred, mos)
    p, m = pred.float(), mos.float()
    if p.numel() < FEWEST_FOR_PLCC:
        return 0.0 * p.sum() + 0.5
    p, m = p - p.mean(), m - m.mean()
    limit = _CONSTANT * p.numel() ** 0.5
    p_norm, m_norm = torch.linalg.vector_norm(p), torch.linalg.vector_norm(m)
    exists = (p_norm > limit) & (m_norm > limit)
    rho = (p * m).sum() / torch.where(exists, p_norm * m_norm, torch.ones_like(p_norm))
    return (1.0 - torch.where(exists, rho, torch.zeros_like(rho))) / 2.0


def quality_loss(pred: Tensor, mos: Tensor, *, plcc_weight: float = 1.0, weight: Tensor | None = None) -> Loss:
    """Eq. 7: MSE + lambda * PLCC loss."""
    error, correlation = mse(pred, mos, weight), plcc_loss(pred, mos)
    return Loss(error + plcc_weight * correlation, error, correlation)


def multi_source_loss(
    pred: Tensor,
    mos: Tensor,
    counts: Sequence[int],
    source_weights: Sequence[float],
    *,
    plcc_weight: float = 1.0,
    weight: Tensor | None = None,
) -> Loss:
    """Eq. 3 and 4 on one mixed batch: the sum over sources of each source's own mean loss.

    Args:
        counts: images of each source; they lie one source after the other.
        source_weights: factor of each source; 1 for all is the paper.
    """
    if sum(counts) != pred.numel() or len(counts) != len(source_weights):
        raise ValueError(f"counts {list(counts)} do not fit {pred.numel()} images and {len(source_weights)} sources")
    parts = zip(
        pred.split(list(counts)),
        mos.split(list(counts)),
        [None] * len(counts) if weight is None else weight.split(list(counts)),
        source_weights,
        strict=True,
    )
    losses = [
        [factor * x for x in quality_loss(p, m, plcc_weight=plcc_weight, weight=w)]
        for p, m, w, factor in parts
        if p.numel()
    ]
    return Loss(*(torch.stack(column).sum() for column in zip(*losses, strict=True)))
