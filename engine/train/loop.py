"""One training loop for every network: teacher, teacher+, student, baseline."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from engine import metrics
from engine.recipes import Network, RecipeError, Training
from engine.run import EventTail, RunDirectory
from engine.train import checkpoints, losses
from engine.train.criterion import Targets, source_weights
from engine.train.data import PixelCache, Pixels, RowNumbers, prefetched
from engine.train.learner import Learner, Scores, predict
from engine.train.networks import QualityNetwork
from engine.train.parallel import Parallel
from engine.train.sampling import epoch_batches, rarity, steps_per_epoch
from engine.train.schedule import crop_in, learning_rate, total_steps, work_left

Selection = Callable[[Mapping[str, float]], float]
_EVENT_EVERY_S: Final = 0.2
_RECENT: Final = 50
_NO_NUMBER: Final = (
    "Stage '{}': the correlation with the validation labels does not exist (all labels or all scores are the same). "
    "Until it does, the latest epoch counts as the best."
)


def by_srcc(found: Mapping[str, float]) -> float:
    """How the teacher's best epoch is chosen; NaN counts as worst."""
    return _finite(found["srcc"])


def by_srcc_and_plcc(found: Mapping[str, float]) -> float:
    """How the student's best epoch is chosen: (SRCC + PLCC) / 2, the challenge's score; NaN counts as worst."""
    return _finite((found["srcc"] + found["plcc"]) / 2)


def _finite(value: float) -> float:
    return value if np.isfinite(value) else -np.inf


@dataclass(frozen=True)
class Source:
    """Images with labels of one origin (Eq. 3, 4)."""

    name: str
    rows: RowNumbers


@dataclass(frozen=True)
class Plan:
    """One training: a network, how it learns and from what.

    `mos` and `weight` are indexed by row number (of the run's manifest); rows that are in no source may hold anything.
    """

    name: str
    network: Network
    training: Training
    sources: tuple[Source, ...]
    validation: RowNumbers
    mos: Scores
    weight: Scores
    select: Selection
    seed: int
    header: Mapping[str, Any] = field(default_factory=dict)
    """Plain data that every checkpoint carries."""

    @property
    def steps_per_epoch(self) -> int:
        return steps_per_epoch(sum(len(s.rows) for s in self.sources), self.training.batch)

    @property
    def total_steps(self) -> int:
        return total_steps(self.training, self.steps_per_epoch)


def center_batches(cache: PixelCache, rows: RowNumbers, batch: int) -> Iterator[Pixels]:
    """Centre crops of `rows`, `batch` at a time, decoded ahead."""
    parts = (rows[k : k + batch] for k in range(0, len(rows), batch))
    return prefetched(cache.center_crops(part) for part in parts)


class _Meter:
    """Means since the last event, speed and remaining time; reads nothing back from the device until asked."""

    def __init__(self) -> None:
        self._sums: list[Tensor] = []
        self._seconds: deque[float] = deque(maxlen=_RECENT)
        self._images: deque[int] = deque(maxlen=_RECENT)
        self._last_event = -np.inf

    def add(self, loss: losses.Loss, images: int, seconds: float) -> None:
        self._sums.append(torch.stack([part.detach() for part in loss]))
        self._seconds.append(seconds)
        self._images.append(images)

    def forget_speed(self) -> None:
        """The steps from now on cost something else."""
        self._seconds.clear()
        self._images.clear()

    def is_due(self) -> bool:
        return time.monotonic() - self._last_event >= _EVENT_EVERY_S

    def take(self, remaining: float) -> dict[str, float]:
        total, mse, plcc = torch.stack(self._sums).mean(0).tolist()
        self._sums.clear()
        self._last_event = time.monotonic()
        spent = max(sum(self._seconds), 1e-9)
        return {
            "loss": total,
            "mse": mse,
            "plcc_loss": plcc,
            "images_per_s": sum(self._images) / spent,
            "eta_s": remaining * spent / len(self._seconds),
        }


class Trainer:
    """Trains one network of a run, from its last checkpoint if there is one."""

    def __init__(
        self,
        run: RunDirectory,
        plan: Plan,
        model: QualityNetwork,
        cache: PixelCache,
        device: torch.device,
        parallel: Parallel | None = None,
    ) -> None:
        self._run, self._plan, self._cache, self._model = run, plan, cache, model
        if plan.training.crop > cache.size:
            raise RecipeError(
                f"Stage '{plan.name}' shall learn from crops of {plan.training.crop} pixels, but its network sees "
                f"{cache.size}.",
                f"Set crop to {cache.size} or less.",
            )
        self._parallel = parallel or Parallel()
        if plan.training.batch < self._parallel.world:
            raise RecipeError(
                f"A batch of {plan.training.batch} has no image for each of {self._parallel.world} processes.",
                "Start fewer processes or set a larger batch.",
            )
        self._learner = Learner(model, plan.training, device, self._parallel)
        self._mos = torch.from_numpy(plan.mos.astype(np.float32))
        self._weight = torch.from_numpy(plan.weight.astype(np.float32))
        sizes = [len(s.rows) for s in plan.sources]
        self._source_weights = source_weights(plan.training, [s.name for s in plan.sources], sizes)
        self._chances = [rarity(plan.mos[s.rows]) for s in plan.sources] if plan.training.balanced else None
        self._epoch, self._step, self._best = 0, 0, -np.inf
        self._best_epoch = -1
        self._meter = _Meter()
        self._validation_s = 0.0

    def train(self) -> Path:
        """Train to the end and return the best checkpoint.

        Raises:
            Cancelled: somebody asked to stop; the next call goes on from the last whole epoch.
        """
        self._resume()
        plan = self._plan
        self._run.emit(
            "stage",
            name=plan.name,
            steps=plan.total_steps,
            epochs=plan.training.epochs,
            step=self._step,
            images=sum(len(s.rows) for s in plan.sources),
            arch=plan.network.arch,
            size=plan.network.size,
        )
        while not self._is_finished():
            if plan.training.epochs:
                self._train_epoch()
            with self._learner.as_kept():
                found = self._validate()
            self._close_epoch(found)
        self._parallel.wait()  # until the first has written it
        return self._file("best")

    def _is_finished(self) -> bool:
        if not self._plan.training.epochs:
            return self._epoch > 0  # judged
        return self._step >= self._plan.total_steps or self._epoch >= self._plan.training.epochs

    def _file(self, which: str) -> Path:
        return Path(self._run.checkpoints) / f"{self._plan.name}-{which}.safetensors"

    def _resume(self) -> None:
        last = self._file("last")
        if not last.is_file():
            return
        header = self._learner.load(last)
        self._epoch, self._step = header["epoch"], header["step"]
        self._best = -np.inf if header["best"] is None else header["best"]
        self._best_epoch = header["best_epoch"]
        # Killed between the checkpoint and its event: watchers still have to see that epoch.
        told = any(
            e.get("type") == "epoch" and e.get("stage") == self._plan.name and e.get("epoch") == self._epoch
            for e in EventTail(self._run.events_file).read()
        )
        if not told:
            self._run.emit("epoch", **header["event"])

    def _train_epoch(self) -> None:
        plan = self._plan
        # Everything drawn in an epoch follows from (seed, epoch), so a resumed run draws the same.
        rng = np.random.default_rng([plan.seed, self._epoch])
        torch.manual_seed(plan.seed * 1_000_003 + self._epoch)
        self._learner.criterion.forget()
        batches = epoch_batches(
            [s.rows for s in plan.sources],
            plan.training.batch,
            rng,
            weights=self._source_weights,
            chances=self._chances,
        )
        own = slice(self._parallel.rank, None, self._parallel.world)
        side = crop_in(plan.training, self._epoch)
        if self._epoch and side != crop_in(plan.training, self._epoch - 1):
            self._meter.forget_speed()
        cut = partial(self._cache.random_crops, side=side, flip=plan.training.flip, wanted=own)
        ready = ((rows, counts, cut(rows, rng)) for rows, counts in batches)
        for rows, counts, pixels in prefetched(ready):
            self._run.checkpoint()
            began = time.perf_counter()
            loss = self._learn(rows, counts, pixels)
            self._meter.add(loss, len(rows), time.perf_counter() - began)
            self._step += 1
            if self._step == 1 or self._step == plan.total_steps or self._meter.is_due():
                self._emit_step()
            if self._step >= plan.total_steps:
                break

    def _learn(self, rows: RowNumbers, counts: tuple[int, ...], pixels: Pixels) -> losses.Loss:
        plan, at = self._plan, torch.from_numpy(rows)
        self._learner.learning_rate = learning_rate(
            plan.training, self._step, steps_per_epoch=plan.steps_per_epoch, total=plan.total_steps
        )
        return self._learner.learn(pixels, Targets(self._mos[at], counts, self._source_weights, self._weight[at]))

    def _emit_step(self) -> None:
        plan = self._plan
        left = work_left(
            plan.training,
            self._step,
            size=self._cache.size,
            steps_per_epoch=plan.steps_per_epoch,
            total=plan.total_steps,
        )
        found = self._meter.take(left)
        epochs_left = plan.training.epochs - self._epoch
        found["eta_s"] += epochs_left * self._validation_s
        self._run.emit(
            "step",
            stage=plan.name,
            epoch=self._epoch + 1,
            step=self._step,
            steps=plan.total_steps,
            lr=self._learner.learning_rate,
            **found,
        )

    def _validate(self) -> dict[str, float]:
        began = time.perf_counter()
        plan = self._plan
        own = center_batches(self._cache, self._parallel.share(plan.validation), plan.training.batch)
        found = predict(self._model, own, self._learner.device, on_batch=lambda _: self._run.checkpoint())
        shares = torch.from_numpy(found).to(self._learner.device)
        scores = self._parallel.gather(shares, len(plan.validation)).cpu().numpy()
        mos = plan.mos[plan.validation]
        loss = losses.quality_loss(
            torch.from_numpy(scores), torch.from_numpy(mos), plcc_weight=plan.training.plcc_weight
        )
        self._validation_s = time.perf_counter() - began
        return {**metrics.summary(scores, mos), "val_loss": float(loss.total)}

    def _close_epoch(self, found: Mapping[str, float]) -> None:
        """Best checkpoint, then last checkpoint, then the event: killed between them, resuming repeats or tells it."""
        self._epoch += 1
        event = {"stage": self._plan.name, "epoch": self._epoch, "step": self._step, **found}
        score = self._plan.select(found)
        if score == -np.inf and self._best_epoch < 0:
            self._run.emit("warning", message=_NO_NUMBER.format(self._plan.name))
        if score > self._best or self._best == -np.inf:  # without a number to choose by, what learned longest
            self._best, self._best_epoch = score, self._epoch
            self._write_best(event)
        event["best"] = self._best_epoch == self._epoch
        if self._parallel.is_first:
            self._learner.save(self._file("last"), self._header(event))
        self._run.emit("epoch", **event)

    def _write_best(self, event: Mapping[str, Any]) -> None:
        if self._parallel.is_first:
            with self._learner.as_kept():
                checkpoints.save_network(self._file("best"), self._model, self._header(event))

    def _header(self, event: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **self._plan.header,
            "stage": self._plan.name,
            "epoch": self._epoch,
            "step": self._step,
            "best": self._best if np.isfinite(self._best) else None,
            "best_epoch": self._best_epoch,
            "event": {k: None if isinstance(v, float) and not np.isfinite(v) else v for k, v in event.items()},
        }
