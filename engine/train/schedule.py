"""The learning rate as a pure function of the step, so that resuming needs no state of a scheduler."""

from __future__ import annotations

import math
from typing import Final

from engine.recipes import Training

_START: Final = 1 / 25
_END: Final = 1e-4


def total_steps(training: Training, steps_per_epoch: int) -> int:
    """All optimiser steps of a training: its epochs, or fewer where it has a limit."""
    planned = steps_per_epoch * training.epochs
    return min(planned, training.max_steps) if training.max_steps else planned


def crop_in(training: Training, epoch: int) -> int:
    """Side of the crops that epoch number `epoch` (0-based) learns from; 0 = the network's size."""
    return training.crop if epoch < training.epochs - training.whole_epochs else 0


def work_left(training: Training, step: int, *, size: int, steps_per_epoch: int, total: int) -> float:
    """What steps `step` to `total` cost, counted in steps like the last one: whole views cost more by their area."""
    turn = steps_per_epoch * (training.epochs - training.whole_epochs)
    whole_costs = (size / training.crop) ** 2 if training.crop else 1.0
    whole = max(total - max(step, turn), 0) * whole_costs
    cropped = max(min(turn, total) - step, 0)
    return (whole + cropped) / (1.0 if turn and step <= turn else whole_costs)


def learning_rate(training: Training, step: int, *, steps_per_epoch: int, total: int) -> float:
    """The learning rate of optimiser step `step` (0-based) out of `total`.

    `step`: multiplied by `step_gamma` every `step_epochs` epochs (the paper). `cosine`: linear warm-up, then half a
    cosine to 0. `onecycle`: rises from 1/25 by half a cosine during the warm-up, then falls by another to 1/10,000.
    """
    if training.schedule == "step":
        return training.lr * training.step_gamma ** (step // steps_per_epoch // training.step_epochs)
    rising = training.warmup * total
    low = _END if training.schedule == "onecycle" else 0.0
    if step < rising:
        at = min((step + 1) / rising, 1.0) if training.schedule == "cosine" else step / rising
        return training.lr * (at if training.schedule == "cosine" else _between(_START, 1.0, at))
    return training.lr * _between(1.0, low, (step - rising) / max(total - rising, 1))


def _between(start: float, end: float, at: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * min(at, 1.0))) / 2
