"""What a training minimises: the losses of its recipe over one batch, with what they remember between batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.recipes import Training
from engine.train import losses


@dataclass(frozen=True)
class Targets:
    """The other half of a batch: labels, and whose they are."""

    mos: Tensor
    """float [N]."""
    counts: tuple[int, ...]
    """Images of each source; they lie one source after the other."""
    source_weights: tuple[float, ...]
    weight: Tensor | None = None
    """float [N]: how much each image counts within its source."""

    def to(self, device: torch.device) -> Targets:
        """The same on another device."""
        weight = None if self.weight is None else self.weight.to(device, non_blocking=True)
        return Targets(self.mos.to(device, non_blocking=True), self.counts, self.source_weights, weight)


class Criterion:
    """Eq. 7 for each source (Eq. 3, 4), and the pairwise term where the recipe asks for it.

    `forget` is called at the start of every epoch, so that a resumed training remembers what an uninterrupted one does.
    """

    def __init__(self, training: Training) -> None:
        self._training = training
        self._scores, self._mos = torch.empty(0), torch.empty(0)

    def __call__(self, pred: Tensor, targets: Targets) -> losses.Loss:
        """The loss of float [N] scores; nothing is read back from the device."""
        training = self._training
        found = losses.multi_source_loss(
            pred,
            targets.mos,
            targets.counts,
            targets.source_weights,
            plcc_weight=training.plcc_weight,
            form=training.plcc_form,
            weight=targets.weight,
        )
        if training.fidelity_weight > 0:
            pairs = training.fidelity_weight * self._pairs(pred, targets.mos)
            found = found._replace(total=found.total + pairs)
        return found

    def _pairs(self, pred: Tensor, mos: Tensor) -> Tensor:
        """The batch against itself and the scores before it, across sources: they share one scale."""
        present = pred.detach(), mos.to(pred.dtype)
        others, others_mos = (
            torch.cat([now, before.to(now.device, now.dtype)])
            for now, before in zip(present, (self._scores, self._mos), strict=True)
        )
        loss = losses.fidelity_loss(pred, mos, others, others_mos)
        self._scores, self._mos = others[: self._training.queue], others_mos[: self._training.queue]
        return loss

    def forget(self) -> None:
        """Empty the memory of earlier scores."""
        self._scores, self._mos = torch.empty(0), torch.empty(0)


def source_weights(training: Training, names: Sequence[str], sizes: Sequence[int]) -> tuple[float, ...]:
    """The factor of each source's mean loss (`Training.source_weighting`).

    `equal`: 1 each. `proportional`: by size, with mean 1: every image counts alike, and the sum of the factors is
    that of `equal`. A table: as it says, 1 for sources that it does not name.
    """
    rule = training.source_weighting
    if isinstance(rule, dict):
        return tuple(float(rule.get(name, 1.0)) for name in names)
    if rule == "proportional":
        return tuple(len(sizes) * size / sum(sizes) for size in sizes)
    return (1.0,) * len(names)
