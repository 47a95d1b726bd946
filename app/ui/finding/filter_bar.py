"""The bar above the gallery: filter, sort, tile size, the chip that offers to sort again, what a filter got wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSlider, QToolButton, QVBoxLayout, QWidget

from app.library.query import QueryError
from app.ui import words
from app.ui.below import told
from app.ui.finding.filter_box import FilterBox
from app.ui.gallery.filtering import SORTS, Query
from app.ui.gallery.grid import LARGEST, SMALLEST
from app.ui.pieces import label

_NARROW: Final = 36


class FilterBar(QWidget):
    """Filters and order.

    Signals:
        query_changed(dict): fields of `Query` to change.
        resort_requested: put what changed into its place.
        save_requested: keep this filter and sort under a name.
        tile_size_requested(int): pixels.
        retrain_requested: open the retraining dialog.
        mode_requested(str): grid | loupe | compare.
    """

    query_changed = Signal(dict)
    resort_requested = Signal()
    save_requested = Signal()
    tile_size_requested = Signal(int)
    retrain_requested = Signal()
    mode_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 10, 6)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(8)
        column.addLayout(row)
        self.error = label("", "warning", wrap=True)
        self.error.hide()
        column.addWidget(self.error)
        self.box = FilterBox()
        self.box.asked.connect(lambda text: self.query_changed.emit({"text": text}))
        row.addWidget(self.box, 1)
        self._save = QToolButton()
        self._save.setText("☆")
        self._save.setFixedWidth(_NARROW)
        self._save.setAccessibleName(self.tr("Save this view"))
        self._save.clicked.connect(self.save_requested)
        row.addWidget(self._save)
        self._chip = QPushButton()
        self._chip.setProperty("role", "chip")
        self._chip.clicked.connect(self.resort_requested)
        self._chip.hide()
        row.addWidget(self._chip)
        self._row, self._column = row, column
        self._tail = self._build_tail()
        row.addWidget(self._tail)
        self.retrain = QPushButton(self.tr("Retrain…"))
        self.retrain.setProperty("role", "primary")
        self.retrain.clicked.connect(self.retrain_requested)
        row.addWidget(self.retrain)
        self._narrow = False

    def _build_tail(self) -> QWidget:
        """Order, tile size and views: what stands in a row of its own where there is no room for one."""
        tail = QWidget()
        row = QHBoxLayout(tail)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._sort_title = label(self.tr("Sort"), "muted")
        row.addWidget(self._sort_title)
        row.addWidget(self._build_sort())
        row.addWidget(self._build_direction())
        self._build_size(row)
        self._build_modes(row)
        return tail

    # -- room --------------------------------------------------------------------------------------

    def minimumSizeHint(self) -> QSize:
        """As narrow as two rows may be: the window must fit a small screen."""
        sides = self._column.contentsMargins()
        first = self._row.minimumSize().width()
        if not self._narrow:
            first -= self._tail.minimumSizeHint().width() + self._row.spacing()
        second = self._tail.minimumSizeHint().width()
        if not self._narrow and not self._sort_title.isHidden():
            second -= self._sort_title.minimumSizeHint().width() + self._row.spacing()
        height = super().minimumSizeHint().height()
        return QSize(max(first, second) + sides.left() + sides.right(), height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:  # its parts ask for other room: fonts and styles come late
            self._arrange()
        return handled

    def _arrange(self) -> None:
        """One row where it has room, else two."""
        tail = self._tail.minimumSizeHint().width()
        if self._narrow:
            tail += self._sort_title.minimumSizeHint().width() + 2 * self._row.spacing()
        sides = self._column.contentsMargins()
        needed = self._row.minimumSize().width() + sides.left() + sides.right() + (tail if self._narrow else 0)
        narrow = self.width() < needed
        if narrow == self._narrow:
            return
        self._narrow = narrow
        self._sort_title.setHidden(narrow or self._sort.isHidden())
        if narrow:
            self._row.removeWidget(self._tail)
            self._column.insertWidget(1, self._tail)
        else:
            self._column.removeWidget(self._tail)
            self._row.insertWidget(self._row.count() - 1, self._tail)
        self.updateGeometry()

    def _build_sort(self) -> QComboBox:
        self._sort = QComboBox()
        self._sort.setAccessibleName(self.tr("Sort by"))
        self._sort.setToolTip(self.tr("Sort by"))
        self._sort.setMaxVisibleItems(len(SORTS))
        self._sort.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._sort.setMinimumContentsLength(9)
        titles = self._sort_titles()
        for key in SORTS:
            if key != "extra":  # there when one is on show
                self._sort.addItem(titles.get(key, key), key)
        self._sort.currentIndexChanged.connect(lambda _: self._announce_sort())
        return self._sort

    def _sort_titles(self) -> dict[str, str]:
        return {
            "score": self.tr("Score"),
            "mos": self.tr("MOS"),
            "difference": self.tr("|MOS − score|"),
            "name": self.tr("Name"),
            "suspect": self.tr("Suspicion"),
            "ratings": self.tr("Number of ratings"),
            "spread": self.tr("Spread of ratings"),
            "date": self.tr("Date"),
            "size": self.tr("File size"),
            "pixels": self.tr("Pixels"),
            "width": self.tr("Width"),
            "height": self.tr("Height"),
            "sharpness": self.tr("Sharpness"),
            "exposure": self.tr("Exposure"),
            "contrast": self.tr("Contrast"),
            "noise": self.tr("Noise"),
            "compression": self.tr("Compression"),
        }

    def _build_direction(self) -> QToolButton:
        self._down = QToolButton()
        self._down.setFixedWidth(_NARROW)
        self._descending = True
        self._down.clicked.connect(self._turn)
        self._show_direction()
        return self._down

    def _build_size(self, row: QHBoxLayout) -> None:
        self._size = QSlider(Qt.Orientation.Horizontal)
        self._size.setRange(SMALLEST, LARGEST)
        self._size.setFixedWidth(64)
        self._size.setAccessibleName(self.tr("Tile size"))
        self._size.setToolTip(self.tr("Tile size (Ctrl + wheel)"))
        self._size.valueChanged.connect(self.tile_size_requested)
        row.addWidget(self._size)

    def _build_modes(self, row: QHBoxLayout) -> None:
        self._modes: dict[str, QToolButton] = {}
        for mode, title in (("grid", self.tr("Grid")), ("loupe", self.tr("Loupe")), ("compare", self.tr("Compare"))):
            button = QToolButton()
            button.setText(title)
            button.setCheckable(True)
            button.setAutoExclusive(True)
            button.clicked.connect(lambda _=False, mode=mode: self.mode_requested.emit(mode))
            self._modes[mode] = button
            row.addWidget(button)
        self._modes["grid"].setChecked(True)

    def _turn(self) -> None:
        self._descending = not self._descending
        self._announce_sort()

    def _announce_sort(self) -> None:
        self._show_direction()
        self.query_changed.emit({"sort": self._sort.currentData(), "descending": self._descending})

    def _show_direction(self) -> None:
        words_ = self.tr("Highest first") if self._descending else self.tr("Lowest first")
        self._down.setText("↓" if self._descending else "↑")
        self._down.setToolTip(words_)
        self._down.setAccessibleName(words_)

    def show_hints(self, key: Callable[[str], str]) -> None:
        """Tips tell the keys, `key(action)`."""
        tips = {
            "grid": self.tr("All faces ({0})"),
            "loupe": self.tr("One face, large ({0})"),
            "compare": self.tr("Two faces side by side ({0})"),
        }
        for mode, tip in tips.items():
            self._modes[mode].setToolTip(tip.format(key(mode)))
        self.box.setToolTip(self.tr("Filter ({0}); Esc clears").format(key("find")))
        self._save.setToolTip(self.tr("Keep this filter and sort under a name ({0})").format(key("save_view")))
        self.retrain.setToolTip(self.tr("Learn from the labels ({0})").format(key("retrain")))

    # -- slots -------------------------------------------------------------------------------------

    def show_query(self, query: Query) -> None:
        """Reflect a query made elsewhere."""
        if not self.box.busy and self.box.text().strip() != query.text and not self.error.text():
            self.box.show_text(query.text)
        with QSignalBlocker(self._sort):
            self._sort.setCurrentIndex(self._sort.findData(query.sort))
        self._descending = query.descending
        self._show_direction()

    def show_stale(self, count: int) -> None:
        """Offer to sort again when scores or labels have moved under the present order."""
        self._chip.setText(self.tr("↻ {0} changed").format(words.thousands(count)))
        self._chip.setToolTip(self.tr("Sort again, and let go of what no longer matches"))
        self._chip.setAccessibleName(self.tr("{0} changed: sort again").format(words.thousands(count)))
        self._chip.setVisible(count > 0)
        self._arrange()

    def show_tile_size(self, side: int) -> None:
        """Follow Ctrl + wheel."""
        self._size.blockSignals(True)
        self._size.setValue(side)
        self._size.blockSignals(False)

    def show_mode(self, mode: str) -> None:
        """grid | loupe | compare."""
        self._modes[mode].setChecked(True)

    def show_error(self, error: QueryError | None) -> None:
        """Underline what is wrong in the filter and say why; None: nothing is."""
        if error is None:
            self.box.unmark()
            self.tell("")
            return
        self.box.mark(error.position, error.length)
        wrong = self.box.text()[error.position : error.position + error.length]
        where = self.tr("character {0}").format(error.position + 1)
        place = f"{where} ‹{wrong}›" if wrong.strip() else where
        self.tell(f"{place}: {told(str(error))}")

    def tell(self, text: str) -> None:
        """A sentence about the filter below it; '' = none."""
        self.error.setText(f"⚠ {text}" if text else "")
        self.error.setVisible(bool(text))
        self.box.setAccessibleDescription(text)

    def hide_sort(self, hidden: bool) -> None:
        """Blind: the order is random and tells nothing."""
        for widget in (self._sort, self._down):
            widget.setHidden(hidden)
        self._sort_title.setHidden(hidden or self._narrow)
        self._arrange()

    def show_extra(self, name: str) -> None:
        """Offer to sort by the extra score of this name; '' = there is none."""
        with QSignalBlocker(self._sort):
            at = self._sort.findData("extra")
            if at >= 0:
                self._sort.removeItem(at)
            if name:
                self._sort.insertItem(1, name, "extra")

    def focus_search(self) -> None:
        """Ctrl+F."""
        self.box.setFocus()
        self.box.selectAll()
