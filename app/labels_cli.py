"""`fiqa labels`: bring labels into a library, or take them out, without a window."""

from __future__ import annotations

import getpass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from app.library import people
from app.library.exchange.applying import apply_import
from app.library.exchange.exporting import export_labels as write_labels
from app.library.exchange.importing import plan_import
from app.library.exchange.plan import ImportPlan
from app.library.exchange.registry import LAYOUTS
from app.library.exchange.scale import Scale, parse_scale
from app.library.library import Library
from engine.errors import UserError

labels_app = typer.Typer(no_args_is_help=True, help="Bring labels into a library, or take them out.")
_SHOWN: Final = 50

Layout = StrEnum("Layout", {name.replace("-", "_"): name for name in LAYOUTS})  # type: ignore[misc]  # from a table
Known = StrEnum("Known", {"auto": "auto"} | {name.replace("-", "_"): name for name in LAYOUTS})  # type: ignore[misc]
_RECOGNISED: Final = Known("auto")


class Matching(StrEnum):
    """How a line finds its image."""

    auto = "auto"
    path = "path"
    name = "name"
    stem = "stem"
    hash = "hash"


class Conflict(StrEnum):
    """What counts where an image has another label."""

    mine = "mine"
    theirs = "theirs"
    rater = "rater"


LibraryOption = Annotated[Path, typer.Option("--library", help="Directory of the library.")]
ScaleOption = Annotated[
    str, typer.Option(help="Worst and best value of the file, A:B, or jod, or z-score; the layout's own by default.")
]


@labels_app.command("import")
def import_labels(
    file: Annotated[Path, typer.Argument(help="File (of some layouts, folder) with image names and labels.")],
    library: LibraryOption,
    layout: Annotated[Known, typer.Option(help="Layout of the file; auto recognises it.")] = _RECOGNISED,
    scale: ScaleOption = "",
    match: Annotated[Matching, typer.Option(help="How a line finds its image.")] = Matching.auto,
    on_conflict: Annotated[Conflict, typer.Option(help="Where an image has another label.")] = Conflict.mine,
    rater: Annotated[
        str,
        typer.Option(help="Who imports (the system's user by default); with --on-conflict rater, whose opinions."),
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count and list, write nothing.")] = False,
    path_column: Annotated[str, typer.Option(help="Column of image names, by name or number.")] = "",
    score_column: Annotated[str, typer.Option(help="Column of scores, by name or number.")] = "",
    label_set: Annotated[str, typer.Option(help="Name of these labels; the layout's or the file's by default.")] = "",
) -> None:
    """Import labels as one act. Exit 0 when every line matched, 1 when some did not, 2 when nothing could be done."""
    try:
        with Library.open(library) as opened:
            plan = plan_import(
                opened,
                file,
                layout=layout.value,
                path_column=path_column or None,
                score_column=score_column or None,
                scale=_scale(scale),
                match=match.value,
                label_set=label_set or None,
            )
            _show(plan)
            if dry_run:
                typer.echo("Dry run: nothing was written.")
            else:
                _write(opened, plan, on_conflict, rater)
    except UserError as error:
        _refuse(error)
    raise typer.Exit(0 if plan.complete else 1)


@labels_app.command("export")
def export_labels(
    file: Annotated[Path, typer.Argument(help="File (of cgfiqa, also a folder) to write.")],
    library: LibraryOption,
    layout: Annotated[Layout | None, typer.Option(help="Layout of the file; by its suffix if not given.")] = None,
    scale: ScaleOption = "",
) -> None:
    """Write the labels, and say what the layout cannot take along."""
    try:
        with Library.open(library) as opened:
            written = write_labels(opened, file, layout.value if layout else None, _scale(scale))
    except UserError as error:
        _refuse(error)
    typer.echo(f"Wrote {written.images:,} images to {file}.")
    if written.note:
        typer.echo(f"Note: {written.note}.")


def _write(library: Library, plan: ImportPlan, answer: Conflict, rater: str) -> None:
    """The act is the importer's; opinions that are added belong to the rater who is named."""
    adds = answer is Conflict.rater
    who = people.ensure_rater(library, getpass.getuser() if adds or not rater else rater)
    session_id = people.start_session(library, who.id)
    changes = apply_import(
        library,
        plan,
        on_conflict=answer.value,
        as_rater=rater if adds else "",
        rater_id=who.id,
        session_id=session_id,
    )
    typer.echo(f"{changes.text[:1].upper()}{changes.text[1:]}.")


def _scale(text: str) -> Scale | None:
    return parse_scale(text) if text else None


def _show(plan: ImportPlan) -> None:
    typer.echo(plan.text)
    for note in plan.notes:
        typer.echo(f"Note: {note}.")
    for what, lines in plan.lists.items():
        for skip in lines[:_SHOWN]:
            typer.echo(f"  {what}, line {skip.line}: {skip.text}: {skip.reason}", err=True)
        if len(lines) > _SHOWN:
            typer.echo(f"  {what}: and {len(lines) - _SHOWN:,} more lines", err=True)


def _refuse(error: UserError) -> None:
    typer.echo(str(error), err=True)
    raise typer.Exit(2) from error
