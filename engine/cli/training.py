"""`fiqa train | run | resume | cancel`: a run folder and the work in it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from engine import console, exit_status, light_run, manifest, named_models, recipes
from engine.cli._app import app, settings_of, training_side
from engine.errors import UserError
from engine.groups import train_and_val
from engine.manifest import Manifest
from engine.recipes import Recipe
from engine.run import RunDirectory


def _with_splits(table: Manifest, recipe: Recipe) -> Manifest:
    """The table as it is, or with splits train and val by group where it has none."""
    labelled = [r for r in table.rows if r.mos is not None]
    if not labelled or any(r.split for r in table.rows):
        return table
    known = [r.group or r.path.name for r in labelled]
    splits = train_and_val(known, salt=str(recipe.seed), val_fraction=recipe.val_fraction)
    console.say(
        f"The manifest has no splits: {splits.count('train')} labelled images become train, {splits.count('val')} val, "
        f"by {'person' if all(r.group for r in labelled) else 'image (people unknown)'}. There is no test split."
    )
    drawn = iter(splits)
    return Manifest(tuple(r if r.mos is None else replace(r, split=next(drawn)) for r in table.rows))


@app.command()
def train(
    manifest_file: Annotated[Path, typer.Argument(metavar="MANIFEST")],
    out: Annotated[Path, typer.Option(help="New run folder.")],
    recipe: Annotated[str, typer.Option(help="Name or TOML file.")] = "quick",
    settings: Annotated[list[str] | None, typer.Option("--set", help="key=value, may repeat.")] = None,
    baseline: Annotated[
        str, typer.Option(metavar="BUNDLE|NAME", help=f"To compare with at the end. {named_models.HELP}.")
    ] = "",
    initial: Annotated[
        str,
        typer.Option(
            metavar="CHECKPOINT|NAME",
            help="What init = active starts from: a checkpoint, or the weights of a model that comes with the program "
            f"({named_models.KNOWN}); default: student.",
        ),
    ] = "",
    prepare: Annotated[bool, typer.Option("--prepare", help="Only lay the run folder down, for 'fiqa run'.")] = False,
    reuse: Annotated[
        Path | None, typer.Option(help="Run folder: its stages are taken over where they were made from the same.")
    ] = None,
) -> int:
    """Train by a recipe in a new run folder; ends with a bundle and a report."""
    if os.environ.get("WORLD_SIZE", "1") != "1" and not prepare:
        raise UserError(
            "Several processes cannot lay down one run folder.",
            "Prepare it once with 'fiqa train ... --prepare', then start them with 'run'.",
        )
    chosen = recipes.load(recipe).with_values(settings_of(settings or []))
    run = RunDirectory.create(
        out,
        recipe=chosen,
        manifest=_with_splits(manifest.read(manifest_file), chosen),
        baseline=str(named_models.bundle_path(baseline).resolve()) if baseline else "",
        initial=str(named_models.weights_path(initial).resolve()),
        reuse=str(RunDirectory.open(reuse).path.resolve()) if reuse else "",
    )
    if prepare:
        console.say(f"{out} is prepared; 'fiqa run {out}' does the work.")
        return exit_status.DONE
    return _execute(run)


@app.command("run")
def run_command(run_dir: Annotated[Path, typer.Argument(metavar="RUN_DIR")]) -> int:
    """Do the work of a run folder that was prepared elsewhere."""
    return _execute(RunDirectory.open(run_dir))


@app.command()
def resume(run_dir: Annotated[Path, typer.Argument(metavar="RUN_DIR")]) -> int:
    """Go on with a run that was cancelled, killed or interrupted; a finished one is left alone."""
    return _execute(RunDirectory.open(run_dir))


@app.command()
def cancel(run_dir: Annotated[Path, typer.Argument(metavar="RUN_DIR")]) -> int:
    """Ask a run to stop at its next step; it can be resumed."""
    run = RunDirectory.open(run_dir)
    state = run.state
    if state.status == "done":
        console.say(f"{run_dir} is finished; there is nothing to cancel.")
        return exit_status.DONE
    run.request("cancel")  # also where nothing works yet: a job that is just starting sees it
    if state.is_alive():
        console.say(f"Asked process {state.pid} to stop.")
    else:
        console.say(f"Nothing works on {run_dir} now (its state is '{state.status}').")
    return exit_status.DONE


def _execute(run: RunDirectory) -> int:
    if run.state.status == "done":
        console.say(f"{run.path} is finished: {run.model_file}")
        return exit_status.DONE
    if light_run.is_light(run):
        light_run.execute(run, tell=console.say)
    else:
        pipeline = training_side(lambda: __import__("engine.train.pipeline", fromlist=["execute"]))
        pipeline.execute(run, tell=console.say)
    return exit_status.SOME_FAILED if run.errors_file.exists() and _has_rows(run.errors_file) else exit_status.DONE


def _has_rows(path: Path) -> bool:
    return len(path.read_text(encoding="utf-8").splitlines()) > 1
