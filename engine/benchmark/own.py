"""The rows of our own pipeline: run folders under `runs`, trained as `fiqa train` does, shared between rows.

Teacher, teacher+ and student are stages of one run, the main one. A student of another architecture, size or number of
rounds is a run of its own that takes teachers and pseudo-labels over from the main one, so that they are made once.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import resources
from engine import edition
from engine.baselines.contract import NotFittedError
from engine.benchmark import latency
from engine.benchmark.context import Context
from engine.benchmark.systems import System, files_of
from engine.image import decode, preprocess, read_file
from engine.recipes import Recipe, Stage
from engine.run import EventTail, RunDirectory
from engine.scoring import Scorer

_BUNDLED: Final = "the bundled student"
_FIRST: Final = {"random": "random", "imagenet": "ImageNet", "active": _BUNDLED, "bundled": _BUNDLED}


@dataclass(frozen=True)
class Trained:
    """A trained network as a bundle, the folder of its run, and its first weights in words."""

    bundle: Path
    run: Path
    init: str
    budget: str
    """What it learned with, in words."""
    curve: tuple[tuple[int, float | None], ...]
    """(steps done, SRCC on split val) of every validation."""

    @staticmethod
    def of(bundle: Path, run: RunDirectory, name: str, stage: Stage) -> Trained:
        """The stage `name` of a finished run."""
        curve = _curve(run, name)
        steps = f"{curve[-1][0]:,} steps of {stage.training.batch}" if curve else ""
        return Trained(bundle, run.path, _first_weights(stage.network.init), steps, curve)


def _curve(run: RunDirectory, stage: str) -> tuple[tuple[int, float | None], ...]:
    """From the events; an epoch that was told twice (the process was killed after it) counts once."""
    told = (e for e in EventTail(run.events_file).read() if e.get("type") == "epoch" and e.get("stage") == stage)
    found = {int(event["step"]): event.get("srcc") for event in told}
    return tuple(sorted(found.items()))


def trained(system: System, context: Context) -> Trained:
    """Train what is not trained yet.

    Raises:
        NotFittedError: the row has no meaning here (no teacher, no unlabelled pools, no training packages).
        UserError: the pipeline cannot train it.
        Cancelled: somebody asked to stop.
    """
    recipe = system.recipe
    assert recipe is not None
    if system.part in ("teacher", "teacher+"):
        return _teacher(system, recipe, context)
    _require(system, context)
    run = _run(recipe, context)
    return Trained.of(Path(run.model_file), run, "student", recipe.student)


def _teacher(system: System, recipe: Recipe, context: Context) -> Trained:
    if recipe.teacher is None:
        raise NotFittedError(f"Recipe '{recipe.name}' has no teacher.", "Give one that has, such as paper.")
    if system.part == "teacher+":
        _require(replace(system, needs=("pseudo1",)), context)
    run = _run(recipe, context)
    checkpoint = Path(run.checkpoints) / f"{system.part}-best.safetensors"
    if not checkpoint.is_file():
        raise NotFittedError(f"The run {run.path.name} has no {system.part}.")
    bundle = context.folder(system) / "model.onnx"
    if not bundle.is_file():
        _export(checkpoint, bundle, system)
    return Trained.of(bundle, run, system.part, recipe.teacher)


def _export(checkpoint: Path, bundle: Path, system: System) -> None:
    from engine.train import export

    bundle.parent.mkdir(parents=True, exist_ok=True)
    export.export_checkpoint(checkpoint, bundle, name=system.title)


def _first_weights(init: str) -> str:
    return _FIRST.get(init, f"file {Path(init).name}")


def _require(system: System, context: Context) -> None:
    """The pseudo-labels that the row cannot do without."""
    if not system.needs:
        return
    if context.recipe.teacher is None:
        raise NotFittedError(f"Recipe '{context.recipe.name}' has no teacher, so there are no pseudo-labels.")
    pools = {r.pool for r in context.manifest.rows if r.mos is None}
    for name, pool in (("pseudo1", "a"), ("pseudo2", "b")):
        if name in system.needs and pool not in pools:
            raise NotFittedError(f"The manifest has no unlabelled images of pool '{pool}'.")


def _run(recipe: Recipe, context: Context) -> RunDirectory:
    """The finished run of a recipe; begun, or gone on with, where it is not finished."""
    try:
        from engine.train import pipeline
    except ImportError as error:
        raise NotFittedError(
            f"It needs the package {error.name}, which is not installed.", edition.install("train")
        ) from error
    reuse = ""
    if recipe != context.recipe and recipe.teacher is not None and recipe.teacher == context.recipe.teacher:
        reuse = str(_run(context.recipe, context).path)
    path = context.out / "runs" / _folder_name(recipe, context)
    if not (path / "job.json").is_file():
        shutil.rmtree(path, ignore_errors=True)  # laid down by halves when the process was killed
        RunDirectory.create(
            path,
            recipe=recipe,
            manifest=context.manifest,
            initial=str(resources.default_checkpoint()),
            reuse=reuse,
        )
    run = RunDirectory.open(path)
    pipeline.execute(run, tell=context.say)
    return run


def _folder_name(recipe: Recipe, context: Context) -> str:
    made_of = "\0".join((recipe.digest(), *files_of(recipe.to_dict()), context.manifest.digest()))
    network = recipe.student.network
    return f"{network.arch}-{network.size}-{hashlib.sha256(made_of.encode()).hexdigest()[:10]}"


@dataclass(frozen=True)
class Timed:
    """Medians in milliseconds; None where there was no picture to time with."""

    file_ms: float | None
    network_ms: float | None
    calls: int


def timed(bundle: Path, paths: Sequence[Path]) -> Timed:
    """A bundle on ONNX Runtime, one thread of the CPU: from file to score, and the network alone."""
    if not paths:
        return Timed(None, None, 0)
    scorer = Scorer(bundle, workers=1, provider="CPU")
    size = scorer.bundle.input_size
    pixels = {p: preprocess(decode(read_file(p).data, path=p), size)[None] for p in paths}
    file_ms, calls = latency.median_ms(lambda path: next(iter(scorer.score([path]))), paths)
    network_ms, _ = latency.median_ms(lambda path: scorer.score_pixels(pixels[path]), paths)
    return Timed(file_ms, network_ms, calls)
