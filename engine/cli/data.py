"""`fiqa degrade`: weakly labelled sets from good faces; `fiqa join`: several manifests in one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine import console, exit_status, manifest
from engine.cli._app import app, training_side


@app.command()
def degrade(
    source: Annotated[Path, typer.Argument(metavar="FOLDER|MANIFEST", help="Good faces.")],
    out: Annotated[Path, typer.Option(help="New folder: images and manifest.csv.")],
    recipe: Annotated[Path | None, typer.Option(metavar="FILE", help="Choices in TOML; the options go before.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Same seed, same result.", show_default="0")] = None,
    per_image: Annotated[
        int | None, typer.Option(min=2, help="Images made of each, the clean one included.", show_default="8")
    ] = None,
    size: Annotated[int | None, typer.Option(min=64, help="Longest side in pixels.", show_default="512")] = None,
    limit: Annotated[int | None, typer.Option(min=0, help="Use only so many faces; 0 = all.")] = None,
    exclude: Annotated[list[str] | None, typer.Option(help="Leave out files that match; may repeat.")] = None,
    without: Annotated[list[str] | None, typer.Option(help="Hold out a family of kinds; may repeat.")] = None,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0 = one per core.")] = 0,
) -> int:
    """Make a weakly labelled set: degrade good faces by known amounts and measure what was lost."""
    degrade_set = training_side(lambda: __import__("engine.train.degrade_set", fromlist=["build"]))
    recipes = training_side(lambda: __import__("engine.train.degrade_recipe", fromlist=["load"]))
    chosen = (recipes.load(recipe) if recipe else recipes.DataRecipe()).changed(
        seed=seed,
        per_image=per_image,
        size=size,
        limit=limit,
        exclude=tuple(exclude) if exclude else None,
        without=recipes.families(without) if without else None,
    )
    with console.progress("Degrading") as update:
        made = degrade_set.build(source, out, chosen, workers=workers or None, on_progress=update, on_note=console.say)
    unreadable = len(degrade_set.read_errors(out))
    labelled = sum(row.mos is not None for row in made.rows)
    console.say(
        f"{labelled} images with weak labels and {len(made) - labelled} without in {out / 'manifest.csv'}; "
        f"{unreadable} sources left out."
    )
    return exit_status.SOME_FAILED if unreadable else exit_status.DONE


@app.command()
def join(
    manifests: Annotated[list[Path], typer.Argument(metavar="MANIFEST...")],
    out: Annotated[Path, typer.Option(help="The manifest to write, .csv or .parquet.")],
) -> int:
    """Write the rows of several manifests as one; nobody may be in split train of one and held out in another."""
    made = manifest.joined([manifest.read(path) for path in manifests])
    manifest.write(made, out)
    console.say(f"{len(made)} images of {len(manifests)} manifests in {out}.")
    return exit_status.DONE
