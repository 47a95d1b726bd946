"""`fiqa labels`: bring labels into a library, or take them out, without a window."""

from __future__ import annotations

import getpass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from app.library import people
from app.library.exchange import csv_layout
from app.library.exchange.matching import Rule
from app.library.exchange.plan import ImportPlan, OnConflict
from app.library.library import Library
from engine.errors import UserError

labels_app = typer.Typer(no_args_is_help=True, help="Bring labels into a library, or take them out.")
_SHOWN: Final = 50


class Layout(StrEnum):
    """Label layouts that are there."""

    csv = "csv"


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
LayoutOption = Annotated[Layout, typer.Option("--layout", help="Layout of the file.")]


@labels_app.command("import")
def import_labels(
    file: Annotated[Path, typer.Argument(help="CSV file with image names and scores.")],
    library: LibraryOption,
    layout: LayoutOption = Layout.csv,
    scale: Annotated[str, typer.Option(help="Worst and best value of the file, A:B.")] = "0:1",
    match: Annotated[Matching, typer.Option(help="How a line finds its image.")] = Matching.auto,
    on_conflict: Annotated[Conflict, typer.Option(help="Where an image has another label.")] = Conflict.mine,
    rater: Annotated[str, typer.Option(help="Who imports; the system's user name by default.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count and list, write nothing.")] = False,
    path_column: Annotated[str, typer.Option(help="Column of image names, by name or number.")] = "",
    score_column: Annotated[str, typer.Option(help="Column of scores, by name or number.")] = "",
    label_set: Annotated[str, typer.Option(help="Name of these labels; the file's name by default.")] = "",
) -> None:
    """Import labels as one act. Exit 0 when every line matched, 1 when some did not, 2 when nothing could be done."""
    try:
        complete = _import(
            file, library, scale, match.value, on_conflict.value, rater, dry_run, path_column, score_column, label_set
        )
    except UserError as error:
        _refuse(error)
    raise typer.Exit(0 if complete else 1)


@labels_app.command("export")
def export_labels(
    file: Annotated[Path, typer.Argument(help="CSV file to write.")],
    library: LibraryOption,
    layout: LayoutOption = Layout.csv,
) -> None:
    """Write every image that has a label or a flag."""
    try:
        with Library.open(library) as opened:
            count = csv_layout.export_labels(opened, file)
    except UserError as error:
        _refuse(error)
    typer.echo(f"Wrote {count:,} images to {file}.")


def _import(
    file: Path,
    library: Path,
    scale: str,
    match: Rule,
    on_conflict: OnConflict,
    rater: str,
    dry_run: bool,
    path_column: str,
    score_column: str,
    label_set: str,
) -> bool:
    with Library.open(library) as opened:
        plan = csv_layout.plan_import(
            opened,
            file,
            path_column=path_column or None,
            score_column=score_column or None,
            scale=_scale(scale),
            match=match,
            label_set=label_set or None,
        )
        _show(plan)
        if dry_run:
            typer.echo("Dry run: nothing was written.")
            return plan.complete
        who = people.ensure_rater(opened, rater or getpass.getuser())
        session_id = people.start_session(opened, who.id)
        changes = csv_layout.apply_import(opened, plan, on_conflict=on_conflict, rater_id=who.id, session_id=session_id)
        typer.echo(f"{changes.text[:1].upper()}{changes.text[1:]}.")
        return plan.complete


def _scale(text: str) -> tuple[float, float]:
    try:
        low, high = (float(part) for part in text.split(":"))
    except ValueError:
        raise UserError(f"'{text}' is no scale.", "Give the worst and the best value, such as 1:5.") from None
    return low, high


def _show(plan: ImportPlan) -> None:
    typer.echo(plan.text)
    for skip in plan.skipped[:_SHOWN]:
        typer.echo(f"  line {skip.line}: {skip.text}: {skip.reason}", err=True)
    if len(plan.skipped) > _SHOWN:
        typer.echo(f"  and {len(plan.skipped) - _SHOWN:,} more lines", err=True)


def _refuse(error: UserError) -> None:
    typer.echo(str(error), err=True)
    raise typer.Exit(2) from error
