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
        self.query = Query()
        self.context = Context()
        self.extra: ShownExtra | None = None
        self.display_scale = (0.0, 1.0)
        self.random: Ranking = lambda columns: np.arange(len(columns), dtype=np.float64)
        self.selection: set[int] = set()
        self.left: set[int] = set()
        self.current = _NOWHERE
        self._order: Positions = np.empty(0, dtype=np.intp)
        self._row_of: dict[int, int] = {}
        self._position_of: dict[int, int] = {}
        self._stale: set[int] = set()
        self._ranks: dict[str, Floats] = {}
        self._usual: Usual | None = None
        self._hidden: tuple[int, frozenset[int]] = (_NOWHERE, frozenset())
        self._list: list[int] | None = None
        self.blind = False
        """Whether scores and labels are hidden, so that an opinion is formed without them."""

    # -- content -----------------------------------------------------------------------------------

    def set_columns(self, columns: Columns) -> None:
        """Replace everything, e.g. after opening a library or changing the model."""
        self.columns = columns
        self._ranks.clear()
        self._index_rows()
        self.resort()

    def patch(self, part: Columns) -> None:
        """Rows that changed or are new. New ones go to the end until the next `resort`."""
        known = len(self.columns)
        before = self._values() if self.query.sort not in STILL else np.zeros(known)
        self.columns = self.columns.patched(part)
        if len(self.columns) != known:
            self._ranks.clear()
            self._index_rows()
        matching = self._mask(part)
        if len(self.columns) != known:
            self._append_new(known, part, matching)
        self._note_left(part, matching)
        self.rows_changed.emit({int(i) for i in part.id})
        self._count_stale(part, before, matching)

    def _mask(self, columns: Columns) -> Mask:
        """Which of these rows the query lets through; suspicion is measured by what was usual at the last `resort`."""
        return mask(columns, self.query, replace(self.context, usual=self._usual), self.display_scale)

    def _values(self) -> Floats:
        """float64 [N]: what the present sort goes by."""
        key = self.query.sort
        if key not in STILL:
            return sort_values(self.columns, key)
        if key not in self._ranks:
            self._ranks[key] = name_ranks(self.columns) if key == "name" else self.random(self.columns)
        return self._ranks[key]

    def _append_new(self, known: int, part: Columns, matching: Mask) -> None:
        if self._list is not None:
            return
        rows = self.columns.rows_of(part.id)
        shown = np.sort(rows[(rows >= known) & matching]).astype(np.intp)
        if shown.size:
            self._order = np.concatenate([self._order, shown])
            self._index_positions()
            self.extended.emit()

    def _note_left(self, part: Columns, matching: Mask) -> None:
        for image_id, fits in zip(part.id.tolist(), matching.tolist(), strict=True):
            if fits:
                self.left.discard(image_id)
            elif image_id in self._position_of:
                self.left.add(image_id)

    def _count_stale(self, part: Columns, before: Floats, matching: Mask) -> None:
        rows = self.columns.rows_of(part.id)
        new = rows >= len(before)
        moved = np.ones(len(rows), dtype=bool)
        if self.query.sort in STILL:
            moved[:] = new
        else:
            was, now = before[rows[~new]], self._values()[rows[~new]]
            moved[~new] = (was != now) & ~(np.isnan(was) & np.isnan(now))
        shown = np.array([i in self._position_of for i in part.id.tolist()], dtype=bool)
        moved = (moved & (shown | matching)) | (shown & ~matching)
        self._stale.update(int(i) for i in part.id[moved])
        self.stale_changed.emit(len(self._stale))

    def _index_rows(self) -> None:
        self._row_of = {int(image): row for row, image in enumerate(self.columns.id)}

    def _index_positions(self) -> None:
        ids = self.columns.id[self._order]
        self._position_of = {int(image): position for position, image in enumerate(ids)}

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
        self._usual = usual_difference(self.columns, self.context) if "suspect" in self.query.filter else None
        if self._list is not None:
            rows = self.columns.rows_of(self._list)
            self._order = rows[rows >= 0].astype(np.intp)
        else:
            self._order = order(
                self.columns, np.flatnonzero(self._mask(self.columns)), self._values(), descending=self.query.descending
            )
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
        seen = {i for i in self.selection if i in self._position_of}
        if not seen and self.current not in self._position_of:
            if self.current != _NOWHERE:
                self._hidden = (self.current, frozenset(self.selection))
            current, selection = self._hidden
            back = current in self._position_of
            self.select({i for i in selection if i in self._position_of} if back else set())
            self.set_current(current if back else _NOWHERE, select=False)
            return
        self.select(seen)
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
