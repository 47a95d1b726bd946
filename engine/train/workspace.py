"""What the stages of one run share: its rows, their labels, the decoded pixels, the device."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import torch

from engine import manifest as manifests
from engine import weights
from engine.errors import UserError
from engine.manifest import Row
from engine.recipes import POOLS, Network, Recipe
from engine.run import RunDirectory
from engine.train import checkpoints, parallel, pools
from engine.train.data import PixelCache, RowNumbers, Unreadable, read_errors, write_errors
from engine.train.learner import Scores
from engine.train.loop import Source
from engine.train.networks import FRESH, first_weights

_MIN_ROWS: Final = 2


class SplitError(UserError):
    """The manifest holds nothing to train on, or nothing to choose the best epoch with."""


def _names_none(network: Network) -> bool:
    """Whether a recipe leaves architecture and head as they are where nobody states them."""
    return (network.arch, network.head) == (Network().arch, Network().head)


def _stated_spread(row: Row) -> float:
    """How far teachers disagreed where the manifest brings pseudo-labels (`fiqa pseudo-label`), else 0."""
    try:
        stated = float(row.extra.get("spread") or 0.0) if row.source.startswith("pseudo") else 0.0
    except ValueError:
        return 0.0
    return stated if 0.0 < stated < np.inf else 0.0


class Workspace:
    """The rows of a run by their number in its manifest.

    `mos` (NaN = none) gets the pseudo-labels too, once they are made: a pool image has no other label. `spread` is how
    far their teachers disagreed, 0 for other labels.

    Raises:
        SplitError: no labelled rows to train on or to validate with.
    """

    def __init__(
        self, run: RunDirectory, say: Callable[[str], None], *, on_warning: Callable[[str], None] | None = None
    ) -> None:
        self.run, self.say = run, say
        self._on_warning = on_warning or (lambda message: run.emit("warning", message=message))
        self.recipe: Recipe = run.recipe
        self.manifest = manifests.read(run.manifest_file)
        self.rows: tuple[Row, ...] = self.manifest.rows
        self.mos: Scores = self.manifest.mos
        self.weight: Scores = np.array([r.weight for r in self.rows], dtype=np.float64)
        self.spread: Scores = np.array([_stated_spread(r) for r in self.rows], dtype=np.float64)
        self.device = _device(self.recipe.device)
        self.parallel = parallel.join(self.device)
        if self.parallel.fabric is not None:
            self.device = self.parallel.fabric.device
        self.initial = weights.find(run.job.initial)
        self._caches: dict[int, PixelCache] = {}
        torch.set_num_threads(self.recipe.threads or _cores())
        self.validation = self._numbers(lambda r: r.split == "val" and r.mos is not None and r.source == "labeled")
        self._held = pools.held_groups(self.rows)
        self._require_splits()
        if self.recipe.teacher and (leaks := sum(self._is_leak(r) for r in self.rows)):
            self.warn(f"{leaks} unlabelled images show people of a held-out split; they are not trained on.")

    def _numbers(self, wanted: Callable[[Row], bool]) -> RowNumbers:
        return np.array([k for k, r in enumerate(self.rows) if wanted(r)], dtype=np.intp)

    def _require_splits(self) -> None:
        train = sum(len(s.rows) for s in self.labelled())
        learns = self.recipe.student.training.epochs > 0
        for name, count, use in (("train", train, "to learn from"), ("val", len(self.validation), "to choose by")):
            if (learns or name != "train") and count < _MIN_ROWS:
                raise SplitError(
                    f"Split '{name}' has {count} labelled images, and at least {_MIN_ROWS} are needed {use}.",
                    "Fill the column 'split' with train, val and test, all images of one person in the same split.",
                )
        if unused := sum(r.split == "" and r.mos is not None for r in self.rows):
            self.warn(f"{unused} labelled images are in no split and are not used.")
        trained = {self.rows[k].cluster for s in self.labelled() for k in s.rows}
        if both := trained & self._held:
            raise SplitError(
                f"{len(both)} groups are both in train and in a held-out split ('{min(both)}').",
                "Keep all images of a person or near-duplicate cluster in one split.",
            )

    def labelled(self) -> tuple[Source, ...]:
        """The labelled rows of split train, one source for each name in the column `source`."""
        numbers = self._numbers(lambda r: r.split == "train" and r.mos is not None and r.weight > 0)
        names = dict.fromkeys(self.rows[k].source for k in numbers)
        return tuple(
            Source(n, np.array([k for k in numbers if self.rows[k].source == n], dtype=np.intp)) for n in names
        )

    def pool(self, name: str) -> RowNumbers:
        """The unlabelled rows of a pool; never those of a held-out split, nor of a group that is in one."""
        return pools.unlabelled(self.rows, name)

    def rounds(self) -> list[tuple[int, str]]:
        """Number and pool of every round of pseudo-labelling that has something to label."""
        all_rounds = enumerate(POOLS[: self.recipe.rounds], start=1)
        return [(number, pool) for number, pool in all_rounds if len(self.pool(pool))]

    def _is_leak(self, row: Row) -> bool:
        return bool(row.pool) and pools.is_unlabelled(row) and row.cluster in self._held

    def warn(self, message: str) -> None:
        """An event (unless the caller wants it otherwise) and a line in the log."""
        self.say(f"Warning: {message}")
        self._on_warning(message)

    def pixels(self, size: int, wanted: RowNumbers, *, alone: bool = False) -> PixelCache:
        """The cache at `size`, with the `wanted` rows decoded; those that cannot be read are listed and left out.

        Args:
            alone: this process asks for itself; else all do, and the first decodes for all.

        Raises:
            UserError: more are unreadable than the recipe allows.
        """
        if alone or self.parallel.world == 1:
            return self._filled(size, wanted)
        with self.parallel.first_goes_ahead():
            if self.parallel.is_first:
                return self._filled(size, wanted)
            # Read anew what the first has written, and only that: all must leave out the same.
            cache = self._caches[size] = PixelCache(self.run.path / "cache", self.rows, size)
            cache.attach()
            return cache

    def _filled(self, size: int, wanted: RowNumbers) -> PixelCache:
        cache = self._caches.get(size)
        if cache is None:
            cache = self._caches[size] = PixelCache(self.run.path / "cache", self.rows, size)
        cache.ensure(wanted.tolist(), on_progress=self._decoded)
        self.note_unreadable([u for c in self._caches.values() for u in c.unreadable.values()])
        bad = [k for k in wanted.tolist() if k in cache.unreadable]
        allowed = max(1, int(self.recipe.max_unreadable * len(wanted)))
        if len(bad) > allowed:
            first = cache.unreadable[bad[0]]
            raise UserError(
                f"{len(bad)} of {len(wanted)} images cannot be read, e.g. {first.path}: {first.reason}.",
                "Mend or remove them (errors.csv lists all), or allow more with max_unreadable in the recipe.",
            )
        return cache

    def note_unreadable(self, found: Sequence[Unreadable]) -> None:
        """Add images to errors.csv, in the manifest's order; those that were mended since go out of it."""
        if not self.parallel.is_first:
            return
        mended = {self.rows[k].path for c in self._caches.values() for k in c.decoded()}
        listed = {u.path: u for u in read_errors(self.run.errors_file) if u.path not in mended}
        listed |= {u.path: u for u in found}
        place = {row.path: k for k, row in enumerate(self.rows)}
        write_errors(self.run.errors_file, sorted(listed.values(), key=lambda u: place.get(u.path, len(place))))

    def _decoded(self, done: int, total: int) -> None:
        self.run.checkpoint()
        if total and (done == total or done % 1024 == 0):
            self.say(f"Decoded {done} of {total} images.")

    def network_of(self, network: Network, stage: str = "") -> Network:
        """The network that a stage really trains: weights that it starts from bring their architecture and head.

        A stage that has begun goes on with the network of its own checkpoint, wherever its first weights are now.

        Raises:
            NetworkError, CheckpointError: it starts from weights that are not there.
        """
        begun = self._begun(stage)
        if network.init in FRESH:  # where ImageNet weights could not be had, the stage has begun without them
            return network if begun is None else replace(network, init=begun.get("init", network.init))
        header = begun or checkpoints.read_header(first_weights(network, self.initial))
        if begun is None and (header["arch"], header["head"]) != (network.arch, network.head):
            which = "The model in use" if network.init == "active" else f"The checkpoint {network.init}"
            told = f"{which} is {header['arch']} with the {header['head']} head; that is what is trained."
            # A recipe that names no network asks for whichever is in use: nothing to warn of.
            (self.say if network.init == "active" and _names_none(network) else self.warn)(told)
        size = network.size or header["size"]
        return replace(network, arch=header["arch"], head=header["head"], size=size)

    def started_from(self, network: Network, stage: str) -> dict[str, Any] | None:
        """Name and labels of the model that a stage starts or started from, and `before`, what that one started from.

        None where it is not known or where the first weights are random or ImageNet's.
        """
        if network.init in FRESH:
            return None
        if (begun := self._begun(stage)) is not None:
            return begun.get("started_from")
        header = checkpoints.read_header(first_weights(network, self.initial))
        card = header.get("card") or {}
        known = {"name": card.get("name", ""), "labels": card.get("label_provenance", "")}
        return {**known, "init": _init_of(header), "before": header.get("started_from")}

    def first_weights(self, stage: str) -> str:
        """sha256 of the file that a stage started from, as it wrote it down; empty where it has not begun."""
        return str((self._begun(stage) or {}).get("first_weights", ""))

    def _begun(self, stage: str) -> dict[str, Any] | None:
        """The header of what a stage has written so far."""
        for which in ("last", "best"):
            file = self.run.checkpoints / f"{stage}-{which}.safetensors"
            if stage and file.is_file():
                return checkpoints.read_header(file)
        return None


def _init_of(header: Mapping[str, Any]) -> str:
    """How the network of a checkpoint got its own first weights, as far as its recipe tells."""
    stage = "teacher" if str(header.get("stage", "")).startswith("teacher") else "student"
    recipe = header.get("recipe") or {}
    return str(((recipe.get(stage) or {}).get("network") or {}).get("init", ""))


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # Windows, macOS
        return os.cpu_count() or 1


def _device(wanted: str) -> torch.device:
    if wanted == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if wanted == "cuda" and not torch.cuda.is_available():
        raise UserError("The recipe asks for a CUDA device and there is none.", 'Use device = "cpu" or "auto".')
    return torch.device(wanted)
