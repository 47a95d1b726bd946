"""The stages of a run (paper, section 3), as its recipe asks for them.

teacher -> pseudo 1 (pool a) -> teacher+ -> pseudo 2 (pool b) -> ... -> student -> export -> evaluate

Round k labels pool k by the latest teacher; every teacher after the first learns from the labels and all pseudo-labels
before it (Eq. 3), the student from everything (Eq. 4). Without a teacher there is the student alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch

from engine import manifest as manifests
from engine.recipes import POOLS, Network, RecipeError, Stage
from engine.train import checkpoints, pseudo_labels, stage_record
from engine.train.data import RowNumbers
from engine.train.learner import Scores, predict
from engine.train.loop import Plan, Selection, Source, Trainer, by_srcc, by_srcc_and_plcc
from engine.train.losses import FEWEST_FOR_PLCC
from engine.train.networks import FRESH, NetworkError, QualityNetwork, build, first_weights
from engine.train.pseudo_labels import Judge, Said
from engine.train.result import Result
from engine.train.workspace import SplitError, Workspace


@dataclass(frozen=True)
class Step:
    """One stage."""

    name: str
    results: tuple[Path, ...]
    """The files that it leaves."""
    inputs: Callable[[], str]
    """Digest of what it is made from; asked when the stages before it are done."""
    work: Callable[[], None]
    take: Callable[[], None] = lambda: None
    """Instead of `work`, where its result stands: load what later stages need."""
    scraps: tuple[Path, ...] = ()
    """Files of an unfinished `work`, which goes on from them."""
    reusable: bool = True

    @property
    def files(self) -> tuple[Path, ...]:
        return (*self.results, *self.scraps)


def _judge(model: QualityNetwork, device: torch.device) -> Judge:
    return lambda pixels: predict(model, iter([pixels]), device)


class Pipeline:
    """The stages of a recipe over one workspace. First weights that must be fetched are fetched on making it."""

    def __init__(self, space: Workspace) -> None:
        self._space, self._run, self._recipe = space, space.run, space.recipe
        self._pseudo: list[Source] = []
        self._result = Result(space, self._pseudo)
        self.steps = tuple(self._all())

    def _all(self) -> Iterator[Step]:
        if self._recipe.teacher:
            yield from self._teacher_steps(self._recipe.teacher)
        yield self._training("student", self._recipe.student, by_srcc_and_plcc)
        run, result = self._run, self._result
        student = self._checkpoint("student")
        yield Step("export", (run.model_file,), lambda: result.export_inputs(student), result.export, reusable=False)
        yield Step("evaluate", (run.report_file,), result.evaluation_inputs, result.evaluate, reusable=False)

    def _teacher_steps(self, teacher: Stage) -> Iterator[Step]:
        yield self._training("teacher", teacher, by_srcc)
        teachers, rounds = ["teacher"], self._space.rounds()
        for number, pool in enumerate(POOLS[: self._recipe.rounds], start=1):
            if (number, pool) not in rounds:
                self._space.warn(
                    f"Pool '{pool}' holds no unlabelled images: round {number} of pseudo-labelling is left out."
                )
                continue
            yield self._labelling(f"pseudo{number}", pool, tuple(teachers))
            if (number, pool) != rounds[-1]:  # of the last round only the student learns
                teachers.append(teachers[-1] + "+")
                yield self._training(teachers[-1], teacher, by_srcc)

    def _checkpoint(self, name: str, which: str = "best") -> Path:
        return Path(self._run.checkpoints) / f"{name}-{which}.safetensors"

    # -- training --------------------------------------------------------------------------------

    def _training(self, name: str, stage: Stage, select: Selection) -> Step:
        best, last = self._checkpoint(name), self._checkpoint(name, "last")
        stage = replace(stage, network=self._space.network_of(stage.network, name))
        if not best.is_file() and not last.is_file() and stage.network.init != "random":
            stage = replace(stage, network=self._with_weights(stage.network))
        return Step(
            name,
            (best,),
            lambda: self._training_inputs(name, stage, select),
            lambda: self._train(name, stage, select),
            scraps=(last,),
        )

    def _with_weights(self, network: Network) -> Network:
        """The network, after its first weights were looked for: it would be late to miss them after hours."""
        try:
            with self._space.parallel.first_goes_ahead():
                build(network, initial=self._space.initial)
        except NetworkError as error:
            if network.init != "imagenet" or self._recipe.without_weights == "stop":
                raise
            self._space.warn(f"{error.message} It starts from random weights, as the recipe allows.")
            return replace(network, init="random")
        return network

    def _training_inputs(self, name: str, stage: Stage, select: Selection) -> str:
        space = self._space
        columns = (space.mos, self._weights(stage))
        return stage_record.training(
            stage,
            self._recipe.seed,
            {s.name: stage_record.of_rows(space.rows, s.rows, *columns) for s in self._sources()},
            stage_record.of_rows(space.rows, space.validation, space.mos),
            first_weights=self._first_weights(name, stage.network),
            choice=select.__name__,
        )

    def _first_weights(self, name: str, network: Network) -> str:
        """sha256 of the file that a stage starts from; of one that is gone since, what the stage wrote down of it."""
        if network.init in FRESH:
            return ""
        return stage_record.of_file(first_weights(network, self._space.initial)) or self._space.first_weights(name)

    def _sources(self) -> tuple[Source, ...]:
        return (*self._space.labelled(), *self._pseudo)

    def _weights(self, stage: Stage) -> Scores:
        """How much each image counts: its weight, less where the teachers disagreed if the recipe asks for that."""
        weight, strength = self._space.weight.copy(), stage.training.uncertainty
        for source in self._sources():
            spread = self._space.spread[source.rows]
            if strength > 0 and spread.any():
                weight[source.rows] *= np.exp(-strength * spread / spread.mean())
        return weight

    def _train(self, name: str, stage: Stage, select: Selection) -> None:
        space, network = self._space, stage.network
        found = self._sources() if stage.training.epochs else ()  # else nothing is learned, and nothing decoded for it
        cache = space.pixels(network.size, np.concatenate([*(s.rows for s in found), space.validation]))
        plan = Plan(
            name=name,
            network=network,
            training=stage.training,
            sources=self._usable(name, stage, [replace(s, rows=cache.readable(s.rows)) for s in found]),
            validation=cache.readable(space.validation),
            mos=np.nan_to_num(space.mos),
            weight=self._weights(stage),
            select=select,
            seed=self._recipe.seed,
            header={
                "card": self._result.card(),
                "recipe": self._recipe.to_dict(),
                "started_from": space.started_from(network, name),
                "init": network.init,
                "first_weights": self._first_weights(name, network),
            },
        )
        has_state = self._checkpoint(name, "last").is_file()
        model = build(replace(network, init="random") if has_state else network, initial=space.initial, seed=plan.seed)
        best = Trainer(self._run, plan, model, cache, space.device, space.parallel).train()
        self._run.emit("artifact", name=f"{name}-best", path=best.relative_to(self._run.path).as_posix())

    def _usable(self, name: str, stage: Stage, sources: Sequence[Source]) -> tuple[Source, ...]:
        """The sources that hold images, if every one of them fits into a batch."""
        for source in sources:
            if not len(source.rows):
                self._space.warn(f"Stage '{name}': no image of source '{source.name}' is left; it goes on without it.")
        found, batch = tuple(s for s in sources if len(s.rows)), stage.training.batch
        if not stage.training.epochs:
            return ()
        if not found:
            raise SplitError(f"Stage '{name}' has no readable image to learn from.", "errors.csv says why.")
        share = batch // len(found)
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

    def _labelling(self, name: str, pool: str, teachers: tuple[str, ...]) -> Step:
        """`teachers`: all so far, the latest at the end."""
        file, journal = Path(self._run.pseudo) / f"{name}.csv", Path(self._run.pseudo) / f"{name}.journal"
        used = teachers if self._recipe.labelling.previous else teachers[-1:]
        return Step(
            name,
            (file,),
            lambda: self._labelling_inputs(pool, used),
            lambda: self._label(name, pool, used, file, journal),
            take=lambda: self._take(name, pseudo_labels.from_manifest(manifests.read(file))),
            scraps=(journal,),
        )

    def _labelling_inputs(self, pool: str, teachers: Sequence[str]) -> str:
        space = self._space
        return stage_record.digest(
            labelling=asdict(self._recipe.labelling),
            seed=self._recipe.seed,
            teachers=[stage_record.of_file(self._checkpoint(t)) for t in teachers],
            images=stage_record.of_rows(space.rows, space.pool(pool)),
            numbers=space.pool(pool).tolist(),  # by which the labels are told apart
            validation=stage_record.of_rows(space.rows, space.validation, space.mos),
        )

    def _label(self, name: str, pool: str, teachers: Sequence[str], file: Path, journal: Path) -> None:
        """Eq. 2, by the first process alone."""
        if self._space.parallel.is_first:
            said = self._judged(name, self._space.pool(pool), teachers, journal)
            made = pseudo_labels.as_manifest(
                said, self._space.rows, source=name, provenance=f"pseudo:{'&'.join(teachers)}"
            )
            manifests.write(made, file)
            journal.unlink()
            self._run.emit("artifact", name=name, path=file.relative_to(self._run.path).as_posix())
        self._space.parallel.wait()
        self._take(name, pseudo_labels.from_manifest(manifests.read(file)))

    def _judged(self, name: str, wanted: RowNumbers, teachers: Sequence[str], journal: Path) -> Said:
        space, how = self._space, self._recipe.labelling
        models = [checkpoints.load_network(self._checkpoint(t)).to(space.device) for t in teachers]
        judges = [_judge(model, space.device) for model in models]
        cache = space.pixels(models[0].size, np.concatenate([wanted, space.validation]), alone=True)
        rows, held = cache.readable(wanted), cache.readable(space.validation)
        journal.parent.mkdir(exist_ok=True)
        self._run.emit("stage", name=name, steps=len(rows), images=len(rows))
        seed = self._recipe.seed
        said = pseudo_labels.judge(
            cache, rows, judges, how, seed=seed, journal=journal, on_batch=lambda _: self._run.checkpoint()
        )
        tried = pseudo_labels.judge(cache, held, judges, how, seed=seed, on_batch=lambda _: self._run.checkpoint())
        return pseudo_labels.calibrated(said, tried.raw, space.mos[held])

    def _take(self, name: str, said: Said) -> None:
        space, calibrated = self._space, self._recipe.labelling.calibrated
        space.mos[said.rows] = said.calibrated if calibrated else said.raw
        space.spread[said.rows] = said.spread
        self._pseudo.append(Source(name, said.rows))
