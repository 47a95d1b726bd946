"""`fiqa score`: images in, a table of scores out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import resources
from engine import console, score_table
from engine.cli._app import app
from engine.errors import UserError

if TYPE_CHECKING:
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


def _scored(files: list[Path], model: str, workers: int) -> tuple[Iterator[ScoreRow[Path]], str, str]:
    """Rows, the model's id, and what to call it."""
    from engine.baselines import registry
    from engine.scoring import Scorer

    if model and (baseline := registry.find(model, workers=workers)):
        notes = baseline.card().notes
        return baseline.score(files), registry.model_id(baseline), "; ".join((baseline.name, *notes))
    scorer = Scorer(Path(model) if model else resources.default_model(), workers=workers or None)
    about = f"{scorer.bundle.card.name} on {scorer.provider}, {scorer.workers} workers"
    return scorer.score(files), scorer.model_id, about


@app.command()
def score(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Images, or folders of them.")],
    model: Annotated[
        str,
        typer.Option(
            metavar="BUNDLE|NAME|FOLDER",
            help="A bundle (.onnx), niqe, sharpness, filesize, or the folder of a fitted baseline; "
            "default: the bundled student.",
        ),
    ] = "",
    out: Annotated[Path | None, typer.Option(help=".csv, .jsonl or .parquet; default: CSV to the output.")] = None,
    workers: Annotated[int, typer.Option(min=0, help="Parallel images; 0 = one per core.")] = 0,
) -> int:
    """Score images; a row for each, in the order given."""
    files = _as_given(paths)
    rows, model_id, name = _scored(files, model, workers)
    console.say(f"{len(files)} images, {name}.")
    failed = 0

    def lines() -> Iterator[score_table.Line]:
        nonlocal failed
        for row in console.counted(rows, len(files), "Scoring"):
            failed += row.error is not None
            if row.error is not None:
                console.say(f"{row.path}: {row.error}")
            yield score_table.Line(str(row.path), row.score, model_id, row.error or "")

    score_table.write(lines(), out)
    if failed:
        console.say(f"{failed} of {len(files)} images could not be scored; they have no score.")
    return console.SOME_FAILED if failed else console.DONE
