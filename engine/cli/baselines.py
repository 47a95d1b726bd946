"""`fiqa niqe fit | import` and `fiqa baseline fit`: systems to compare with, as scorers of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from engine import console, exit_status
from engine.cli._app import app, settings_of

niqe_app = typer.Typer(help="NIQE's model of good images: fit | import.", no_args_is_help=True)
baseline_app = typer.Typer(help="Systems to compare with: fit.", no_args_is_help=True)
app.add_typer(niqe_app, name="niqe")
app.add_typer(baseline_app, name="baseline")


@niqe_app.command("fit")
def niqe_fit(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Your best images, undisturbed and sharp.")],
    out: Annotated[Path, typer.Option(help="The model to write (.npz); 'fiqa score --model FILE' uses it.")],
    origin: Annotated[str, typer.Option(help="Where the images come from, kept in the model.")] = "",
    workers: Annotated[int, typer.Option(min=0, help="Parallel images; 0 = one per core.")] = 0,
) -> int:
    """Learn from your best images what undisturbed faces look like; no labels are needed."""
    from engine.baselines import pristine
    from engine.image import list_images

    paths = list_images(folder)
    with console.progress("Reading") as update:
        told = origin or f"images of the folder {folder.name}"
        learned = pristine.learn(paths, origin=told, workers=workers, on_image=update)
    for error in learned.left_out:
        console.say(f"{error.path}: {error.reason}")
    model = learned.model
    model.save(_with_suffix(out))
    console.say(f"{_with_suffix(out)}: {model.patches} sharp patches of {model.images} images.")
    if model.images < pristine.FEW_IMAGES:
        console.say(f"Warning: fewer than {pristine.FEW_IMAGES} images; the model may know little but these.")
    return exit_status.SOME_FAILED if learned.left_out else exit_status.DONE


@niqe_app.command("import")
def niqe_import(
    file: Annotated[Path, typer.Argument(metavar="FILE.mat", help="Parameters of the original release.")],
    out: Annotated[Path, typer.Option(help="The model to write (.npz).")],
) -> int:
    """Read the original NIQE parameters (mu_prisparam, cov_prisparam)."""
    from engine.baselines import pristine

    pristine.read_mat(file).save(_with_suffix(out))
    console.say(f"{_with_suffix(out)} written.")
    return exit_status.DONE


@baseline_app.command("fit")
def baseline_fit(
    name: Annotated[str, typer.Argument(metavar="NAME", help="brisque, musiq, stairiqa, liqe, mobilenetv2, ...")],
    manifest_file: Annotated[Path, typer.Argument(metavar="MANIFEST")],
    out: Annotated[Path, typer.Option(help="Folder for the fitted system; 'fiqa score --model DIR' uses it.")],
    settings: Annotated[list[str] | None, typer.Option("--set", help="key=value, may repeat.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same result.")] = 42,
    workers: Annotated[int, typer.Option(min=0, help="Parallel images; 0 = one per core.")] = 0,
) -> int:
    """Fit a system to the labels of split train; an interrupted fit goes on in the same folder."""
    from engine import manifest
    from engine.baselines import options, registry
    from engine.baselines.contract import BaselineConfig

    baseline = registry.make(name)
    chosen = {**options.from_text(settings_of(settings or [])), "folder": str(out)}
    baseline.fit(manifest.read(manifest_file), BaselineConfig(seed, workers, chosen), events())
    registry.save(baseline, out)
    card = baseline.card()
    console.say("; ".join((f"{out}: {baseline.name}", *card.notes)))
    return exit_status.DONE


def events() -> Callable[[str, Mapping[str, Any]], None]:
    """Progress of a fit as plain lines, at most one every few seconds."""
    from engine.baselines.progress import Spoken

    return Spoken(console.say)


def _with_suffix(path: Path) -> Path:
    """The file is found again by its suffix."""
    return path if path.suffix.lower() == ".npz" else path.with_name(path.name + ".npz")
