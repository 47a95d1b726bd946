"""A moving average of a network's weights, which is steadier than the weights themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor, nn


class Average:
    """Exponential moving average of all floating weights and buffers; the rest is copied.

    The decay rises with the steps, min(decay, (1 + t) / (10 + t)), so that short trainings forget their first weights.
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self._model, self._decay, self._steps = model, decay, 0
        self._kept = {name: t.detach().clone() for name, t in model.state_dict().items()}

    @torch.no_grad()
    def update(self) -> None:
        """Take in the network's present weights."""
        self._steps += 1
        decay = min(self._decay, (1 + self._steps) / (10 + self._steps))
        for name, tensor in self._model.state_dict().items():
            kept = self._kept[name]
            if kept.is_floating_point():
                kept.lerp_(tensor.to(kept.dtype), 1 - decay)
            else:
                kept.copy_(tensor)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """The network has the average's weights within the block, and its own again after it."""
        own = {name: t.detach().clone() for name, t in self._model.state_dict().items()}
        self._model.load_state_dict(self._kept)
        try:
            yield
        finally:
            self._model.load_state_dict(own)

    def state(self) -> tuple[dict[str, Tensor], int]:
        """Tensors and the number of updates, for a checkpoint."""
        return dict(self._kept), self._steps

    def load(self, tensors: Mapping[str, Tensor], steps: int) -> None:
        """What `state` gave."""
        for name, kept in self._kept.items():
            kept.copy_(tensors[name])
        self._steps = steps
