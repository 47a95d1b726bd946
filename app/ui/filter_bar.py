"""The bar above the gallery: view, search, sort, tile size, and the chip that offers to sort again."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QSlider, QToolButton, QWidget

from app.ui import words
from app.ui.gallery.model import Query
from app.ui.gallery.view import LARGEST, SMALLEST


class FilterBar(QWidget):
    """Filters and order.

    Signals:
        query_changed(dict): fields of `Query` to change.
        resort_requested: put what changed into its place.
        tile_size_requested(int): pixels.
        retrain_requested: open the retraining dialog.
        mode_requested(str): grid | loupe | compare.
    """

    query_changed = Signal(dict)
    resort_requested = Signal()
    tile_size_requested = Signal(int)
    retrain_requested = Signal()
    mode_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 10, 6)
        row.setSpacing(8)
        self._search = QLineEdit()
        self._search.setPlaceholderText(self.tr("Find by name"))
        self._search.setClearButtonEnabled(True)
        self._search.setFixedWidth(150)
        self._search.setAccessibleName(self.tr("Find by name"))
        self._typing = QTimer(self, singleShot=True, interval=150)
        self._typing.timeout.connect(lambda: self.query_changed.emit({"text": self._search.text().strip()}))
        self._search.textChanged.connect(lambda _: self._typing.start())
        row.addWidget(self._search)
        row.addWidget(QLabel(self.tr("Sort")))
        row.addWidget(self._build_sort())
        row.addWidget(self._build_direction())
        self._chip = QPushButton()
        self._chip.setProperty("role", "chip")
        self._chip.clicked.connect(self.resort_requested)
        self._chip.hide()
        row.addWidget(self._chip)
        row.addStretch(1)
        self._build_size(row)
        self._build_modes(row)
        self.retrain = QPushButton(self.tr("Retrain…"))
        self.retrain.setProperty("role", "primary")
        self.retrain.clicked.connect(self.retrain_requested)
        row.addWidget(self.retrain)

    def _build_sort(self) -> QComboBox:
        self._sort = QComboBox()
        self._sort.setAccessibleName(self.tr("Sort by"))
        for key, title in (
            ("score", self.tr("Score")),
            ("mos", self.tr("MOS")),
            ("difference", self.tr("|MOS − score|")),
            ("name", self.tr("Name")),
            ("date", self.tr("Date")),
            ("size", self.tr("File size")),
        ):
            self._sort.addItem(title, key)
        self._sort.currentIndexChanged.connect(lambda _: self._announce_sort())
        return self._sort

    def _build_direction(self) -> QToolButton:
        self._down = QToolButton()
        self._descending = True
        self._down.clicked.connect(self._turn)
        self._show_direction()
        return self._down

    def _build_size(self, row: QHBoxLayout) -> None:
        self._size = QSlider(Qt.Orientation.Horizontal)
        self._size.setRange(SMALLEST, LARGEST)
        self._size.setFixedWidth(90)
        self._size.setAccessibleName(self.tr("Tile size"))
        self._size.setToolTip(self.tr("Tile size (Ctrl + wheel)"))
        self._size.valueChanged.connect(self.tile_size_requested)
        row.addWidget(self._size)

    def _build_modes(self, row: QHBoxLayout) -> None:
        self._modes: dict[str, QToolButton] = {}
        for mode, title in (("grid", self.tr("Grid")), ("loupe", self.tr("Loupe")), ("compare", self.tr("2-up"))):
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
        self.retrain.setToolTip(self.tr("Learn from the labels ({0})").format(key("retrain")))

    # -- slots -------------------------------------------------------------------------------------

    def show_query(self, query: Query) -> None:
        """Reflect a query made elsewhere."""
        with QSignalBlocker(self._search), QSignalBlocker(self._sort):
            typing = self._typing.isActive() or self._search.hasFocus()
            if not typing and self._search.text().strip() != query.text:
                self._search.setText(query.text)
            self._sort.setCurrentIndex(self._sort.findData(query.sort))
        self._descending = query.descending
        self._show_direction()

    def show_stale(self, count: int) -> None:
        """Offer to sort again when scores or labels have moved under the present order."""
        self._chip.setText(self.tr("{0} changed – sort again").format(words.thousands(count)))
        self._chip.setVisible(count > 0)

    def show_tile_size(self, side: int) -> None:
        """Follow Ctrl + wheel."""
        self._size.blockSignals(True)
        self._size.setValue(side)
        self._size.blockSignals(False)

    def show_mode(self, mode: str) -> None:
        """grid | loupe | compare."""
        self._modes[mode].setChecked(True)

    def clear_search(self) -> None:
        """Empty the box without announcing it."""
        self._typing.stop()
        with QSignalBlocker(self._search):
            self._search.clear()

    def focus_search(self) -> None:
        """Ctrl+F."""
        self._search.setFocus()
        self._search.selectAll()
