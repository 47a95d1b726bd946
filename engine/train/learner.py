"""One optimiser step, and scoring, with one network on one device."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engine.recipes import Training
from engine.train import losses
from engine.train.data import Pixels
from engine.train.networks import QualityNetwork

Scores = npt.NDArray[np.float64]


def has_bfloat16(device: torch.device) -> bool:
    """Whether the device computes in bfloat16 itself; emulated it is slower than float32."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    capabilities = torch.cpu.get_capabilities() if device.type == "cpu" else {}
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


class Learner:
    """A network with its AdamW (paper, section 4.2)."""

    def __init__(self, model: QualityNetwork, training: Training, device: torch.device) -> None:
        self.device = device
        self.model = model.to(device).channels_last().train()
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=training.lr, weight_decay=training.weight_decay, fused=True
        )
        self._training = training
        self._half = training.precision == "auto" and has_bfloat16(device)

    @property
    def learning_rate(self) -> float:
        return float(self.optimizer.param_groups[0]["lr"])

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        for group in self.optimizer.param_groups:
            group["lr"] = value

    def learn(
        self,
        pixels: Pixels,
        mos: Tensor,
        *,
        counts: Sequence[int] | None = None,
        source_weights: Sequence[float] | None = None,
        weight: Tensor | None = None,
    ) -> losses.Loss:
        """One step on uint8 [N, S, S, 3] and float [N]; `counts` and `source_weights` as in `multi_source_loss`.

        Nothing is read back from the device.
        """
        images = torch.from_numpy(pixels).to(self.device, non_blocking=True)
        self.optimizer.zero_grad(set_to_none=True)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self._half):
            features = self.model.features(images)
        # The head stays in float32: bfloat16 knows scores around 0.7 in steps of 0.004 only.
        loss = losses.multi_source_loss(
            self.model.score(features.float()),
            mos.to(self.device, non_blocking=True),
            counts or [len(pixels)],
            source_weights or [1.0],
            plcc_weight=self._training.plcc_weight,
            weight=None if weight is None else weight.to(self.device, non_blocking=True),
        )
        loss.total.backward()
        if self._training.clip_norm > 0:
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), self._training.clip_norm)
        self.optimizer.step()
        return loss


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
