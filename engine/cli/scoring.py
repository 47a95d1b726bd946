"""`fiqa score`: images in, a table of scores out."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine import console, exit_status, named_models, score_table
from engine.cli._app import app
from engine.errors import UserError

if TYPE_CHECKING:
    from engine.calibrate import Calibrator
    from engine.score_journal import ScoreJournal
    from engine.scoring import ScoreRow


def _as_given(paths: list[Path]) -> list[Path]:
    """Folders become their images (recursive, sorted); a file named explicitly always gets a row."""
    from engine.image import list_images

    found: list[Path] = []
    for path in paths:
        found.extend(list_images(path) if os.path.isdir(path) else [path])
    if not found:
        raise UserError("There are no images in what was given.", "Name image files, or folders that hold some.")
    return found


@dataclass(frozen=True)
class _Model:
    """What scores: its rows, its id for the table, what to call it, and the journal that lets it go on."""

    rows: Iterator[ScoreRow[Path]]
    id: str
    about: str
    journal: ScoreJournal | None = None
    card: Mapping[str, Any] = field(default_factory=dict)
    """Of a bundle, as plain data."""


def _scored(files: list[Path], model: str, out: Path | None, workers: int) -> _Model:
    """A bundle, with a journal beside the table; or a baseline, which starts anew each time."""
    from engine.baselines import registry
    from engine.score_journal import ScoreJournal
    from engine.scoring import Scorer

    if model and (baseline := registry.find(model, workers=workers)):
        about = "; ".join((baseline.name, *baseline.card().notes))
        return _Model(baseline.score(files), registry.model_id(baseline), about)
    scorer = Scorer(named_models.bundle_path(model), workers=workers or None)
    about = f"{scorer.bundle.card.name} on {scorer.provider}, {scorer.workers} workers"
    journal = ScoreJournal(out, tell=console.say) if out else None
    rows = journal.rows(scorer, files) if journal else scorer.score(files)
    return _Model(rows, scorer.model_id, about, journal, scorer.bundle.card.model_dump())


def _scale(file: Path | None, source: _Model, *, own: bool) -> Calibrator | None:
    """The calibrator of a file, or the percentiles on the model's card; None where neither was asked for."""
    from engine import calibrator_file, reference_scale

    if file is None and not own:
        return None
    if file is not None and own:
        raise UserError("Give --calibrator FILE or --percentiles.", "A score has one scale at a time.")
    if file is not None:
        return calibrator_file.read_for(file, source.id)
    if (found := reference_scale.of_card(source.card)) is None:
        raise UserError(
            "This model has no percentiles of a reference set on its card.",
            "Make a calibrator with 'fiqa calibrate --percentile FOLDER' and give it by --calibrator.",
        )
    console.say(f"Column calibrated: percentiles among {found.reference}.")
    return found


def _on_scale(scale: Calibrator | None, score: float | None) -> list[float | None]:
    """Calibrated score and its interval."""
    if scale is None or score is None:
        return [None, None, None]
    at = scale.apply([score])
    return [float(part[0]) if part[0] == part[0] else None for part in (at.value, at.low, at.high)]


@app.command()
def score(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Images, or folders of them.")],
    model: Annotated[
        str,
        typer.Option(
            metavar="BUNDLE|NAME|FOLDER",
            help=f"{named_models.HELP}; niqe, sharpness, filesize, or the folder of a fitted baseline; "
            "default: student.",
        ),
    ] = "",
    out: Annotated[Path | None, typer.Option(help=".csv, .jsonl or .parquet; default: CSV to the output.")] = None,
    workers: Annotated[int, typer.Option(min=0, help="Parallel images; 0 = one per core.")] = 0,
    calibrator: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="From 'fiqa calibrate' or a run: adds columns calibrated, low, high."),
    ] = None,
    percentiles: Annotated[
        bool,
        typer.Option("--percentiles", help="In column calibrated: the share of the model's reference set below."),
    ] = False,
) -> int:
    """Score images; a row for each, in the order given. The score stays raw; a calibrated one stands beside it.

    Killed, a bundle goes on when started again with the same --out.
    """
    files = _as_given(paths)
    source = _scored(files, model, out, workers)
    scale = _scale(calibrator, source, own=percentiles)
    console.say(f"{len(files)} images, {source.about}.")
    failed = 0

    def lines() -> Iterator[score_table.Line]:
        nonlocal failed
        for row in console.counted(source.rows, len(files), "Scoring"):
            failed += row.error is not None
            if row.error is not None:
                console.say(f"{row.path}: {row.error}")
            yield score_table.Line(str(row.path), row.score, source.id, row.error or "", *_on_scale(scale, row.score))

    score_table.write(lines(), out, calibrated=scale is not None)
    if source.journal:
        source.journal.remove()
    if failed:
        console.say(f"{failed} of {len(files)} images could not be scored; they have no score.")
    return exit_status.SOME_FAILED if failed else exit_status.DONE
