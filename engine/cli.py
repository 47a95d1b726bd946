"""The engine's terminal commands (`fiqa ...`, `python -m engine ...`). Each is thin: parse, call, print, exit."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

import resources
from engine import __version__, console, doctor, manifest, recipes, score_table
from engine.errors import UserError
from engine.run import RunDirectory, write_json

app = typer.Typer(
    name="fiqa",
    help="Judge face images by perceptual quality: score, train, evaluate.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    result_callback=console.finish,
)

Json = Annotated[Path | None, typer.Option("--json", help="Write the result to this JSON file.")]


def _training(load: Callable[[], Any]) -> Any:
    """Import the training side, or say what is missing."""
    try:
        return load()
    except ImportError as error:
        raise UserError(
            f"This command needs the training packages ({error.name} is not installed).",
            "Install them with: pip install 'fiqa-desktop[train]'.",
        ) from error


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"fiqa {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print it.")
    ] = False,
) -> None:
    pass


# -- scoring ---------------------------------------------------------------------------------------


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
    """Score images; a row for each, in the order given."""
    from engine.scoring import Scorer

    files = _as_given(paths)
    scorer = Scorer(model or resources.default_model(), workers=workers or None)
    console.say(f"{len(files)} images, {scorer.bundle.card.name} on {scorer.provider}, {scorer.workers} workers.")
    failed = 0

    def lines() -> Iterator[score_table.Line]:
        nonlocal failed
        for row in console.counted(scorer.score(files), len(files), "Scoring"):
            failed += row.error is not None
            if row.error is not None:
                console.say(f"{row.path}: {row.error}")
            yield score_table.Line(str(row.path), row.score, scorer.model_id, row.error or "")

    score_table.write(lines(), out)
    if failed:
        console.say(f"{failed} of {len(files)} images could not be scored; they have no score.")
    return console.SOME_FAILED if failed else console.DONE


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


# -- training --------------------------------------------------------------------------------------


def _settings(pairs: list[str]) -> dict[str, str]:
    settings = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise UserError(f"'{pair}' is no setting.", "Write it as key=value, e.g. student.training.epochs=3.")
        settings[key.strip()] = value.strip()
    return settings


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
    degrade_set = _training(lambda: __import__("engine.train.degrade_set", fromlist=["build"]))
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


@app.command()
def train(
    manifest_file: Annotated[Path, typer.Argument(metavar="MANIFEST")],
    out: Annotated[Path, typer.Option(help="New run folder.")],
    recipe: Annotated[str, typer.Option(help="Name or TOML file.")] = "quick",
    settings: Annotated[list[str] | None, typer.Option("--set", help="key=value, may repeat.")] = None,
    baseline: Annotated[Path | None, typer.Option(help="Bundle to compare with at the end.")] = None,
    initial: Annotated[
        Path | None, typer.Option(help="Checkpoint for init = active; default: the bundled one.")
    ] = None,
) -> int:
    """Train by a recipe in a new run folder; ends with a bundle and a report."""
    chosen = recipes.load(recipe).with_values(_settings(settings or []))
    run = RunDirectory.create(
        out,
        recipe=chosen,
        manifest=manifest.read(manifest_file),
        baseline=str(baseline.resolve()) if baseline else "",
        initial=str((initial or resources.default_checkpoint()).resolve()),
    )
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
        return console.DONE
    run.request("cancel")  # also where nothing works yet: a job that is just starting sees it
    if state.is_alive():
        console.say(f"Asked process {state.pid} to stop.")
    else:
        console.say(f"Nothing works on {run_dir} now (its state is '{state.status}').")
    return console.DONE


def _execute(run: RunDirectory) -> int:
    if run.state.status == "done":
        console.say(f"{run.path} is finished: {run.model_file}")
        return console.DONE
    pipeline = _training(lambda: __import__("engine.train.pipeline", fromlist=["execute"]))
    pipeline.execute(run, tell=console.say)
    return console.SOME_FAILED if run.errors_file.exists() and _has_rows(run.errors_file) else console.DONE


def _has_rows(path: Path) -> bool:
    return len(path.read_text(encoding="utf-8").splitlines()) > 1


@app.command()
def export(
    source: Annotated[Path, typer.Argument(metavar="RUN_DIR|CHECKPOINT")],
    out: Annotated[Path, typer.Option(help="The bundle to write (.onnx).")],
    name: Annotated[str, typer.Option(help="The model's name on its card.")] = "",
    licence: Annotated[str, typer.Option(help="The model's licence on its card.")] = "",
    note: Annotated[Path | None, typer.Option(help="Markdown file for the end of its card.")] = None,
) -> int:
    """Write a trained network as a bundle; refused unless its scores equal the network's."""
    module = _training(lambda: __import__("engine.train.export", fromlist=["export_checkpoint"]))
    words = note.read_text(encoding="utf-8") if note else ""
    bundle = module.export_checkpoint(source, out, name=name, licence=licence, note=words)
    console.say(f"{out}: {bundle.card.name}, {bundle.input_size} px, id {bundle.id}")
    return console.DONE


@app.command()
def complexity(
    arch: Annotated[str, typer.Option(help="student, teacher or any timm name.")] = "student",
    size: Annotated[int, typer.Option(min=32, help="Input side in pixels.")] = 352,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Parameters and operations of a network with the paper's head."""
    module = _training(lambda: __import__("engine.train.complexity", fromlist=["complexity"]))
    result = module.complexity(arch, size)
    if as_json:
        print(json.dumps(result, indent=2))
    else:
        print(f"{result['arch']} at {size} px: {result['params']:,} parameters, {result['gmacs']:.4f} GMACs")
        print(f"({result['convention']}; {result['flops_g']:.4f} GFLOPs at 2 per multiply-add)")
    return console.DONE


@app.command("doctor")
def doctor_command() -> int:
    """What is installed, what is wrong, how to mend it."""
    wrong = 0
    signs = {"ok": "ok   ", "note": "note ", "wrong": "WRONG"}
    for finding in doctor.examine():
        wrong += finding.verdict == "wrong"
        print(f"{signs[finding.verdict]} {finding.subject}: {finding.detail}")
        if finding.remedy:
            print(f"      -> {finding.remedy}")
    return console.SOME_FAILED if wrong else console.DONE


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns its exit status."""
    return console.guard(lambda: app(args=arguments))
