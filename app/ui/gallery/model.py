"""What the gallery shows and in which order: NumPy columns, one permutation, a selection. No widget, no SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from app.library.columns import Columns
from app.library.query import Context
from app.library.query.evaluate import usual_difference
from app.library.query.sorting import Usual
from app.library.query.sorting import values as sort_values
from app.ui.gallery.extra import ShownExtra
from app.ui.gallery.filtering import STILL, Floats, Mask, Positions, Query, Ranking, mask, name_ranks, order, understood

__all__ = ["GalleryModel", "Query"]

_NOWHERE: Final = -1


class GalleryModel(QObject):
    """The rows on show.

    The order never changes by itself: scores and labels that arrive repaint their tile and are counted in
    `stale`; `resort` puts everything in its place. An edited row that no longer matches stays, as one of `left`.

    Signals:
        reordered: other rows, or another order.
        extended: new rows came at the end.
        rows_changed(object): image ids (set) whose content changed.
        current_changed(int): image id, -1 for none.
        selection_changed: the set of selected images changed.
        stale_changed(int): how many rows are out of place.
    """

    reordered = Signal()
    extended = Signal()
    rows_changed = Signal(object)
    current_changed = Signal(int)
    selection_changed = Signal()
    stale_changed = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: Columns = Columns.empty()
        self.is_complete = True
        self.query = Query()
        self.context = Context()
        self.extra: ShownExtra | None = None
        self.display_scale = (0.0, 1.0)
        self.reference = ""  # whose percentiles the scores are shown as; empty: they are shown themselves
        self.random: Ranking = lambda columns: np.arange(len(columns), dtype=np.float64)
        self.selection: set[int] = set()
        self.left: set[int] = set()
        self.current = _NOWHERE
        self._order: Positions = np.empty(0, dtype=np.intp)
        self._position_of: Positions = np.empty(0, dtype=np.intp)  # by row; nowhere where a row is hidden
        self._stale: set[int] = set()
        self._ranks: dict[str, Floats] = {}
        self._usual: Usual | None = None
        self._hidden: tuple[int, frozenset[int]] = (_NOWHERE, frozenset())
        self._list: list[int] | None = None
        self.blind = False
        """Whether scores and labels are hidden, so that an opinion is formed without them."""

    # -- content -----------------------------------------------------------------------------------

    def set_columns(self, columns: Columns, *, complete: bool = True) -> None:
        """Replace everything, e.g. after opening a library or changing the model.

        Not `complete` are the rows of the first screen, while the others are being read.
        """
        self.columns, self.is_complete = columns, complete
        self._ranks.clear()
        self.resort()

    def patch(self, part: Columns) -> None:
        """Rows that changed or are new. New ones go to the end until the next `resort`.

        The work grows with the rows of `part`, not with those of the library: patches come several times a second.
        """
        known = len(self.columns)
        rows = self.columns.rows_of(part.id)
        before = self._sorted_by(self.columns.taken(rows[rows >= 0]))
        self.columns = self.columns.patched(part)
        matching = self._mask(part)
        if len(self.columns) != known:
            self._ranks.clear()
            rows = self.columns.rows_of(part.id)
            self._append_new(rows[(rows >= known) & matching])
        shown = self._position_of[rows] != _NOWHERE
        self.left.difference_update(part.id[matching].tolist())
        self.left.update(part.id[shown & ~matching].tolist())
        self.rows_changed.emit(set(part.id.tolist()))
        moved = rows >= known
        moved[~moved] = _differ(before, self._sorted_by(part)[~moved])
        self._count_stale(part.id[(moved & (shown | matching)) | (shown & ~matching)])

    def _mask(self, columns: Columns) -> Mask:
        """Which of these rows the query lets through; suspicion is measured by what was usual at the last `resort`."""
        return mask(columns, self.query, replace(self.context, usual=self._usual), self.display_scale)

    def _sorted_by(self, columns: Columns) -> Floats:
        """float64 [N]: what the present sort goes by; suspicion, again, by what was usual at the last `resort`."""
        key = self.query.sort
        return np.zeros(len(columns)) if key in STILL else sort_values(columns, key, self._usual)

    def _ranking(self) -> Floats:
        """float64 [N]: the same for every row, also where nothing but the rows' names or chance decides."""
        key = self.query.sort
        if key not in STILL:
            return self._sorted_by(self.columns)
        if key not in self._ranks:
            self._ranks[key] = name_ranks(self.columns) if key == "name" else self.random(self.columns)
        return self._ranks[key]

    def _append_new(self, rows: Positions) -> None:
        if self._list is not None:
            rows = rows[:0]
        self._order = np.concatenate([self._order, np.sort(rows)])
        self._index_positions()
        if rows.size:
            self.extended.emit()

    def _count_stale(self, ids: npt.NDArray[np.int64]) -> None:
        self._stale.update(ids.tolist())
        self.stale_changed.emit(len(self._stale))

    def _index_positions(self) -> None:
        self._position_of = np.full(len(self.columns), _NOWHERE, dtype=np.intp)
        self._position_of[self._order] = np.arange(len(self._order))

    def _positions(self, ids: Iterable[int]) -> Positions:
        """intp [n]: where images are in the present order; nowhere where they are hidden or unknown."""
        rows = self.columns.rows_of(np.fromiter(ids, dtype=np.int64))
        found = np.full(len(rows), _NOWHERE, dtype=np.intp)
        found[rows >= 0] = self._position_of[rows[rows >= 0]]
        return found

    # -- order -------------------------------------------------------------------------------------

    def set_query(self, **changes: object) -> None:
        """Change filters or sort, e.g. `set_query(sort="mos", descending=False)`.

        Raises:
            QueryError: the filter cannot be understood; what was shown stays.
        """
        changed = replace(self.query, **changes)  # type: ignore[arg-type]
        if changed != self.query or self._list is not None:
            understood(changed.filter, self.display_scale)
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
        suspects = "suspect" in self.query.filter or self.query.sort == "suspect"
        self._usual = usual_difference(self.columns, self.context) if suspects else None
        if self._list is not None:
            rows = self.columns.rows_of(self._list)
            self._order = rows[rows >= 0].astype(np.intp)
        else:
            through = np.flatnonzero(self._mask(self.columns))
            self._order = order(self.columns, through, self._ranking(), descending=self.query.descending)
        self._index_positions()
        self.left.clear()
        self._drop_hidden()
        self._stale.clear()
        self.stale_changed.emit(0)
        self.reordered.emit()

    def shuffle(self) -> None:
        """The random order is another one from now on."""
        self._ranks.pop("random", None)

    def _drop_hidden(self) -> None:
        """Let go of what is hidden, and take it up again when it comes back before anything else was chosen."""
        seen = self._shown(self.selection)
        gone = self.position(self.current) == _NOWHERE
        if not seen and gone:
            if self.current != _NOWHERE:
                self._hidden = (self.current, frozenset(self.selection))
            current, selection = self._hidden
            back = self.position(current) != _NOWHERE
            self.select(self._shown(selection) if back else set())
            self.set_current(current if back else _NOWHERE, select=False)
            return
        self.select(seen)
        if gone:
            self.set_current(_NOWHERE, select=False)

    def _shown(self, ids: Iterable[int]) -> set[int]:
        chosen = np.fromiter(ids, dtype=np.int64)
        return set(chosen[self._positions(chosen) != _NOWHERE].tolist())

    def reveal(self, image_id: int) -> None:
        """Make an image the current one; where a filter hides it, it is added at the end until the next `resort`."""
        row = self.row(image_id)
        if row < 0:
            return
        if self._position_of[row] == _NOWHERE:
            self._order = np.append(self._order, row)
            self._index_positions()
            self.left.add(image_id)
            self.extended.emit()
        self.set_current(image_id)

    @property
    def stale(self) -> int:
        """How many rows are out of place since the last `resort`."""
        return len(self._stale)

    def __len__(self) -> int:
        return int(self._order.size)

    def id_at(self, position: int) -> int:
        """Image id at a position of the present order."""
        return int(self.columns.id[self._order[position]])

    def ids_between(self, first: int, last: int) -> list[int]:
        """Image ids at positions first..last, both included, cut to what exists."""
        ids: list[int] = self.columns.id[self._order[max(0, first) : max(0, last + 1)]].tolist()
        return ids

    def position(self, image_id: int) -> int:
        """Position of an image, -1 if it is filtered out."""
        row = self.row(image_id)
        return int(self._position_of[row]) if row >= 0 else _NOWHERE

    def row(self, image_id: int) -> int:
        """Row of an image in `columns`, -1 if unknown."""
        return self.columns.row_of(image_id)

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

    def step(self, by: int, *, extend: bool = False, unlabelled: bool = False) -> bool:
        """Move the current image by so many positions; `unlabelled` goes on to the next without a MOS that can be read.

        Returns whether there is one.
        """
        if not len(self):
            return False
        here = self.position(self.current)
        to = 0 if here == _NOWHERE else here + by
        if unlabelled and here != _NOWHERE:
            direction = 1 if by > 0 else -1
            ahead = self._order[to:] if by > 0 else self._order[: to + 1][::-1]
            unread = self.columns.problem[ahead] != ""
            free = np.flatnonzero(np.isnan(self.columns.mos[ahead]) & ~unread & ~self.columns.missing[ahead])
            if not free.size:
                return False
            to += direction * int(free[0])
        to = min(len(self) - 1, max(0, to))
        if extend:
            self.select(self.selection | {self.id_at(to)})
        self.set_current(self.id_at(to), select=not extend)
        return True

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
        """Select all that is shown; nothing while there is more than that, for it would pass for all."""
        if not self.is_complete:
            return
        self.select(self.ids_between(0, len(self) - 1))

    def targets(self) -> list[int]:
        """The images an edit applies to: the selection, in the order shown."""
        chosen = np.fromiter(self.selection, dtype=np.int64)
        positions = self._positions(chosen)
        order_ = np.argsort(positions)
        ids: list[int] = chosen[order_][positions[order_] != _NOWHERE].tolist()
        return ids


def _differ(before: Floats, now: Floats) -> Mask:
    return np.asarray((before != now) & ~(np.isnan(before) & np.isnan(now)), dtype=bool)
