"""A whole run (paper, section 3): teacher -> pseudo 1 -> teacher+ -> pseudo 2 -> student -> export -> evaluate.

A run is a list of stages. A stage whose result is on disk is skipped, so a killed run goes on where it stopped.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from engine import evaluate
from engine import manifest as manifests
from engine.bundle import BundleError, read_bundle
from engine.errors import Cancelled, UserError
from engine.manifest import Manifest, Row
from engine.recipes import RecipeError, Stage
from engine.run import RunDirectory, now, write_json
from engine.train import checkpoints, export, model_card
from engine.train.data import RowNumbers, Unreadable, quota
from engine.train.learner import predict
from engine.train.loop import Plan, Selection, Source, Trainer, by_srcc, by_srcc_and_plcc, center_batches
from engine.train.losses import FEWEST_FOR_PLCC
from engine.train.networks import build
from engine.train.workspace import SplitError, Workspace

Say = Callable[[str], None]
_LABEL_BATCH: Final = 64
_CHECKED: Final = 16


@dataclass(frozen=True)
class Step:
    """One stage: its name, whether its result exists, and the work."""

    name: str
    is_done: Callable[[], bool]
    work: Callable[[], None]


def execute(run: RunDirectory, *, tell: Say | None = None) -> None:
    """Do all that is left of a run, in this process. A finished run returns at once.

    Args:
        tell: gets the lines for people that also go to log.txt.

    Raises:
        RunError: another process works on it.
        Cancelled: somebody asked to stop; calling again goes on.
        UserError: the input or the machine does not allow it; state.json and the last event say why.
    """
    if run.state.status == "done":
        return
    run.claim()
    with _log(run, tell) as say:
        try:
            _work(run, say)
        except (Cancelled, KeyboardInterrupt):
            say("Cancelled; the run can be resumed.")
            run.set_status("cancelled")
            raise
        except Exception as error:
            _fail(run, _explained(error), error)
            raise _explained(error) or error from error


def _explained(error: Exception) -> UserError | None:
    """The UserError that an exception amounts to, None for a bug."""
    if isinstance(error, UserError):
        return error
    if isinstance(error, MemoryError) or "out of memory" in str(error).lower() or "allocate memory" in str(error):
        return UserError("There is not enough memory for this training.", "Use a smaller batch or a smaller size.")
    if isinstance(error, OSError):
        return UserError(f"A file cannot be read or written: {error}.", "Check the disk, then resume the run.")
    return None


def _fail(run: RunDirectory, known: UserError | None, error: Exception) -> None:
    message = known.message if known else f"{type(error).__name__}: {error}"
    remedy = known.remedy if known else "This is a fault of the program; log.txt has the details."
    logging.getLogger(__name__).error("%s %s", message, remedy, exc_info=None if known else error)
    with suppress(OSError):  # a full disk must not hide why it failed
        run.emit("error", message=message, remedy=remedy)
    with suppress(OSError):
        run.set_status("failed", f"{message} {remedy}".rstrip())


@contextmanager
def _log(run: RunDirectory, tell: Say | None) -> Iterator[Say]:
    """log.txt for this run; `tell` is left out where the error stream already is that file (a detached child)."""
    logger = logging.getLogger(__name__)
    handler = logging.FileHandler(run.log_file, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        same = os.path.samestat(os.fstat(sys.stderr.fileno()), os.stat(run.log_file))
    except (OSError, ValueError, AttributeError):  # no error stream, or one that is no file
        same = False

    def say(message: str) -> None:
        logger.info(message)
        if tell and not same:
            tell(message)

    try:
        yield say
    finally:
        logger.removeHandler(handler)
        handler.close()


def _work(run: RunDirectory, say: Say) -> None:
    if run.job.baseline and not any(run.checkpoints.iterdir()):
        read_bundle(Path(run.job.baseline))  # hours later would be late to say that it is not there
    space = Workspace(run, say)
    steps = _Pipeline(space).steps()
    left = [s for s in steps if not s.is_done()]
    say(
        f"{len(space.rows)} images, recipe '{space.recipe.name}' on {space.device}; "
        f"to do: {', '.join(s.name for s in left)}."
    )
    for step in left:
        run.checkpoint()
        say(f"Stage {step.name}.")
        step.work()
    shutil.rmtree(run.path / "cache", ignore_errors=True)
    run.emit("done", model=run.model_file.name, report=run.report_file.name)
    run.set_status("done")
    say("Done.")


class _Pipeline:
    """The stages of a recipe over one workspace."""

    def __init__(self, space: Workspace) -> None:
        self._space, self._run, self._recipe = space, space.run, space.recipe
        self._pseudo: list[Source] = []

    def steps(self) -> list[Step]:
        """All stages in order. First weights that must be fetched are fetched here, before anything is trained."""
        recipe = self._recipe
        steps: list[Step] = []
        if recipe.teacher:
            steps += self._teacher_steps(recipe.teacher)
        steps.append(self._training("student", recipe.student, by_srcc_and_plcc))
        steps.append(Step("export", Path(self._run.model_file).is_file, self._export))
        steps.append(Step("evaluate", Path(self._run.report_file).is_file, self._evaluate))
        return steps

    def _teacher_steps(self, teacher: Stage) -> list[Step]:
        steps = [self._training("teacher", teacher, by_srcc)]
        best = "teacher"
        if len(self._space.pool("a")):
            steps.append(self._labelling("pseudo1", "a", best))
            steps.append(self._training("teacher+", teacher, by_srcc))
            best = "teacher+"
        else:
            self._space.warn("Pool 'a' holds no unlabelled images: no first pseudo-labels and no teacher+.")
        if len(self._space.pool("b")):
            steps.append(self._labelling("pseudo2", "b", best))
        else:
            self._space.warn("Pool 'b' holds no unlabelled images: no second pseudo-labels.")
        return steps

    # -- training --------------------------------------------------------------------------------

    def _checkpoint(self, name: str, which: str = "best") -> Path:
        return Path(self._run.checkpoints) / f"{name}-{which}.safetensors"

    def _training(self, name: str, stage: Stage, select: Selection) -> Step:
        network = self._space.network_of(stage.network, name)
        finished = self._run.checkpoints / f"{name}.done"
        if not finished.is_file() and not self._checkpoint(name, "last").is_file() and network.init != "random":
            build(network, initial=self._space.initial)
        return Step(
            name, finished.is_file, lambda: self._train(name, replace(stage, network=network), select, finished)
        )

    def _train(self, name: str, stage: Stage, select: Selection, finished: Path) -> None:
        space, network = self._space, stage.network
        sources = (*space.labelled(), *self._pseudo)
        cache = space.pixels(network.size, np.concatenate([*(s.rows for s in sources), space.validation]))
        sources = self._usable(name, stage, [replace(s, rows=cache.readable(s.rows)) for s in sources])
        plan = Plan(
            name=name,
            network=network,
            training=stage.training,
            sources=sources,
            validation=cache.readable(space.validation),
            mos=np.nan_to_num(space.mos),
            weight=space.weight,
            select=select,
            seed=self._recipe.seed,
            header={
                "card": self._card(),
                "recipe": self._recipe.to_dict(),
                "started_from": space.started_from(stage.network, name),
            },
        )
        has_state = self._checkpoint(name, "last").is_file()
        first = replace(network, init="random") if has_state else network
        model = build(first, initial=space.initial, seed=self._recipe.seed)
        best = Trainer(self._run, plan, model, cache, space.device).train()
        finished.write_text(now(), encoding="utf-8")
        self._run.emit("artifact", name=f"{name}-best", path=best.relative_to(self._run.path).as_posix())

    def _usable(self, name: str, stage: Stage, sources: Sequence[Source]) -> tuple[Source, ...]:
        """The sources that hold images, if every one of them fits into a batch."""
        for source in sources:
            if not len(source.rows):
                self._space.warn(f"Stage '{name}': no image of source '{source.name}' is left; it goes on without it.")
        found, batch = tuple(s for s in sources if len(s.rows)), stage.training.batch
        if not found:
            raise SplitError(f"Stage '{name}' has no readable image to learn from.", "errors.csv says why.")
        share = quota(len(found), batch)
        if share == 0:
            raise RecipeError(
                f"A batch of {batch} has no place for the {len(found)} sources of stage '{name}'.",
                f"Use a batch of at least {FEWEST_FOR_PLCC * len(found)}.",
            )
        if share < FEWEST_FOR_PLCC and stage.training.plcc_weight > 0:
            self._space.warn(
                f"Stage '{name}': a batch of {batch} holds {share} images of a source, and the correlation loss needs "
                f"{FEWEST_FOR_PLCC}; without it the squared error alone counts."
            )
        return found

    # -- pseudo-labels ---------------------------------------------------------------------------

    def _labelling(self, name: str, pool: str, teacher: str) -> Step:
        file = Path(self._run.pseudo) / f"{name}.csv"
        if file.is_file():
            self._take(name, manifests.read(file))
        return Step(name, file.is_file, lambda: self._label(name, self._space.pool(pool), teacher, file))

    def _label(self, name: str, wanted: RowNumbers, teacher: str, file: Path) -> None:
        """Eq. 2: the raw output of the teacher, on centre crops."""
        space = self._space
        model = checkpoints.load_network(self._checkpoint(teacher)).to(space.device)
        cache = space.pixels(model.size, wanted)
        rows = cache.readable(wanted)
        self._run.emit("stage", name=name, steps=-(-len(rows) // _LABEL_BATCH), images=len(rows))
        batches = center_batches(cache, rows, _LABEL_BATCH)
        scores = predict(model, batches, space.device, on_batch=lambda _: self._run.checkpoint())
        made = Manifest(
            tuple(self._pseudo_row(k, s, name, teacher) for k, s in zip(rows.tolist(), scores.tolist(), strict=True))
        )
        file.parent.mkdir(exist_ok=True)
        manifests.write(made, file)
        self._take(name, made)
        self._run.emit("artifact", name=name, path=file.relative_to(self._run.path).as_posix())

    def _pseudo_row(self, number: int, score: float, name: str, teacher: str) -> Row:
        """`raw` is what is trained on; `mos` is it within the scale, as the manifest's contract asks."""
        row = self._space.rows[number]
        extra = {**row.extra, "row": str(number), "raw": repr(score)}
        inside = min(max(score, 0.0), 1.0)
        return replace(row, mos=inside, source=name, provenance=f"pseudo:{teacher}", split="train", extra=extra)

    def _take(self, name: str, found: Manifest) -> None:
        rows = np.array([int(r.extra["row"]) for r in found.rows], dtype=np.intp)
        self._space.mos[rows] = [float(r.extra["raw"]) for r in found.rows]
        self._pseudo.append(Source(name, rows))

    # -- export and evaluation -------------------------------------------------------------------

    def _trained_rows(self) -> list[Row]:
        return [self._space.rows[k] for s in self._space.labelled() for k in s.rows]

    def _counts(self) -> dict[str, int]:
        counts = model_card.provenance(self._trained_rows())
        return {**counts, **{f"pseudo:{s.name}": len(s.rows) for s in self._pseudo}}

    def _card_text(self, report: dict[str, object] | None = None) -> str:
        space, recipe = self._space, self._recipe
        network = space.network_of(recipe.student.network, "student")
        people = {r.group for r in self._trained_rows()}
        known = all(r.group for r in space.rows if r.mos is not None and r.split)
        stages = {"student": recipe.student, "teacher": recipe.teacher}
        return model_card.text(
            replace(recipe, student=replace(recipe.student, network=network)),
            self._counts(),
            len(people) if known else None,
            report,
            started={name: space.started_from(s.network, name) for name, s in stages.items() if s},
        )

    def _card(self) -> dict[str, object]:
        return {
            "name": f"{self._run.job.name}",
            "label_provenance": model_card.provenance_line(self._counts()),
            "recipe_hash": self._recipe.digest(),
            "licence": self._recipe.licence,
            "card": self._card_text(),
        }

    def _export(self) -> None:
        space = self._space
        self._run.emit("stage", name="export", steps=1)
        model = checkpoints.load_network(self._checkpoint("student"))
        some = space.validation[:_CHECKED]
        cache = space.pixels(model.size, some)
        pixels = cache.center_crops(cache.readable(some))
        bundle = export.export_network(model, self._run.model_file, pixels=pixels, card=self._card())
        self._run.emit("artifact", name="model", path=self._run.model_file.name, id=bundle.id)

    def _baseline(self, held: Manifest) -> evaluate.Predictions | None:
        """Scores of the model to compare with; None, with a warning, where it has vanished while the run went on."""
        run = self._run
        if not run.job.baseline:
            return None
        try:
            return evaluate.predict(held, Path(run.job.baseline), on_row=lambda *_: run.checkpoint())
        except BundleError as error:
            self._space.warn(f"The new model is compared with no other: {error}")
            return None

    def _evaluate(self) -> None:
        run, space = self._run, self._space
        held = Manifest(
            tuple(r for r in space.rows if r.mos is not None and r.split in ("val", "test") and r.source == "labeled")
        )
        self._run.emit("stage", name="evaluate", steps=len(held))
        candidate = evaluate.predict(held, run.model_file, on_row=lambda *_: run.checkpoint())
        space.note_unreadable([Unreadable(path, reason) for path, reason in candidate.errors])
        baseline = self._baseline(held)
        found = evaluate.report(
            held, candidate, baseline, splits=[s for s in ("val", "test") if s in evaluate.splits_of(held)]
        )
        found |= {"recipe": self._recipe.name, "manifest_hash": run.job.manifest_hash, "created": now()}
        evaluate.write_predictions(run.predictions_file, held, candidate, baseline)
        deciding = found["splits"].get("test") or found["splits"]["val"]
        export.with_metrics(
            run.model_file, model_card.numbers(found), split_hash=deciding["hash"], text=self._card_text(found)
        )
        write_json(run.report_file, found)
        run.emit("artifact", name="report", path=run.report_file.name)
        space.say(evaluate.as_text(found))
        read_bundle(run.model_file)
