"""`fiqa evaluate`: how well a model agrees with labels."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import resources
from engine import console, manifest
from engine.cli._app import Json, app
from engine.errors import UserError
from engine.run import write_json


@app.command()
def evaluate(
    manifest_file: Annotated[Path, typer.Argument(metavar="MANIFEST")],
    model: Annotated[Path | None, typer.Option(help="A bundle; default: the bundled student.")] = None,
    split: Annotated[str, typer.Option(help="Only this split; default: every split.")] = "",
    json_file: Json = None,
) -> int:
    """Agreement of a model with the labels of a manifest, with intervals over people."""
    from engine import evaluate as evaluation

    rows = manifest.read(manifest_file)
    chosen = rows.where(split=split or None, source="labeled", labelled=True)
    if not len(chosen):
        raise UserError(
            f"{manifest_file} has no labelled image" + (f" of split '{split}'." if split else "."),
            f"Its splits are: {', '.join(sorted({r.split or '(none)' for r in rows.rows})) or 'none, it is empty'}.",
        )
    with console.progress("Scoring") as update:
        report = evaluation.evaluate_manifest(
            rows, model or resources.default_model(), splits=(split,) if split else None, on_row=update
        )
    print(evaluation.as_text(report))
    if json_file:
        write_json(json_file, report)
    return console.SOME_FAILED if report["unreadable"] else console.DONE
