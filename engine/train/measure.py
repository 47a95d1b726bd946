"""What a run will take on this machine, measured on a few real steps before the start."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import psutil
import torch

from engine.image import ImageError
from engine.recipes import Network, Stage
from engine.run import RunDirectory, now, write_json
from engine.train import memory
from engine.train.criterion import Targets
from engine.train.data import RowNumbers, load_pixels
from engine.train.learner import Learner
from engine.train.networks import build, parameter_count
from engine.train.pools import HELD_OUT
from engine.train.sampling import steps_per_epoch
from engine.train.schedule import crop_in, total_steps, work_left
from engine.train.workspace import Workspace

ESTIMATE: Final = "estimate.json"
_BUDGET_S: Final = 5.0
"""For the steps of one network; a step that takes longer is timed once, on fewer images."""
_DECODED: Final = 16
_TIMED_STEPS: Final = 3
_EXPORT_S: Final = 20.0
_MB: Final = 2**20


def measure(run: RunDirectory) -> dict[str, Any]:
    """Time a few steps of the recipe on the run's own images and extrapolate; leaves the run as it was.

    Returns:
        seconds_total, images_per_s (training of the student), memory_mb, disk_mb, stages (name -> seconds), device;
        also written to estimate.json in the run folder.

    Raises:
        UserError: the run could not start either (no labels, no such network).
    """
    memory.keep_freed()  # as the training will
    space = Workspace(run, say=lambda _: None, on_warning=lambda _: None)
    recipe = space.recipe
    cost = _Estimate(space)
    if recipe.teacher:
        cost.teacher(recipe.teacher)
    student = cost.training("student", recipe.student, len(cost.labelled) + cost.pools)
    cost.finish()
    found = {
        "seconds_total": sum(cost.stages.values()),
        "images_per_s": student,
        "memory_mb": cost.memory_mb,
        "disk_mb": cost.disk_mb,
        "stages": cost.stages,
        "device": str(space.device),
        "measured": now(),
    }
    write_json(run.path / ESTIMATE, found)
    return found


class _Estimate:
    def __init__(self, space: Workspace) -> None:
        self._space = space
        # A run that only judges may have none; its validation images are as good to be timed.
        self.labelled: RowNumbers = np.concatenate([s.rows for s in space.labelled()] or [space.validation])
        self.stages: dict[str, float] = {}
        self.disk_mb = 0.0
        self.memory_mb = 0.0
        self.pools = 0
        self._speeds: dict[str, _Speed] = {}
        self._decoded: dict[int, int] = {}

    def teacher(self, stage: Stage) -> None:
        """The teachers and their rounds of pseudo-labels, as `engine.train.stages` makes them."""
        known, name, teachers = len(self.labelled), "teacher", 1
        how, rounds = self._space.recipe.labelling, self._space.rounds()
        self.training(name, stage, known)
        speed, size = self._speed(stage), self._network(stage).size
        for number, pool in rounds:
            count = len(self._space.pool(pool))
            looks = how.crops * (1 + how.flip) * (teachers if how.previous else 1)
            judged = (count + len(self._space.validation)) * looks
            self.stages[f"pseudo{number}"] = judged * speed.scoring_s + self._decoding(size, known + count, speed)
            known += count
            if (number, pool) != rounds[-1]:
                name, teachers = name + "+", teachers + 1
                self.training(name, stage, known)
        self.pools = known - len(self.labelled)

    def _decoding(self, size: int, images: int, speed: _Speed) -> float:
        """Seconds to decode what of so many images (and of split val) is not in the cache yet; the disk it takes."""
        fresh = max(images + len(self._space.validation) - self._decoded.get(size, 0), 0)
        self._decoded[size] = self._decoded.get(size, 0) + fresh
        self.disk_mb += fresh * speed.pixels_bytes / _MB
        return fresh * speed.decode_s

    def training(self, name: str, stage: Stage, images: int) -> float:
        """Adds a training over `images`; gives its speed in images per second."""
        speed, training, size = self._speed(stage), stage.training, self._network(stage).size
        per_epoch = steps_per_epoch(images, training.batch)
        steps = total_steps(training, per_epoch)
        work = work_left(training, 0, size=size, steps_per_epoch=per_epoch, total=steps)
        learned = work * min(training.batch, images)
        checked = len(self._space.validation) * (steps / per_epoch if training.epochs else 1)
        decoding = self._decoding(size, images if training.epochs else 0, speed)
        self.stages[name] = learned * speed.step_s + checked * speed.scoring_s + decoding
        copies = 5 if training.ema else 4  # best; last with two moments, and the average of the weights
        self.disk_mb += speed.parameters * 4 * copies / _MB
        self.memory_mb = max(self.memory_mb, speed.memory_mb)
        return 1.0 / speed.step_s

    def finish(self) -> None:
        speed = self._speed(self._space.recipe.student)
        held = sum(r.mos is not None and r.split in HELD_OUT for r in self._space.rows)
        models = 2 if self._space.run.job.baseline else 1
        self.stages["export"] = _EXPORT_S
        self.stages["evaluate"] = held * models * (speed.scoring_s + speed.decode_s)
        self.disk_mb += speed.parameters * 4 / _MB

    def _network(self, stage: Stage) -> Network:
        return self._space.network_of(stage.network)

    def _speed(self, stage: Stage) -> _Speed:
        stage = replace(stage, network=replace(self._network(stage), init="random"))
        if (same := repr(stage)) not in self._speeds:
            self._speeds[same] = _Speed(self._space, stage, self.labelled)
        return self._speeds[same]


class _Speed:
    """Seconds per image of decoding, scoring and learning with one network, and what it occupies."""

    def __init__(self, space: Workspace, stage: Stage, rows: RowNumbers) -> None:
        size = stage.network.size
        pixels = self._decode(space, rows, size)
        model = build(stage.network)
        self.parameters = parameter_count(model)
        learner = Learner(model, stage.training, space.device)
        cut = crop_in(stage.training, 0) or size
        crops = np.ascontiguousarray(pixels[:, :cut, :cut])
        mos = torch.linspace(0, 1, len(pixels))
        one = min(2, len(pixels))
        few = Targets(mos[:one], (one,), (1.0,))
        learner.learn(crops[:one], few)  # the first step also builds the kernels
        first = _timed(lambda: learner.learn(crops[:one], few), space.device)
        batch = int(np.clip(_BUDGET_S / (_TIMED_STEPS + 1) / (first / one), one, stage.training.batch))
        chosen = np.resize(np.arange(len(pixels)), batch)
        before = _memory_mb()
        many, labels = crops[chosen], Targets(mos[chosen], (batch,), (1.0,))
        learner.learn(many, labels)
        seconds = [_timed(lambda: learner.learn(many, labels), space.device) for _ in range(_TIMED_STEPS)]
        self.step_s = float(np.median(seconds)) / batch
        grown = max(_memory_mb() - before, 0.0)
        largest = size if stage.training.whole_epochs else cut
        self.memory_mb = before + grown * stage.training.batch / batch * (largest / cut) ** 2
        model.eval()
        with torch.inference_mode():
            half = torch.from_numpy(pixels[chosen][: max(1, batch // 2)]).to(space.device)
            self.scoring_s = _timed(lambda: model(half), space.device) / len(half)

    def _decode(self, space: Workspace, rows: RowNumbers, size: int) -> npt.NDArray[np.uint8]:
        """Centre crops of some rows, spread over the set. Unreadable ones are the run's matter, not ours."""
        some = rows[np.unique(np.linspace(0, len(rows) - 1, _DECODED).astype(int))]

        def load(number: int) -> npt.NDArray[np.uint8] | None:
            try:
                return load_pixels(space.rows[number], size)
            except ImageError:
                return None

        began = time.perf_counter()
        with ThreadPoolExecutor() as pool:
            found = [p for p in pool.map(load, some.tolist()) if p is not None]
        self.decode_s = (time.perf_counter() - began) / len(some)
        self.pixels_bytes = float(np.mean([p.size for p in found])) if found else size * size * 3.0
        crops = [p[:size, :size] for p in found] or [np.zeros((size, size, 3), np.uint8)]
        return np.stack(crops)


def _timed(work: Callable[[], object], device: torch.device) -> float:
    began = time.perf_counter()
    work()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter() - began


def _memory_mb() -> float:
    """The most this process has held so far, in MiB."""
    if sys.platform == "win32":
        return float(psutil.Process().memory_info().peak_wset) / _MB
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak) / (_MB if sys.platform == "darwin" else 1024)
