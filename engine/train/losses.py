"""The losses of the paper (section 3.3), safe where a correlation does not exist, and the pairwise one beside them.

All take predictions and MOS of one batch, float [N], and compute in float32 at least, also under half precision.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import torch
from torch import Tensor

from engine.recipes import PlccForm

FEWEST_FOR_PLCC: Final = 4
"""A correlation of fewer images is noise; it is left out of the loss."""
_CONSTANT: Final = 1e-4
"""Standard deviation (of scores in [0, 1]) below which values count as constant."""
PAIR_SD: Final = 0.1
"""Thurstone's standard deviation of one quality, on the scale of MOS: a pair 0.14 apart is told right 5 times in 6."""


class Loss(NamedTuple):
    """A loss and its parts, each a scalar tensor (sums over the sources)."""

    total: Tensor
    mse: Tensor
    plcc: Tensor


def _same_shape(pred: Tensor, mos: Tensor) -> None:
    # (N, 1) against (N,) would broadcast to (N, N) without a word.
    if pred.ndim != 1 or pred.shape != mos.shape:
        raise ValueError(f"pred and mos must be [N] alike, got {tuple(pred.shape)} and {tuple(mos.shape)}")


def _wide(values: Tensor) -> Tensor:
    """Half precision as float32; float64 stays."""
    return values if values.dtype == torch.float64 else values.float()


def mse(pred: Tensor, mos: Tensor, weight: Tensor | None = None) -> Tensor:
    """Eq. 5; with `weight` [N] the weighted mean of the squared errors."""
    _same_shape(pred, mos)
    squared = (_wide(pred) - _wide(mos)) ** 2
    return squared.mean() if weight is None else (squared * weight).sum() / weight.sum().clamp_min(1e-12)


def plcc_loss(pred: Tensor, mos: Tensor, form: PlccForm = "paper", weight: Tensor | None = None) -> Tensor:
    """Eq. 6: (1 - PLCC) / 2, in [0, 1]; with `weight` [N] the weighted correlation.

    `public-code` is what the authors' published code computes in its place, (1 - PLCC) / 4 + (1 - PLCC^2) / 8: alike
    near PLCC = 1, but flat at -1, where it cannot turn a network round.

    Where PLCC does not exist (fewer than 4 images, constant predictions or constant MOS) it counts as no correlation:
    the gradient is 0. No value is read back to the CPU, so a GPU never waits here.
    """
    _same_shape(pred, mos)
    p, m = _wide(pred), _wide(mos)
    if p.numel() < FEWEST_FOR_PLCC:
        return _of_correlation(0.0 * p.sum(), form)
    p, m = _centred(p, weight), _centred(m, weight)
    limit = _CONSTANT * p.numel() ** 0.5
    p_norm, m_norm = torch.linalg.vector_norm(p), torch.linalg.vector_norm(m)
    exists = (p_norm > limit) & (m_norm > limit)
    rho = (p * m).sum() / torch.where(exists, p_norm * m_norm, torch.ones_like(p_norm))
    return _of_correlation(torch.where(exists, rho, torch.zeros_like(rho)), form)


def _centred(values: Tensor, weight: Tensor | None) -> Tensor:
    """Less their mean; with weights of mean 1 times the root of them, so that plain products are weighted ones."""
    if weight is None:
        return values - values.mean()
    share: Tensor = weight.to(values.dtype) / weight.sum().clamp_min(1e-12)
    centred: Tensor = (values - (share * values).sum()) * (share * values.numel()).sqrt()
    return centred


def _of_correlation(rho: Tensor, form: PlccForm) -> Tensor:
    return (1.0 - rho) / 2.0 if form == "paper" else (1.0 - rho) / 4.0 + (1.0 - rho**2) / 8.0


def fidelity_loss(pred: Tensor, mos: Tensor, others: Tensor, others_mos: Tensor) -> Tensor:
    """Fidelity loss on pairs (Tsai et al. 2007; for image quality Zhang et al. 2021), in [0, 1].

    Each image of the batch is paired with each of `others` (float [M], without gradient). The probability that the
    first is the better one is Phi((q1 - q2) / (sqrt(2) PAIR_SD)) (Thurstone, case V), for scores and for MOS alike;
    the loss is 1 - sqrt(p p^) - sqrt((1 - p)(1 - p^)), averaged over the pairs. Without pairs it is 0.
    """
    _same_shape(pred, mos)
    _same_shape(others, others_mos)
    if not others.numel():
        return 0.0 * _wide(pred).sum()
    found = _better(_wide(pred)[:, None] - _wide(others)[None, :])
    wanted = _better(_wide(mos)[:, None] - _wide(others_mos)[None, :])
    likeness = (found * wanted).sqrt() + ((1.0 - found) * (1.0 - wanted)).sqrt()
    return 1.0 - likeness.mean()


def _better(difference: Tensor) -> Tensor:
    # Kept off 0 and 1, where the square root has no slope.
    chance: Tensor = torch.special.ndtr(difference / (2**0.5 * PAIR_SD))
    return chance.clamp(1e-6, 1.0 - 1e-6)


def quality_loss(
    pred: Tensor, mos: Tensor, *, plcc_weight: float = 1.0, form: PlccForm = "paper", weight: Tensor | None = None
) -> Loss:
    """Eq. 7: MSE + lambda * PLCC loss."""
    error, correlation = mse(pred, mos, weight), plcc_loss(pred, mos, form, weight)
    return Loss(error + plcc_weight * correlation, error, correlation)


def multi_source_loss(
    pred: Tensor,
    mos: Tensor,
    counts: Sequence[int],
    source_weights: Sequence[float],
    *,
    plcc_weight: float = 1.0,
    form: PlccForm = "paper",
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
        [factor * x for x in quality_loss(p, m, plcc_weight=plcc_weight, form=form, weight=w)]
        for p, m, w, factor in parts
        if p.numel()
    ]
    return Loss(*(torch.stack(column).sum() for column in zip(*losses, strict=True)))
