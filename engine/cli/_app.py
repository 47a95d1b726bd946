"""The command group that every module of this package hangs its commands on, and what they share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from engine import __version__, console, edition
from engine.errors import UserError

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


def training_side(load: Callable[[], Any]) -> Any:
    """Import the training side, or say what is missing."""
    try:
        return load()
    except ImportError as error:
        raise UserError(
            f"This command needs the training packages ({error.name} is not installed).",
            edition.install("train"),
        ) from error


def settings_of(pairs: list[str]) -> dict[str, str]:
    """`key=value` pairs of the option --set."""
    settings = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise UserError(f"'{pair}' is no setting.", "Write it as key=value, e.g. student.training.epochs=3.")
        settings[key.strip()] = value.strip()
    return settings


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
