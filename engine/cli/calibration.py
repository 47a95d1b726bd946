"""`fiqa calibrate`: a scale for a model's scores, from labels or as percentiles of a reference set."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine import console, exit_status, manifest, named_models
from engine.cli._app import app
from engine.errors import UserError
from engine.manifest import Manifest

if TYPE_CHECKING:
    from engine.calibrate import Calibrator
    from engine.scoring import Scorer


@app.command("calibrate")
def calibrate_(
    out: Annotated[Path, typer.Option(help="The calibrator to write (.json), for 'fiqa score --calibrator'.")],
    labels: Annotated[
        Path | None, typer.Argument(metavar="[MANIFEST]", help="Labelled images that the model has not learned.")
    ] = None,
    percentile: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Take percentiles among these images; needs no label.")
    ] = None,
    name: Annotated[str, typer.Option(help="What to call the reference set; default: its folder's name.")] = "",
    model: Annotated[str, typer.Option(metavar="BUNDLE|NAME", help=f"{named_models.HELP}; default: student.")] = "",
    workers: Annotated[int, typer.Option(min=0, help="Parallel images; 0 = one per core.")] = 0,
) -> int:
    """Make a calibrator: from labels a monotone map to their scale with a 90 % interval, or percentiles of a folder.

    Rows of split test are never learned from. Neither changes the order of the scores.
    """
    from engine import calibrator_file
    from engine.scoring import Scorer

    if (labels is None) == (percentile is None):
        raise UserError("Give a MANIFEST with labels, or --percentile FOLDER.", "Exactly one of the two.")
    scorer = Scorer(named_models.bundle_path(model), workers=workers or None)
    if percentile is not None:
        found, lost = _among(scorer, percentile, name or percentile.resolve().name)
    else:
        assert labels is not None
        found, lost = _from_labels(scorer, manifest.read(labels))
    calibrator_file.write(out, found, scorer.model_id)
    console.say(f"{out}: {words(found)}, for {scorer.bundle.card.name}.")
    return exit_status.SOME_FAILED if lost else exit_status.DONE


def words(found: Calibrator) -> str:
    """What a calibrator is, for people."""
    if found.kind == "percentile":
        return f"percentiles among {found.reference}"
    return f"a map of kind '{found.kind}' from {found.labels} labels in {found.groups} groups"


def _among(scorer: Scorer, folder: Path, name: str) -> tuple[Calibrator, int]:
    from engine import calibrate
    from engine.image import list_images

    files = list_images(folder)
    scores, lost = scores_of(scorer, files)
    return calibrate.percentile(scores, f"{name} ({len(files) - lost:,} images)"), lost


def _from_labels(scorer: Scorer, rows: Manifest) -> tuple[Calibrator, int]:
    from engine import calibrate
    from engine.light_run import LEARNED

    labelled = rows.where(labelled=True, source="labeled").rows  # what a model said is no label
    learned = Manifest(tuple(r for r in labelled if (r.split or "cal") in LEARNED["calibrate"] and r.weight > 0))
    scores, lost = scores_of(scorer, [r.path for r in learned.rows])
    use = [k for k, score in enumerate(scores) if score == score]
    return calibrate.fit([scores[k] for k in use], learned.mos[use], learned.groups[use]), lost


def scores_of(scorer: Scorer, files: list[Path]) -> tuple[list[float], int]:
    """Raw scores in the order of the files, NaN where there is none, and how many have none."""
    scores, lost = [], 0
    for row in console.counted(scorer.score(files), len(files), "Scoring"):
        if row.error is not None:
            lost += 1
            console.say(f"{row.path}: {row.error}")
        scores.append(float("nan") if row.score is None else row.score)
    return scores, lost
