"""`fiqa pseudo-label`: what teachers say of images that nobody has labelled."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine import console, exit_status, manifest, named_models
from engine.cli._app import app, training_side
from engine.recipes import Labelling


@app.command("pseudo-label")
def pseudo_label(
    manifest_file: Annotated[Path, typer.Argument(metavar="MANIFEST")],
    model: Annotated[
        list[str],
        typer.Option(
            metavar="BUNDLE|CHECKPOINT|NAME",
            help=f"{named_models.HELP}, or a checkpoint; may repeat: their mean is taken.",
        ),
    ],
    out: Annotated[Path, typer.Option(help="The manifest to write, .csv or .parquet.")],
    pool: Annotated[str, typer.Option(help="Only this pool; default: every row without a MOS.")] = "",
    flip: Annotated[bool, typer.Option(help="Mean of each picture and its mirror image.")] = False,
    crops: Annotated[int, typer.Option(min=1, help="Mean of so many crops: the centre, then random ones.")] = 1,
    seed: Annotated[int, typer.Option(min=0, help="Of the random crops.")] = 42,
) -> int:
    """Write pseudo-labels: `mos` (the score within the scale), and raw score, spread and calibrated score beside it.

    Killed or interrupted, the same command goes on where it was.
    """
    teachers = [named_models.bundle_path(given) for given in model]
    module = training_side(lambda: __import__("engine.train.pseudo_label_set", fromlist=["build"]))
    with console.progress("Labelling") as update:
        made = module.build(
            manifest.read(manifest_file),
            teachers,
            out,
            pool=pool,
            how=Labelling(flip=flip, crops=crops),
            seed=seed,
            on_progress=update,
        )
    for lost in made.unreadable:
        console.say(f"{lost.path}: {lost.reason}")
    console.say(f"{made.count} pseudo-labels in {out}; {len(made.unreadable)} images could not be read.")
    if made.left_out:
        console.say(f"{made.left_out} images of held-out people or splits were left out.")
    if not made.is_calibrated:
        console.say("There are no labelled rows of split val: the column 'calibrated' is empty.")
    return exit_status.SOME_FAILED if made.unreadable else exit_status.DONE
