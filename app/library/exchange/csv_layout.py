"""Labels as CSV: import any table with a name and a score column, export `labels.csv` of the native layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.library import events, outcome
from app.library.changes import Changes
from app.library.errors import LibraryError
from app.library.events import CORRECTION, IMPORTED, RATING, Setting
from app.library.exchange.export import export_labels
from app.library.exchange.matching import RULES, Index, Rule
from app.library.exchange.plan import ImportPlan, Match, OnConflict, SetKind, Skipped
from app.library.exchange.table import Table, has_decimal_comma, number, read_table
from app.library.library import Library
from app.library.people import find_or_add
from app.library.schema import LabelSet
from engine.run import now

__all__ = ["ImportPlan", "apply_import", "export_labels", "plan_import"]

_PATHS: Final = (
    "path", "rel_path", "image_path", "img_path", "image_name", "image", "file_name", "img", "file", "name", "stimulus",
)  # fmt: skip
_SCORES: Final = ("mos", "score", "raw_score", "value", "rating", "quality", "label", "mean", "mos_zscore", "jod")
_SPREADS: Final = ("mos_std", "std", "sd", "stdev", "jod_std")
_COUNTS: Final = ("mos_n", "n", "c_total", "n_ratings", "votes")
_SAME: Final = 1e-6


@dataclass(frozen=True)
class _Columns:
    path: int
    score: int
    sd: int | None
    n: int | None


def plan_import(
    library: Library,
    file: Path,
    *,
    path_column: str | None = None,
    score_column: str | None = None,
    scale: tuple[float, float] = (0.0, 1.0),
    match: Rule = "auto",
    label_set: str | None = None,
    kind: SetKind = "mos",
) -> ImportPlan:
    """A dry run: what the file would change. A value v becomes (v - a) / (b - a) for `scale` (a, b); a > b inverts.

    Columns are given by name or by number from 1, else guessed. A line whose value is no number or outside the scale,
    whose name fits no image or more than one, or whose image was named before, is listed and left out.

    Raises:
        LibraryError: the file is no table, a column is not to be found, or the scale is empty.
    """
    if match not in RULES:
        raise LibraryError(f"There is no match rule '{match}'.", f"Use one of {', '.join(RULES)}.")
    if not scale[1] - scale[0]:
        raise LibraryError("The scale is empty.", "Give its worst and its best value, such as 1:5.")
    table = read_table(file)
    columns = _find_columns(table, path_column or ("sha256" if match == "hash" else None), score_column, file)
    sorted_lines = _Sorter(Index(library), columns, scale, match)
    for line, row in zip(table.lines, table.rows, strict=True):
        sorted_lines.add(line, row)
    name = label_set or file.stem
    report = table.report + (", decimal commas" if any(has_decimal_comma(r[columns.score]) for r in table.rows) else "")
    return ImportPlan(
        file=file,
        label_set=name,
        kind=kind,
        scale=scale,
        path_column=table.header[columns.path],
        score_column=table.header[columns.score],
        report=report,
        matched=tuple(sorted_lines.matched.values()),
        conflicts=tuple(m for m in sorted_lines.matched.values() if _conflicts(m, name)),
        **{key: tuple(lines) for key, lines in sorted_lines.skipped.items()},
    )


def apply_import(
    library: Library,
    plan: ImportPlan,
    *,
    on_conflict: OnConflict = "mine",
    rater_id: int,
    session_id: int | None,
    initiator: object | None = None,
) -> Changes:
    """Write a plan as one act, which one undo takes back.

    Where an image has another label: `mine` leaves it out, `theirs` lets the file's value go before it, and `rater`
    takes every line of the file as the opinion of one more rater, named after the label set.
    """
    if on_conflict not in ("mine", "theirs", "rater"):
        raise LibraryError(f"There is no answer '{on_conflict}' to a conflict.", "Use mine, theirs or rater.")
    differing = {m.image_id for m in plan.conflicts}
    used = [m for m in plan.matched if on_conflict != "mine" or m.image_id not in differing]
    if not used:
        return Changes(0, "import", text=f"nothing to import from {plan.file.name}", initiator=initiator)
    ids = [m.image_id for m in used]
    text = f"imported {len(used):,} label{'' if len(used) == 1 else 's'} from {plan.file.name}"
    with library.write() as session:
        seen = events.seen(session, ids)
        seq = events.begin_act(session, "import", text, rater_id=rater_id, session_id=session_id)
        set_id, set_name = _label_set(session, plan)
        if on_conflict == "rater":
            other = find_or_add(session, set_name).id
            ratings = [Setting(m.image_id, other, m.mos, {"mode": "open"}) for m in used]
            events.append(session, seq, RATING, ratings, seen)
        else:
            more = [{"sd": m.sd, "n": m.n, "extra": {"raw": m.raw, "line": m.line}} for m in used]
            labels = [Setting(m.image_id, set_id, m.mos, x) for m, x in zip(used, more, strict=True)]
            events.append(session, seq, IMPORTED, labels, seen)
        if on_conflict == "theirs":
            why = {"why": f"taken from {plan.file.name}", "label_set_id": set_id}
            taken = [Setting(m.image_id, None, m.mos, why) for m in plan.conflicts]
            events.append(session, seq, CORRECTION, taken, seen)
        outcome.refresh_mos(session, ids)
    return Changes(seq, "import", tuple(sorted(ids)), labels=True, text=text, initiator=initiator)


def _label_set(session: Session, plan: ImportPlan) -> tuple[int, str]:
    """The label set of the plan's name, scale and kind; another one of that name gets company under 'name (2)'."""
    known = {s.name: s for s in session.scalars(select(LabelSet))}
    name, count = plan.label_set, 1
    while name in known:
        s = known[name]
        if (s.scale_low, s.scale_high, s.kind) == (*plan.scale, plan.kind):
            return s.id, name
        count += 1
        name = f"{plan.label_set} ({count})"
    low, high = plan.scale
    row = {"name": name, "kind": plan.kind, "scale_low": low, "scale_high": high, "source": plan.file.name}
    row |= {"mapping": f"(v - {low:g}) / ({high:g} - {low:g})", "created_at": now()}
    session.execute(insert(LabelSet).values(row))
    return session.scalars(select(LabelSet.id).where(LabelSet.name == name)).one(), name


def _conflicts(m: Match, label_set: str) -> bool:
    """Another label with another value; a new value from the same set is an update, no conflict."""
    if m.present_mos is None or m.present_provenance == f"imported:{label_set}":
        return False
    return abs(m.present_mos - m.mos) > _SAME


class _Sorter:
    """Sorts a file's lines into those that match and those that do not, each with its reason."""

    def __init__(self, index: Index, columns: _Columns, scale: tuple[float, float], rule: Rule) -> None:
        self._index, self._columns, self._scale, self._rule = index, columns, scale, rule
        self.matched: dict[int, Match] = {}
        self.skipped: dict[str, list[Skipped]] = {
            name: [] for name in ("missing", "ambiguous", "duplicates", "bad", "empty")
        }

    def add(self, line: int, row: Sequence[str]) -> None:
        """Put one line where it belongs."""
        text, cell = row[self._columns.path], row[self._columns.score]
        value = number(cell)
        low, high = self._scale
        if not cell:
            self._skip("empty", line, text, "there is no value")
        elif value is None:
            self._skip("bad", line, text, f"'{cell}' is no number")
        elif not min(low, high) <= value <= max(low, high):
            self._skip("bad", line, text, f"{cell} is outside the scale {low:g} to {high:g}")
        else:
            self._match(line, row, text, value)

    def _match(self, line: int, row: Sequence[str], text: str, value: float) -> None:
        found = self._index.find(text, self._rule)
        image = found.image
        if image is None:
            self._skip("ambiguous" if found.ambiguous else "missing", line, text, found.how)
            return
        first = self.matched.get(image.id)
        if first is not None:
            differs = "" if first.raw == value else f" with another value ({first.raw:g}, here {value:g})"
            self._skip("duplicates", line, text, f"line {first.line} names the same image{differs}; that one counts")
            return
        low, high = self._scale
        sd = number(row[self._columns.sd]) if self._columns.sd is not None else None
        n = number(row[self._columns.n]) if self._columns.n is not None else None
        self.matched[image.id] = Match(
            line=line,
            text=text,
            image_id=image.id,
            path=Path(image.path),
            raw=value,
            mos=min(1.0, max(0.0, (value - low) / (high - low))),
            sd=None if sd is None or sd < 0 else sd / abs(high - low),
            n=int(n) if n is not None and 0 < n < 1e6 else None,
            how=found.how,
            present_mos=image.mos,
            present_provenance=image.provenance,
        )

    def _skip(self, why: str, line: int, text: str, reason: str) -> None:
        self.skipped[why].append(Skipped(line, text, reason))


# -- columns ---------------------------------------------------------------------------------------------------------


def _find_columns(table: Table, path_column: str | None, score_column: str | None, file: Path) -> _Columns:
    score = _given(table, score_column, file) if score_column else _first(table, _SCORES)
    path = _given(table, path_column, file) if path_column else _first(table, _PATHS)
    numeric = _numeric(table)
    if path is None:
        others = [i for i in range(len(table.header)) if i not in numeric and i != score]
        path = others[0] if others else (0 if score != 0 else None)
    if score is None:
        others = [i for i in sorted(numeric) if i != path]
        if len(others) > 1 and table.has_header:
            names = ", ".join(f"'{table.header[i]}'" for i in others)
            raise LibraryError(f"{file.name} has several columns of numbers: {names}.", "Say which is the score.")
        score = others[0] if others else None
    if path is None or score is None:
        found = ", ".join(f"'{name}'" for name in table.header)
        raise LibraryError(
            f"{file.name} has no column of image names with a column of scores (it has {found}).",
            "Say which columns hold the image names and the scores.",
        )
    return _Columns(path, score, _first(table, _SPREADS), _first(table, _COUNTS))


def _given(table: Table, name: str, file: Path) -> int:
    index = table.column(name)
    if index is None:
        found = ", ".join(f"'{known}'" for known in table.header)
        raise LibraryError(f"{file.name} has no column '{name}'.", f"It has {found}.")
    return index


def _first(table: Table, names: Sequence[str]) -> int | None:
    if not table.has_header:
        return None
    return next((i for name in names if (i := table.column(name)) is not None), None)


def _numeric(table: Table) -> set[int]:
    """Columns in which most of the first cells that are filled are numbers."""
    out = set()
    for i in range(len(table.header)):
        filled: list[Any] = [row[i] for row in table.rows[:200] if row[i]]
        if filled and sum(number(cell) is not None for cell in filled) * 2 > len(filled):
            out.add(i)
    return out
