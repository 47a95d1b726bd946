"""One optimiser step, and scoring, with one network on one device."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from engine.recipes import Training
from engine.train import checkpoints, losses
from engine.train.criterion import Criterion, Targets
from engine.train.data import Pixels
from engine.train.ema import Average
from engine.train.networks import QualityNetwork
from engine.train.parallel import Parallel

Scores = npt.NDArray[np.float64]


def has_bfloat16(device: torch.device) -> bool:
    """Whether the device computes in bfloat16 itself; emulated it is slower than float32."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    capabilities = torch.cpu.get_capabilities() if device.type == "cpu" else {}
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


def half_type(training: Training, device: torch.device) -> torch.dtype | None:
    """The type that the backbone learns in; None: float32 (see `Training.precision`)."""
    if training.precision == "auto":
        if has_bfloat16(device):
            return torch.bfloat16
        return torch.float16 if device.type == "cuda" else None
    return {"bfloat16": torch.bfloat16, "float16": torch.float16}.get(training.precision)


class Learner:
    """A network with its AdamW (paper, section 4.2)."""

    def __init__(
        self, model: QualityNetwork, training: Training, device: torch.device, parallel: Parallel | None = None
    ) -> None:
        self.device, self.parallel = device, parallel or Parallel()
        self.model = model.to(device).channels_last().train()
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=training.lr, weight_decay=training.weight_decay, fused=True
        )
        self.criterion = Criterion(training)
        self.average = Average(self.model, training.ema) if training.ema > 0 else None
        self._training = training
        self._half = half_type(training, device)
        self._scaler = torch.amp.GradScaler(device.type, enabled=self._half is torch.float16)
        self._network = self.parallel.prepare(self.model)

    @property
    def learning_rate(self) -> float:
        return float(self.optimizer.param_groups[0]["lr"])

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        for group in self.optimizer.param_groups:
            group["lr"] = value

    def learn(self, pixels: Pixels, targets: Targets) -> losses.Loss:
        """One step on this process's share (uint8 [n, S, S, 3]) of a batch; `targets` are of the whole batch.

        Nothing is read back from the device (but by the gradient scaler of float16).
        """
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.gradients(pixels, targets)
        if self._training.clip_norm > 0:
            self._scaler.unscale_(self.optimizer)
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), self._training.clip_norm)
        self._scaler.step(self.optimizer)
        self._scaler.update()
        if self.average is not None:
            self.average.update()
        return loss

    def save(self, path: Path, header: Mapping[str, Any]) -> None:
        """Write all that is needed to go on, with `header`."""
        tensors, steps = self.average.state() if self.average else ({}, 0)
        extra = {"average_steps": steps, "scaler": self._scaler.state_dict()}
        checkpoints.save_state(path, self.model, self.optimizer, {**header, **extra}, average=tensors)

    def load(self, path: Path) -> dict[str, Any]:
        """Go on from what `save` wrote; returns its header.

        Raises:
            CheckpointError: it cannot be read or does not fit.
        """
        found = checkpoints.load_state(path, self.model, self.optimizer)
        if self.average is not None:
            self.average.load(checkpoints.average_of(found), found.header["average_steps"])
        if found.header["scaler"]:
            self._scaler.load_state_dict(found.header["scaler"])
        return found.header

    def as_kept(self) -> AbstractContextManager[None]:
        """Within the block the network has the weights that are validated and kept: the average's, if there is one."""
        return self.average.applied() if self.average else nullcontext()

    def gradients(self, pixels: Pixels, targets: Targets) -> losses.Loss:
        """Leaves in the network the gradients of the loss of the whole batch, however it is cut.

        The loss needs all scores at once, for a correlation of a part is not a part of the correlation. So its gradient
        is taken with regard to the scores first, and then sent through the network part by part.
        """
        images = torch.from_numpy(pixels).to(self.device, non_blocking=True)
        parts = images.tensor_split(self._passes(len(targets.mos)))
        at_once = len(parts) <= 1
        scores = [self._score(part) for part in parts] if at_once else self._look_ahead(parts)
        everybody = self.parallel.gather(torch.cat(scores), len(targets.mos)).requires_grad_()
        loss = self.criterion(everybody, targets.to(self.device))
        self._scaler.scale(loss.total).backward()
        assert everybody.grad is not None
        wanted = self.parallel.world * everybody.grad[self.parallel.rank :: self.parallel.world]
        for number, (part, gradient) in enumerate(zip(parts, wanted.split([len(p) for p in parts]), strict=True)):
            with self.parallel.without_averaging(self._network, number < len(parts) - 1):
                found = scores[0] if at_once else self._score(part)
                found.backward(gradient)
        return loss

    def _passes(self, images: int) -> int:
        """How many parts a batch is cut into: as many in every process, for batch norms meet in each pass."""
        smallest_share = images // self.parallel.world
        return max(-(-smallest_share // self._training.micro_batch), 1) if self._training.micro_batch else 1

    def _score(self, images: Tensor) -> Tensor:
        """Scores [n] with a graph. The head stays in float32: bfloat16 knows scores near 0.7 in steps of 0.004 only."""
        found: Tensor = self._network(images, half=self._half)
        return found

    def _look_ahead(self, parts: Sequence[Tensor]) -> list[Tensor]:
        """Scores without a graph, leaving no trace: the same random numbers come again, norms count each image once."""
        with torch.no_grad(), _untouched_norms(self.model), torch.random.fork_rng(_devices(self.device)):
            return [self._score(part) for part in parts]


def _devices(device: torch.device) -> list[torch.device]:
    return [device] if device.type == "cuda" else []


@contextmanager
def _untouched_norms(model: nn.Module) -> Iterator[None]:
    """Batch norms see the batch but do not add it to their running statistics."""
    norms = [m for m in model.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm) and m.track_running_stats]
    for norm in norms:
        norm.track_running_stats = False
    try:
        yield
    finally:
        for norm in norms:
            norm.track_running_stats = True


@torch.inference_mode()
def predict(
    model: QualityNetwork,
    batches: Iterator[Pixels],
    device: torch.device,
    *,
    on_batch: Callable[[int], None] | None = None,
) -> Scores:
    """Scores of batches of pixels, in evaluation mode and float32. `on_batch(images so far)` may raise to stop."""
    was_training = model.training
    model.eval()
    found: list[Tensor] = []
    count = 0
    for pixels in batches:
        found.append(model(torch.from_numpy(pixels).to(device, non_blocking=True)))
        count += len(pixels)
        if on_batch:
            on_batch(count)
    model.train(was_training)
    return torch.cat(found).cpu().double().numpy() if found else np.empty(0)
