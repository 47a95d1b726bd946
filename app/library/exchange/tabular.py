"""What every layout that is a table shares: which column is what, rows as entries, and writing one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.library.errors import LibraryError
from app.library.exchange.layout import Asked, Entry, Reading, split_named
from app.library.exchange.scale import Scale
from app.library.exchange.table import Table, has_decimal_comma, number
from app.library.exchange.writing import replacing

PATHS: Final = (
    "path", "rel_path", "image_path", "img_path", "image_name", "image", "file_name", "img_name", "img", "file",
    "name", "stimulus",
)  # fmt: skip
SCORES: Final = ("mos", "score", "raw_score", "value", "rating", "quality", "label", "mean", "mos_zscore", "jod")
SPREADS: Final = ("mos_std", "std", "sd", "stdev", "jod_std")
COUNTS: Final = ("mos_n", "n", "c_total", "n_ratings", "votes")
SPLITS: Final = ("split", "official_split", "set")
_LOOKED_AT: Final = 200
_MOST_OPINIONS: Final = 1e6


@dataclass(frozen=True)
class Columns:
    """Indices of the columns that a layout uses; `kept` go along as `extra`."""

    path: int
    score: int
    sd: int | None = None
    n: int | None = None
    split: int | None = None
    scene: int | None = None
    kept: tuple[int, ...] = ()


def find_columns(table: Table, asked: Asked, file: Path, *, keep: Sequence[str] = (), scene: str = "") -> Columns:
    """The columns that were asked for, else those of a known name, else the only ones that can be meant.

    Raises:
        LibraryError: a column is not there, or more than one could be the score.
    """
    score = _given(table, asked.score_column, file) if asked.score_column else first(table, SCORES)
    path = _given(table, asked.path_column, file) if asked.path_column else first(table, PATHS)
    numeric = _numeric(table)
    if path is None:
        others = [i for i in range(len(table.header)) if i not in numeric and i != score]
        path = others[0] if others else (0 if score != 0 else None)
    if score is None:
        others = [i for i in sorted(numeric) if i != path]
        if len(others) > 1:
            names = ", ".join(f"'{table.header[i]}'" for i in others)
            raise LibraryError(f"{file.name} has several columns of numbers: {names}.", "Say which is the score.")
        score = others[0] if others else None
    if path is None or score is None:
        found = ", ".join(f"'{name}'" for name in table.header)
        raise LibraryError(
            f"{file.name} has no column of image names with a column of scores (it has {found}).",
            "Say which columns hold the image names and the scores.",
        )
    kept = tuple(i for name in keep if (i := first(table, (name,))) is not None and i not in (path, score))
    return Columns(
        path,
        score,
        sd=first(table, SPREADS),
        n=first(table, COUNTS),
        split=first(table, SPLITS),
        scene=first(table, (scene,)) if scene else None,
        kept=kept,
    )


def entries(table: Table, columns: Columns) -> list[Entry]:
    """The rows of a table, each as what it says of one image."""
    names = [(table.header[i].strip(), i) for i in columns.kept]
    out = []
    for line, row in zip(table.lines, table.rows, strict=True):
        cell = row[columns.score]
        value = number(cell)
        if table.named is not None and any(row[table.named :]):  # a comma inside a number, most likely
            cell, value = table.delimiter.join(filter(None, row)), None
        n = _cell_number(row, columns.n)
        extra: dict[str, Any] = {name: _typed(row[i]) for name, i in names if row[i]}
        if columns.split is not None and row[columns.split] and not split_named(row[columns.split]):
            extra["split"] = row[columns.split]
        out.append(
            Entry(
                line=line,
                name=row[columns.path],
                value=cell if value is None else value,
                sd=_cell_number(row, columns.sd),
                n=int(n) if n is not None and 0 < n < _MOST_OPINIONS else None,
                split=split_named(row[columns.split]) if columns.split is not None else "",
                scene=row[columns.scene] if columns.scene is not None else "",
                extra=extra or None,
            )
        )
    return out


def reading(table: Table, columns: Columns, scale: Scale, found: Sequence[Entry] | None = None) -> Reading:
    """A table as most layouts understand it; what else a layout knows it puts in with `replace`.

    Args:
        found: what `entries` gave, where the layout has looked at it; by default it is read here.
    """
    return Reading(
        entries=entries(table, columns) if found is None else found,
        report=_report(table, columns),
        scale=scale,
        columns=table.header,
        path_column=table.header[columns.path],
        score_column=table.header[columns.score],
    )


def _report(table: Table, columns: Columns) -> str:
    """How a table was read, for people."""
    commas = any(has_decimal_comma(row[columns.score]) for row in table.rows)
    return table.report + (", decimal commas" if commas else "")


def first(table: Table, names: Sequence[str]) -> int | None:
    """The first of these columns that a table with a header has."""
    if not table.has_header:
        return None
    return next((i for name in names if (i := table.column(name)) is not None), None)


def write_table(file: Path, header: Sequence[str], rows: Iterable[Sequence[Any]], *, delimiter: str = ",") -> None:
    """Write a table as UTF-8, whole or not at all; None is an empty cell, numbers keep every digit.

    Raises:
        LibraryError: the file cannot be written; one that was there stays.
    """
    with replacing(file) as partial, partial.open("w", encoding="utf-8", newline="") as stream:
        stream.write(table_text(header, rows, delimiter=delimiter))


def table_text(header: Sequence[str], rows: Iterable[Sequence[Any]], *, delimiter: str = ",") -> str:
    """A table as text; without `header`, only the rows."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    if header:
        writer.writerow(header)
    writer.writerows([_text(cell) for cell in row] for row in rows)
    return stream.getvalue()


def _text(cell: Any) -> Any:
    if isinstance(cell, float):
        return repr(cell)
    return "" if cell is None else cell


def _typed(cell: str) -> str | float | int:
    value = number(cell)
    if value is None:
        return cell
    return int(value) if cell.strip().lstrip("+-").isdigit() else value


def _cell_number(row: Sequence[str], index: int | None) -> float | None:
    return None if index is None else number(row[index])


def _given(table: Table, name: str, file: Path) -> int:
    index = table.column(name)
    if index is None:
        found = ", ".join(f"'{known}'" for known in table.header)
        raise LibraryError(f"{file.name} has no column '{name}'.", f"It has {found}.")
    return index


def _numeric(table: Table) -> set[int]:
    """Columns in which most of the first cells that are filled are numbers."""
    out = set()
    for i in range(len(table.header)):
        filled: list[Any] = [row[i] for row in table.rows[:_LOOKED_AT] if row[i]]
        if filled and sum(number(cell) is not None for cell in filled) * 2 > len(filled):
            out.add(i)
    return out
