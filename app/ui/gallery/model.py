"""What the gallery shows and in which order: NumPy columns, one permutation, a selection. No widget, no SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from app.library.columns import Columns

SortKey = Literal["score", "mos", "difference", "name", "date", "size"]
View = Literal["all", "unlabelled", "labelled", "problems", "missing"]
Positions = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Query:
    """Which rows, and in which order."""

    view: View = "all"
    folder: int | None = None
    low: float | None = None
    high: float | None = None
    text: str = ""
    sort: SortKey = "score"
    descending: bool = True


def sort_values(columns: Columns, key: SortKey) -> npt.NDArray[np.float64]:
    """The numbers a sort goes by, float64 [N]; names and paths become their rank."""
    if key == "score":
        return columns.score.astype(np.float64)
    if key == "mos":
        return columns.mos.astype(np.float64)
    if key == "difference":
        return np.abs(columns.mos.astype(np.float64) - columns.shown)
    if key == "date":
        return columns.mtime_ns.astype(np.float64)
    if key == "size":
        return columns.size.astype(np.float64)
    _, ranks = np.unique(np.array([p.casefold() for p in columns.path], dtype=np.str_), return_inverse=True)
    return ranks.astype(np.float64)


def order(columns: Columns, query: Query, name_ranks: npt.NDArray[np.float64] | None = None) -> Positions:
    """Row numbers that the query lets through, sorted; rows without a value come last in either direction.

    `name_ranks`: `sort_values(columns, "name")` where it is known already, since it is slow.
    """
    rows = np.flatnonzero(_mask(columns, query))
    by_name = query.sort == "name" and name_ranks is not None
    values = (name_ranks if by_name and name_ranks is not None else sort_values(columns, query.sort))[rows]
    keys = -values if query.descending else values
    # Stable, and NaN sorts last: equal and missing values keep the order of the file names.
    by_id = np.argsort(columns.id[rows], kind="stable")
    return rows[by_id][np.argsort(keys[by_id], kind="stable")]


def _mask(columns: Columns, query: Query) -> npt.NDArray[np.bool_]:
    has_problem = np.array([bool(p) for p in columns.problem], dtype=bool)
    mask: npt.NDArray[np.bool_] = {
        "all": ~columns.missing,
        "unlabelled": np.isnan(columns.mos) & ~columns.missing & ~has_problem,
        "labelled": ~np.isnan(columns.mos) & ~columns.missing,
        "problems": has_problem,
        "missing": columns.missing.copy(),
    }[query.view]
    if query.folder is not None:
        mask &= columns.folder == query.folder
    if query.low is not None:
        mask &= columns.shown >= query.low
    if query.high is not None:
        mask &= columns.shown <= query.high
    if query.text:
        needle = query.text.casefold()
        mask &= np.array([needle in p.casefold() for p in columns.path], dtype=bool)
    return mask


_NOWHERE: Final = -1


class GalleryModel(QObject):
    """The rows on show.

    The order never changes by itself: scores and labels that arrive repaint their tile and are counted in
    `stale`; `resort` puts everything in its place. An edited row stays although it no longer matches.

    Signals:
        reordered: other rows, or another order.
        rows_changed(object): image ids (set) whose content changed.
        current_changed(int): image id, -1 for none.
        selection_changed: the set of selected images changed.
        stale_changed(int): how many rows are out of place.
    """

    reordered = Signal()
    rows_changed = Signal(object)
    current_changed = Signal(int)
    selection_changed = Signal()
    stale_changed = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: Columns = Columns.empty()
        self.query = Query()
        self.selection: set[int] = set()
        self.current = _NOWHERE
        self._order: Positions = np.empty(0, dtype=np.intp)
        self._row_of: dict[int, int] = {}
        self._position_of: dict[int, int] = {}
        self._stale: set[int] = set()
        self._list: list[int] | None = None
        self.blind = False
        """Whether scores and labels are hidden, so that an opinion is formed without them."""
        self._name_ranks: npt.NDArray[np.float64] | None = None

    # -- content -----------------------------------------------------------------------------------

    def set_columns(self, columns: Columns) -> None:
        """Replace everything, e.g. after opening a library or changing the model."""
        self.columns = columns
        self._name_ranks = None
        self._index_rows()
        self.resort()

    def patch(self, part: Columns) -> None:
        """Rows that changed or are new. New ones go to the end until the next `resort`."""
        known = len(self.columns.id)
        # A name never changes, so under that sort only new rows are out of place.
        before = np.zeros(known) if self.query.sort == "name" else sort_values(self.columns, self.query.sort)
        self.columns = self.columns.patched(part)
        if len(self.columns.id) != known:
            self._name_ranks = None
            self._index_rows()
            self._append_new(known)
        ids = {int(i) for i in part.id}
        self.rows_changed.emit(ids)
        self._count_stale(part, before)

    def _append_new(self, known: int) -> None:
        if self._list is not None:
            return
        fresh = np.arange(known, len(self.columns.id))
        shown = fresh[_mask(self.columns, self.query)[known:]]
        if shown.size:
            self._order = np.concatenate([self._order, shown])
            self._index_positions()
            self.reordered.emit()

    def _count_stale(self, part: Columns, before: npt.NDArray[np.float64]) -> None:
        rows = self.columns.rows_of(part.id)
        new = rows >= len(before)
        moved = np.ones(len(rows), dtype=bool)
        if self.query.sort == "name":
            moved[:] = new
        else:
            after = sort_values(self.columns, self.query.sort)
            was, now = before[rows[~new]], after[rows[~new]]
            moved[~new] = (was != now) & ~(np.isnan(was) & np.isnan(now))
        self._stale.update(int(i) for i in self.columns.id[rows[moved]])
        self.stale_changed.emit(len(self._stale))

    def _index_rows(self) -> None:
        self._row_of = {int(image): row for row, image in enumerate(self.columns.id)}

    def _index_positions(self) -> None:
        ids = self.columns.id[self._order]
        self._position_of = {int(image): position for position, image in enumerate(ids)}

    # -- order -------------------------------------------------------------------------------------

    def set_query(self, **changes: object) -> None:
        """Change filters or sort, e.g. `set_query(sort="mos", descending=False)`."""
        changed = replace(self.query, **changes)  # type: ignore[arg-type]
        if changed != self.query or self._list is not None:
            self.query, self._list, self.blind = changed, None, False
            self.resort()

    def show_list(self, ids: Sequence[int], *, blind: bool = False) -> None:
        """Show these images in this order, until the next `set_query`."""
        self._list, self.blind = list(ids), blind
        self.resort()

    @property
    def is_list(self) -> bool:
        """Whether a fixed list is shown instead of what the query lets through."""
        return self._list is not None

    def resort(self) -> None:
        """Apply the query afresh. What stays in view stays selected; what a filter hides can no longer be edited."""
        if self.query.sort == "name" and self._name_ranks is None:
            self._name_ranks = sort_values(self.columns, "name")
        if self._list is not None:
            rows = self.columns.rows_of(self._list)
            self._order = rows[rows >= 0].astype(np.intp)
        else:
            self._order = order(self.columns, self.query, self._name_ranks)
        self._index_positions()
        self._drop_hidden()
        self._stale.clear()
        self.stale_changed.emit(0)
        self.reordered.emit()

    def _drop_hidden(self) -> None:
        self.select({i for i in self.selection if i in self._position_of})
        if self.current not in self._position_of:
            self.set_current(_NOWHERE, select=False)

    def reveal(self, image_id: int) -> None:
        """Make an image the current one; where a filter hides it, it is added at the end until the next `resort`."""
        row = self.row(image_id)
        if row < 0:
            return
        if image_id not in self._position_of:
            self._order = np.append(self._order, row)
            self._index_positions()
            self.reordered.emit()
        self.set_current(image_id)

    @property
    def stale(self) -> int:
        """How many rows changed their sort value since the last `resort`."""
        return len(self._stale)

    def __len__(self) -> int:
        return int(self._order.size)

    def id_at(self, position: int) -> int:
        """Image id at a position of the present order."""
        return int(self.columns.id[self._order[position]])

    def ids_between(self, first: int, last: int) -> list[int]:
        """Image ids at positions first..last, both included, cut to what exists."""
        return [int(i) for i in self.columns.id[self._order[max(0, first) : max(0, last + 1)]]]

    def position(self, image_id: int) -> int:
        """Position of an image, -1 if it is filtered out."""
        return self._position_of.get(image_id, _NOWHERE)

    def row(self, image_id: int) -> int:
        """Row of an image in `columns`, -1 if unknown."""
        return self._row_of.get(image_id, _NOWHERE)

    def shown(self, name: str) -> npt.NDArray[np.generic]:
        """One column in the present order."""
        values: npt.NDArray[np.generic] = getattr(self.columns, name)[self._order]
        return values

    # -- current and selection -----------------------------------------------------------------------

    def set_current(self, image_id: int, *, select: bool = True) -> None:
        """Make an image the current one; by default it becomes the whole selection too."""
        if select:
            self.select({image_id} if image_id != _NOWHERE else set())
        if image_id != self.current:
            self.current = image_id
            self.current_changed.emit(image_id)

    def step(self, by: int, *, extend: bool = False, unlabelled: bool = False) -> None:
        """Move the current image by so many positions; `unlabelled` goes on to the next without a MOS."""
        if not len(self):
            return
        here = self.position(self.current)
        to = 0 if here == _NOWHERE else here + by
        if unlabelled and here != _NOWHERE:
            direction = 1 if by > 0 else -1
            while 0 <= to < len(self) and not np.isnan(self.columns.mos[self._order[to]]):
                to += direction
            if not 0 <= to < len(self):
                return
        to = min(len(self) - 1, max(0, to))
        if extend:
            self.select(self.selection | {self.id_at(to)})
        self.set_current(self.id_at(to), select=not extend)

    def select(self, ids: Iterable[int]) -> None:
        """Replace the selection."""
        chosen = set(ids)
        if chosen != self.selection:
            self.selection = chosen
            self.selection_changed.emit()

    def select_range(self, image_id: int) -> None:
        """Select from the current image to this one."""
        a, b = self.position(self.current), self.position(image_id)
        if a == _NOWHERE or b == _NOWHERE:
            self.set_current(image_id)
            return
        self.select(self.ids_between(min(a, b), max(a, b)))

    def select_all(self) -> None:
        """Select all that is shown."""
        self.select(self.ids_between(0, len(self) - 1))

    def targets(self) -> list[int]:
        """The images an edit applies to: the selection, in the order shown."""
        shown = [i for i in self.selection if i in self._position_of]
        return sorted(shown, key=self._position_of.__getitem__)
