"""`fiqa degrade`: weakly labelled sets from good faces."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine import console
from engine.cli._app import app, training_side


@app.command()
def degrade(
    source: Annotated[Path, typer.Argument(metavar="FOLDER|MANIFEST", help="Good faces.")],
    out: Annotated[Path, typer.Option(help="New folder: images and manifest.csv.")],
    seed: Annotated[int, typer.Option(help="Same seed, same result.")] = 0,
    per_image: Annotated[int, typer.Option(min=2, help="Images made of each, the clean one included.")] = 8,
    size: Annotated[int, typer.Option(min=64, help="Longest side in pixels.")] = 512,
    limit: Annotated[int, typer.Option(min=0, help="Use only so many faces; 0 = all.")] = 0,
    exclude: Annotated[list[str] | None, typer.Option(help="Leave out files that match; may repeat.")] = None,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0 = one per core.")] = 0,
) -> int:
    """Make a weakly labelled set: degrade good faces by known amounts and measure what was lost."""
    degrade_set = training_side(lambda: __import__("engine.train.degrade_set", fromlist=["build"]))
    with console.progress("Degrading") as update:
        made = degrade_set.build(
            source,
            out,
            seed=seed,
            per_image=per_image,
            size=size,
            limit=limit or None,
            exclude=exclude or [],
            workers=workers or None,
            on_progress=update,
            on_note=console.say,
        )
    unreadable = len(degrade_set.read_errors(out))
    console.say(f"{len(made)} images with weak labels in {out / 'manifest.csv'}; {unreadable} sources left out.")
    return console.SOME_FAILED if unreadable else console.DONE
