"""`fiqa export | import-checkpoint | complexity`: what becomes of a trained network, and what it costs."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine import console, exit_status, manifest
from engine.cli._app import app, training_side
from engine.errors import UserError

if TYPE_CHECKING:
    from engine.bundle import Card


@app.command()
def export(
    source: Annotated[Path, typer.Argument(metavar="RUN_DIR|CHECKPOINT")],
    out: Annotated[Path, typer.Option(help="The bundle to write (.onnx).")],
    name: Annotated[str, typer.Option(help="The model's name on its card.")] = "",
    licence: Annotated[str, typer.Option(help="The model's licence on its card.")] = "",
    note: Annotated[Path | None, typer.Option(help="Markdown file for the end of its card.")] = None,
    int8: Annotated[bool, typer.Option("--int8", help="In 8-bit integers, if its scores stay the same.")] = False,
    calibration: Annotated[
        Path | None, typer.Option(metavar="MANIFEST", help="Images to quantise and to judge with (for --int8).")
    ] = None,
    reference: Annotated[
        Path | None,
        typer.Option(
            metavar="MANIFEST", help="Its split cal (all, without splits) is scored, for percentiles on the card."
        ),
    ] = None,
    reference_name: Annotated[str, typer.Option(help="What to call the reference set in the window.")] = "",
) -> int:
    """Write a trained network as a bundle; refused unless its scores equal the network's."""
    if int8 != (calibration is not None):
        raise UserError("--int8 and --calibration MANIFEST belong together.", "Give both, or neither.")
    images = _divided(calibration) if calibration else None
    among = _reference(reference) if reference else None
    module = training_side(lambda: __import__("engine.train.export", fromlist=["export_checkpoint"]))
    words = note.read_text(encoding="utf-8") if note else ""
    bundle = module.export_checkpoint(source, out, name=name, licence=licence, note=words)
    console.say(f"{out}: {bundle.card.name}, {bundle.input_size} px, id {bundle.id}")
    if images:
        made = _quantising().quantise(bundle, *images, out, tell=console.say)
        console.say(f"{out}: now in 8-bit integers, id {made.id}; {_quantising().Gate(**made.card.quantisation)}")
    if images and not among:
        _scale_again(out, bundle.card, source)
    return _with_scale(out, among, reference_name) if among else exit_status.DONE


def _with_scale(bundle: Path, reference: manifest.Manifest, name: str) -> int:
    """Percentiles among the reference's scores onto the card: the last step, for they are those of these weights."""
    from engine import reference_scale
    from engine.cli.calibration import scores_of
    from engine.scoring import Scorer

    scores, lost = scores_of(Scorer(bundle), [row.path for row in reference.rows])
    scale = reference_scale.named(scores, name)
    reference_scale.keep(bundle, scale)
    console.say(f"{bundle}: the window shows its scores as percentiles among {scale.reference}.")
    return exit_status.SOME_FAILED if lost else exit_status.DONE


def _scale_again(made: Path, before: Card, source: Path) -> None:
    """The percentiles of a model in 8-bit integers: its own scores of the float model's reference, or none."""
    from engine import evaluate, reference_scale

    old = reference_scale.of_card(before.model_dump())
    if old is None:
        return
    scale = reference_scale.again(old, evaluate.predict(_faces_of(source), made).scores)
    if scale is None:
        console.say(f"{made}: without percentiles, for those of the float model are not its own; see --reference.")
        return
    reference_scale.keep(made, scale)
    console.say(f"{made}: the window shows its own scores as percentiles among {scale.reference}.")


def _faces_of(source: Path) -> manifest.Manifest:
    """The rows of a run that its model's percentiles were taken among; a checkpoint has none."""
    from engine import light_run, reference_scale
    from engine.run import RunDirectory

    if not source.is_dir():
        return manifest.Manifest(())
    run = RunDirectory.open(source)
    rows = manifest.read(run.manifest_file)
    if not light_run.is_light(run):
        return reference_scale.held_out(rows)
    learned, held = light_run.divided(rows, run.job.kind)
    return manifest.Manifest((*learned.rows, *held.rows))


def _reference(file: Path) -> manifest.Manifest:
    """Asked before the export too: whether there is a reference."""
    from engine import reference_scale

    return reference_scale.rows_of(manifest.read(file))


def _quantising() -> Any:
    return training_side(lambda: __import__("engine.train.quantise", fromlist=["quantise"]))


def _divided(file: Path) -> tuple[list[Path], list[Path]]:
    """Asked before the export, which takes a while: whether there are images enough."""
    images: tuple[list[Path], list[Path]] = _quantising().divide(manifest.read(file))
    return images


class _Published(StrEnum):
    STUDENT = "student"
    TEACHER = "teacher"


@app.command("import-checkpoint")
def import_checkpoint(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Published Efficient-FIQA weights (.pt, .pth).")],
    arch: Annotated[_Published, typer.Option(help="Which of the two networks it holds.")],
    out: Annotated[Path, typer.Option(help="The bundle to write (.onnx).")],
    size: Annotated[int, typer.Option(min=0, help="Input side in pixels; 0 = 352 (student), 448 (teacher).")] = 0,
    checkpoint: Annotated[
        Path | None, typer.Option(help="For training to start from; default: beside the bundle, .safetensors.")
    ] = None,
) -> int:
    """Make a bundle and a checkpoint of published Efficient-FIQA weights; refused where the file asks to run code."""
    module = training_side(lambda: __import__("engine.train.published", fromlist=["import_checkpoint"]))
    bundle = module.import_checkpoint(file, arch.value, out, size=size or None, checkpoint=checkpoint)
    console.say(f"{out}: {bundle.card.name}, {bundle.input_size} px, id {bundle.id}")
    return exit_status.DONE


@app.command()
def complexity(
    arch: Annotated[str, typer.Option(help="student, teacher or any timm name.")] = "student",
    size: Annotated[int, typer.Option(min=32, help="Input side in pixels.")] = 352,
    latency: Annotated[
        bool, typer.Option("--latency", help="Measure it on this machine too (needs an export).")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Parameters, operations and, if asked for, latency of a network with the paper's head."""
    module = training_side(lambda: __import__("engine.train.complexity", fromlist=["complexity"]))
    result = module.complexity(arch, size)
    if latency:
        exporting = training_side(lambda: __import__("engine.train.export", fromlist=["latency"]))
        result["latency"] = exporting.latency(result["arch"], size)
    if as_json:
        print(json.dumps(result, indent=2))
        return exit_status.DONE
    print(f"{result['arch']} at {size} px: {result['params']:,} parameters, {result['gmacs']:.4f} GMACs")
    print(f"({result['convention']}; {result['flops_g']:.4f} GFLOPs at 2 per multiply-add)")
    if latency:
        found = result["latency"]
        print(f"{found['one_thread_ms']:.1f} ms on 1 thread, {found['all_threads_ms']:.1f} ms on {found['threads']}")
        print(f"({found['runtime']}, one image, median of {found['runs']} after a warm-up, random weights)")
    return exit_status.DONE
