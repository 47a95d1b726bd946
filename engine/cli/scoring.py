"""`fiqa score`: images in, a table of scores out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

import resources
from engine import console, score_table
from engine.cli._app import app
from engine.errors import UserError


def _as_given(paths: list[Path]) -> list[Path]:
    """Folders become their images (recursive, sorted); a file named explicitly always gets a row."""
    from engine.image import list_images

    found: list[Path] = []
    for path in paths:
        found.extend(list_images(path) if os.path.isdir(path) else [path])
    if not found:
        raise UserError("There are no images in what was given.", "Name image files, or folders that hold some.")
    return found


@app.command()
def score(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Images, or folders of them.")],
    model: Annotated[Path | None, typer.Option(help="A bundle (.onnx); default: the bundled student.")] = None,
    out: Annotated[Path | None, typer.Option(help=".csv, .jsonl or .parquet; default: CSV to the output.")] = None,
    workers: Annotated[int, typer.Option(min=0, help="Parallel images; 0 = one per core.")] = 0,
) -> int:
    """Score images; a row for each, in the order given. Killed, it goes on when started again with the same --out."""
    from engine.score_journal import ScoreJournal
    from engine.scoring import Scorer

    files = _as_given(paths)
    scorer = Scorer(model or resources.default_model(), workers=workers or None)
    console.say(f"{len(files)} images, {scorer.bundle.card.name} on {scorer.provider}, {scorer.workers} workers.")
    journal = ScoreJournal(out, tell=console.say) if out else None
    failed = 0

    def lines() -> Iterator[score_table.Line]:
        nonlocal failed
        rows = journal.rows(scorer, files) if journal else scorer.score(files)
        for row in console.counted(rows, len(files), "Scoring"):
            failed += row.error is not None
            if row.error is not None:
                console.say(f"{row.path}: {row.error}")
            yield score_table.Line(str(row.path), row.score, scorer.model_id, row.error or "")

    score_table.write(lines(), out)
    if journal:
        journal.remove()
    if failed:
        console.say(f"{failed} of {len(files)} images could not be scored; they have no score.")
    return console.SOME_FAILED if failed else console.DONE
