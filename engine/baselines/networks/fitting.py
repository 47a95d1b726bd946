"""One small trainer for the networks of the comparison: seeded, cancelled by its events, resumed from its folder.

Beside `engine.train.loop`, which trains `QualityNetwork` on square crops for whole runs, this one knows nothing of what
a network is fed with or how its error is measured: the system says both.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol, cast

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from engine import metrics
from engine.baselines.contract import Events, NotFittedError
from engine.baselines.networks.options import FitOptions
from engine.train import checkpoints
from engine.train.data import RowNumbers, prefetched
from engine.train.learner import Scores, has_bfloat16
from engine.train.sampling import steps_per_epoch
from engine.train.schedule import learning_rate, total_steps

Inputs = tuple[Tensor, ...]
"""What a network is called with; the first tensor's first axis need not be the batch."""
Draw = Callable[[RowNumbers, np.random.Generator], Inputs]
Loss = Callable[[Tensor, Tensor, Tensor], Tensor]
"""`loss(scores, mos, weight)`, each [N]."""
_SAVE_EVERY_S: Final = 300.0
"""An epoch may take hours on a CPU; what is lost to a power cut is at most this."""
_CLIP_NORM: Final = 1.0
_NO_NUMBER: Final = (
    "The correlation with the validation labels does not exist (all labels or all scores are the same). "
    "Until it does, the latest epoch counts as the best."
)
_SMOOTH: Final = 0.9


class _Scoring(Protocol):
    """The two halves of a forward pass: all that is costly, and the score, which stays in float32."""

    @property
    def features(self) -> Callable[..., Tensor]: ...
    @property
    def score(self) -> Callable[[Tensor], Tensor]: ...


@dataclass(frozen=True)
class Lesson:
    """What is learned: rows by number, with their labels."""

    train: RowNumbers
    mos: npt.NDArray[np.float32]
    """[rows], by row number."""
    weight: npt.NDArray[np.float32]
    val_mos: Scores
    draw: Draw
    loss: Loss
    validate: Callable[[], Scores]
    """Scores of the validation rows by the network as it is now, in the order of `val_mos`; NaN = unreadable."""
    header: dict[str, Any]
    """Plain data that names this fit; a folder with another one is refused."""


def device_of(options: FitOptions) -> torch.device:
    """The device that the options ask for.

    Raises:
        NotFittedError: it asks for a CUDA device and there is none.
    """
    if options.device == "cuda" and not torch.cuda.is_available():
        raise NotFittedError("There is no CUDA device here.", "Use device = cpu or auto.")
    wanted = "cuda" if options.device == "auto" and torch.cuda.is_available() else options.device
    return torch.device("cpu" if wanted == "auto" else wanted)


class Fitter:
    """Fits `model` (which is on its device already) in `folder`: `last.safetensors` and `best.safetensors`."""

    def __init__(self, model: nn.Module, options: FitOptions, lesson: Lesson, *, seed: int, folder: Path) -> None:
        self._model, self._lesson, self._seed = model, lesson, seed
        self._network = cast(_Scoring, model)
        self._training = options.training()
        self._device = next(model.parameters()).device
        self._half = options.precision == "auto" and has_bfloat16(self._device)
        self._optimizer = torch.optim.AdamW(
            model.parameters(), lr=self._training.lr, weight_decay=self._training.weight_decay, fused=True
        )
        self._last, self._best_file = folder / "last.safetensors", folder / "best.safetensors"
        self._step, self._best, self._best_step = 0, -np.inf, 0
        self._metrics: dict[str, float | None] = {}
        self._curve: list[list[int | float | None]] = []
        self._saved_at = time.monotonic()

    # -- the whole -----------------------------------------------------------------------------

    def fit(self, events: Events) -> dict[str, Any]:
        """Fit to the end; afterwards the model holds its best weights.

        Returns:
            The best epoch's validation metrics, steps done, and the curve: [step, SRCC on val] of every validation.

        Raises:
            NotFittedError: the folder holds another fit, or the loss is no number any more.
            Cancelled: raised by `events`; the next call goes on from the last save.
        """
        self._resume()
        self._model.train()
        while self._step < self._total:
            self._finish_epoch(events)
            self._close_epoch(events)
        checkpoints.load_weights(self._model, checkpoints.read(self._best_file), self._best_file)
        return {"steps": self._step, "best_step": self._best_step, "val": self._metrics, "curve": self._curve}

    @property
    def _per_epoch(self) -> int:
        return steps_per_epoch(len(self._lesson.train), self._training.batch)

    @property
    def _total(self) -> int:
        return total_steps(self._training, self._per_epoch)

    # -- learning ------------------------------------------------------------------------------

    def _finish_epoch(self, events: Events) -> None:
        """The steps from here to the end of the epoch. All that is drawn follows from the seed and the step."""
        began, loss = time.perf_counter(), None
        for done, (rows, inputs) in enumerate(prefetched(self._batches()), start=1):
            value = self._learn(rows, inputs)
            loss = value if loss is None else _SMOOTH * loss + (1 - _SMOOTH) * value
            self._step += 1
            spent = time.perf_counter() - began
            events(
                "step",
                {
                    "epoch": (self._step - 1) // self._per_epoch + 1,
                    "step": self._step,
                    "steps": self._total,
                    "loss": loss,
                    "lr": self._optimizer.param_groups[0]["lr"],
                    "images_per_s": done * len(rows) / spent,
                    "eta_s": (self._total - self._step) * spent / done,
                },
            )
            if time.monotonic() - self._saved_at > _SAVE_EVERY_S and self._step % self._per_epoch:
                self._save()

    def _batches(self) -> Iterator[tuple[RowNumbers, Inputs]]:
        epoch, first = divmod(self._step, self._per_epoch)
        order = np.random.default_rng([self._seed, epoch]).permutation(self._lesson.train)
        end = min(self._per_epoch, self._total - epoch * self._per_epoch)
        for k in range(first, end):
            rows = order[k * self._training.batch : (k + 1) * self._training.batch]
            rng = np.random.default_rng([self._seed, epoch, k])
            yield rows, self._lesson.draw(rows, rng)

    def _learn(self, rows: RowNumbers, inputs: Inputs) -> float:
        rate = learning_rate(self._training, self._step, steps_per_epoch=self._per_epoch, total=self._total)
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        mos, weight = (
            torch.from_numpy(values[rows]).to(self._device) for values in (self._lesson.mos, self._lesson.weight)
        )
        self._optimizer.zero_grad(set_to_none=True)
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._half):
            features = self._network.features(*(tensor.to(self._device) for tensor in inputs))
        loss = self._lesson.loss(self._network.score(features.float()), mos, weight)
        value = float(loss.detach())
        if not np.isfinite(value):
            raise NotFittedError(
                f"The loss of step {self._step + 1} is no number any more.", "Fit it again with a smaller lr."
            )
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), _CLIP_NORM)
        self._optimizer.step()
        return value

    # -- keeping -------------------------------------------------------------------------------

    def _close_epoch(self, events: Events) -> None:
        """Validate, keep the best, save, tell; killed between them, the next call repeats them."""
        scores, mos = self._lesson.validate(), self._lesson.val_mos
        self._model.train()
        readable = np.isfinite(scores)
        found = metrics.summary(scores[readable], mos[readable])
        quality = found["srcc"] if np.isfinite(found["srcc"]) else -np.inf
        self._curve.append([self._step, float(quality) if np.isfinite(quality) else None])
        is_best = quality > self._best or self._best == -np.inf  # with no number to choose by, what learned longest
        if is_best:
            self._best, self._best_step = quality, self._step
            self._metrics = {k: float(v) if np.isfinite(v) else None for k, v in found.items()}
            checkpoints.save_network(self._best_file, self._model, self._lesson.header)
        self._save()
        if self._best == -np.inf:
            events("warning", {"message": _NO_NUMBER})
        epoch = -(-self._step // self._per_epoch)
        events("epoch", {"epoch": epoch, "step": self._step, "best": is_best, **found})

    def _save(self) -> None:
        best = self._best if np.isfinite(self._best) else None
        position = {"step": self._step, "best": best, "best_step": self._best_step}
        header = {**self._lesson.header, **position, "metrics": self._metrics, "curve": self._curve}
        checkpoints.save_state(self._last, self._model, self._optimizer, header)
        self._saved_at = time.monotonic()

    def _resume(self) -> None:
        if not self._last.is_file():
            return
        known = checkpoints.read_header(self._last)
        if any(known.get(key) != value for key, value in self._lesson.header.items()):
            raise NotFittedError(
                f"The folder {self._last.parent} holds a fit of other images or with other options.",
                "Choose another folder, or delete this one.",
            )
        checkpoints.load_state(self._last, self._model, self._optimizer)
        self._step, self._best_step, self._metrics = known["step"], known["best_step"], known["metrics"]
        self._curve = known.get("curve", [])
        self._best = -np.inf if known["best"] is None else known["best"]
