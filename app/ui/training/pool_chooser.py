"""Which images without a label a teacher shall label: pools A and B of the paper."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QGridLayout, QRadioButton, QVBoxLayout, QWidget

from app.library.pools import Place, Pool, Pools
from app.ui import words
from app.ui.training.parts import label


class PoolChooser(QWidget):
    """All unlabelled images cut by person, or a pool for each folder.

    Signals:
        changed: another choice.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.split = QRadioButton(self.tr("Split all images without a label by person into two halves"))
        self.choose = QRadioButton(self.tr("Choose folders"))
        self.split.setChecked(True)
        group = QButtonGroup(self)
        for button in (self.split, self.choose):
            group.addButton(button)
        self.split.toggled.connect(self._switched)
        self.boxes: dict[tuple[int, str], QComboBox] = {}
        self._places = QWidget()
        self._grid = QGridLayout(self._places)
        self._grid.setContentsMargins(22, 0, 0, 0)
        self._grid.setColumnStretch(0, 1)
        self._places.hide()
        self.count = label("muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self.split, self.choose, self._places, self.count):
            column.addWidget(widget)
        self.set_places([])

    def set_places(self, places: Sequence[Place]) -> None:
        """Folders with images without a label."""
        chosen = {key: box.currentData() for key, box in self.boxes.items()}
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self.boxes = {}
        for row, place in enumerate(places):
            box = QComboBox()
            for text, pool in ((self.tr("not used"), None), (self.tr("Pool A"), "a"), (self.tr("Pool B"), "b")):
                box.addItem(text, pool)
            box.setCurrentIndex(max(0, box.findData(chosen.get(place.key))))
            box.setAccessibleName(str(place.path))
            box.currentIndexChanged.connect(lambda _: self.changed.emit())
            name = label("", f"{place.path.name}  ({words.thousands(place.images)})", wrap=False)
            name.setToolTip(str(place.path))
            self._grid.addWidget(name, row, 0)
            self._grid.addWidget(box, row, 1)
            self.boxes[place.key] = box
        total = sum(p.images for p in places)
        text = self.tr("{0} images without a label; those of held-out people are not among them.")
        self.count.setText(text.format(words.thousands(total)))

    @property
    def pools(self) -> Pools:
        """The choice."""
        if self.split.isChecked():
            return Pools(by_group=True)
        found: dict[tuple[int, str], Pool] = {
            key: box.currentData() for key, box in self.boxes.items() if box.currentData()
        }
        return Pools(found)

    def _switched(self, split: bool) -> None:
        self._places.setVisible(not split)
        self.changed.emit()
