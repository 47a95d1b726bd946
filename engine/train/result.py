"""The end of a run: the student as a bundle, and how well it agrees with held-out labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from engine import evaluate, reference_scale
from engine.bundle import BundleError, read_bundle
from engine.manifest import Manifest, Row
from engine.run import now, write_json
from engine.train import checkpoints, export, model_card, stage_record
from engine.train.data import Unreadable
from engine.train.loop import Source
from engine.train.workspace import Workspace

_CHECKED: Final = 16


class Result:
    """Export and evaluation of one run; `pseudo` are its sources of pseudo-labels, as they come to be."""

    def __init__(self, space: Workspace, pseudo: Sequence[Source]) -> None:
        self._space, self._run, self._recipe, self._pseudo = space, space.run, space.recipe, pseudo
        self._learns = self._recipe.student.training.epochs > 0

    # -- the card --------------------------------------------------------------------------------

    def _trained_rows(self) -> list[Row]:
        """None where the student keeps its first weights."""
        if not self._learns:
            return []
        return [self._space.rows[k] for s in self._space.labelled() for k in s.rows]

    def _counts(self) -> dict[str, int]:
        if not self._learns:
            return {}
        counts = model_card.provenance(self._trained_rows())
        return {**counts, **{f"pseudo:{s.name}": len(s.rows) for s in self._pseudo}}

    def _card_text(self, report: dict[str, object] | None = None) -> str:
        space, recipe = self._space, self._recipe
        network = space.network_of(recipe.student.network, "student")
        people = {r.group for r in self._trained_rows()}
        known = self._learns and all(r.person_is_known for r in space.rows if r.mos is not None and r.split)
        stages = {"student": recipe.student, "teacher": recipe.teacher}
        return model_card.text(
            replace(recipe, student=replace(recipe.student, network=network)),
            self._counts(),
            len(people) if known else None,
            report,
            started={name: space.started_from(s.network, name) for name, s in stages.items() if s},
        )

    def card(self) -> dict[str, object]:
        """What is known of the model before its evaluation, as fields of `engine.bundle.Card`."""
        first = self._space.started_from(self._recipe.student.network, "student") or {}
        learned = model_card.provenance_line(self._counts()) if self._learns else first.get("labels", "")
        return {
            "name": f"{self._run.job.name}",
            "label_provenance": learned,
            "recipe_hash": self._recipe.digest(),
            "licence": self._recipe.licence,
            "card": self._card_text(),
        }

    # -- export ----------------------------------------------------------------------------------

    def export_inputs(self, student: Path) -> str:
        """Digest of what the bundle is made from."""
        return stage_record.digest(student=stage_record.of_file(student))

    def export(self) -> None:
        """The bundle, by the first process alone."""
        space = self._space
        if not space.parallel.is_first:
            return
        self._run.emit("stage", name="export", steps=1)
        model = checkpoints.load_network(Path(self._run.checkpoints) / "student-best.safetensors")
        some = space.validation[:_CHECKED]
        cache = space.pixels(model.size, some, alone=True)
        pixels = cache.center_crops(cache.readable(some))
        bundle = export.export_network(model, self._run.model_file, pixels=pixels, card=self.card())
        self._run.emit("artifact", name="model", path=self._run.model_file.name, id=bundle.id)

    # -- evaluation ------------------------------------------------------------------------------

    def evaluation_inputs(self) -> str:
        """Digest of what the report is made from."""
        held, baseline = reference_scale.held_out(self._space.manifest), self._run.job.baseline
        return stage_record.digest(
            model=read_bundle(self._run.model_file).id,
            baseline=stage_record.of_file(Path(baseline)) if baseline else "",
            held=held.digest(),
        )

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

    def evaluate(self) -> None:
        """The final report: the only time that split `test` is looked at. By the first process alone."""
        run, space = self._run, self._space
        if not space.parallel.is_first:
            return
        held = reference_scale.held_out(self._space.manifest)
        run.emit("stage", name="evaluate", steps=len(held))
        candidate = evaluate.predict(held, run.model_file, on_row=lambda *_: run.checkpoint())
        space.note_unreadable([Unreadable(path, reason) for path, reason in candidate.errors])
        baseline = self._baseline(held)
        # `cal` is scored for the logistic of the report; it has no row of its own.
        found = evaluate.report(
            held, candidate, baseline, splits=[s for s in ("val", "test") if s in evaluate.splits_of(held)]
        )
        found |= {"recipe": self._recipe.name, "manifest_hash": run.job.manifest_hash, "created": now()}
        evaluate.write_predictions(run.predictions_file, held, candidate, baseline)
        deciding = found["splits"].get("test") or found["splits"]["val"]
        export.with_metrics(
            run.model_file, model_card.numbers(found), split_hash=deciding["hash"], text=self._card_text(found)
        )
        reference_scale.keep_own(run.model_file, candidate.scores, reference_scale.HELD_OUT, space.say)
        write_json(run.report_file, found)
        run.emit("artifact", name="report", path=run.report_file.name)
        space.say(evaluate.as_text(found))
        read_bundle(run.model_file)
