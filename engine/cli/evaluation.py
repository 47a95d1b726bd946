"""`fiqa evaluate`: how well a model agrees with labels."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine import console, exit_status, manifest, named_models
from engine.cli._app import Json, app
from engine.errors import UserError
from engine.run import write_json


@app.command()
def evaluate(
    manifest_file: Annotated[Path, typer.Argument(metavar="MANIFEST")],
    model: Annotated[str, typer.Option(metavar="BUNDLE|NAME", help=f"{named_models.HELP}; default: student.")] = "",
    baseline: Annotated[
        str, typer.Option(metavar="BUNDLE|NAME", help="Another model to compare with, image by image.")
    ] = "",
    split: Annotated[list[str] | None, typer.Option(help="Only this split; may repeat; default: every split.")] = None,
    slices: Annotated[
        list[str] | None, typer.Option(help="Cut by this column of the manifest too; may repeat, or a,b,c.")
    ] = None,
    json_file: Json = None,
) -> int:
    """Agreement of a model with the labels of a manifest, with intervals over people."""
    from engine import evaluate as evaluation

    asked, other = named_models.bundle_path(model), named_models.bundle_path(baseline) if baseline else None
    rows = manifest.read(manifest_file)
    _require_labels(rows, manifest_file, split or [])
    with console.progress("Scoring") as update:
        report = evaluation.evaluate_manifest(
            rows,
            asked,
            splits=tuple(split) if split else None,
            baseline=other,
            slices=[column.strip() for given in slices or () for column in given.split(",")],
            on_row=update,
        )
    print(evaluation.as_text(report))
    if json_file:
        write_json(json_file, report)
    return exit_status.SOME_FAILED if report["unreadable"] else exit_status.DONE


def _require_labels(rows: manifest.Manifest, file: Path, splits: list[str]) -> None:
    labelled = rows.where(source="labeled", labelled=True)
    absent = [s for s in splits if not len(labelled.where(split=s))]
    if absent or not len(labelled):
        known = ", ".join(sorted({r.split or "(none)" for r in rows.rows}))
        raise UserError(
            f"{file} has no labelled image" + (f" of split '{absent[0]}'." if absent else "."),
            f"Its splits are: {known or 'none, it is empty'}.",
        )
