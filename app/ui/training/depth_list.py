"""The four depths of retraining, one radio button each: what learns, from how many labels, how long it takes here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QLabel, QRadioButton, QWidget

from app.services.training.depths import ADVISED, DEPTHS, Depth, DepthChoice
from app.ui import words
from app.ui.below import told
from app.ui.training.parts import label, megabytes


class DepthList(QWidget):
    """One of four.

    Signals:
        chosen(str): another depth, by the person or because the former one became impossible.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self.buttons: dict[Depth, QRadioButton] = {}
        self.texts: dict[Depth, QLabel] = {}
        self.costs: dict[Depth, QLabel] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnMinimumWidth(0, 22)
        grid.setColumnStretch(1, 1)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        for at, depth in enumerate(DEPTHS):
            button = QRadioButton(self._name(depth))
            button.toggled.connect(lambda on, depth=depth: self.chosen.emit(depth) if on else None)
            self._group.addButton(button)
            self.buttons[depth], self.texts[depth], self.costs[depth] = (
                button,
                label("muted"),
                label("muted", wrap=False),
            )
            grid.addWidget(button, 2 * at, 0, 1, 2)
            grid.addWidget(self.costs[depth], 2 * at, 2, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(self.texts[depth], 2 * at + 1, 1, 1, 2)
            grid.setRowMinimumHeight(2 * at, 24)

    def _name(self, depth: Depth, *, recommended: bool = False) -> str:
        names = {
            "calibrate": self.tr("Calibrate"),
            "personalise": self.tr("Personalise"),
            "finetune": self.tr("Fine-tune"),
            "full": self.tr("Full"),
        }
        return self.tr("{0}  (recommended)").format(names[depth]) if recommended else names[depth]

    def _text(self, depth: Depth, model: str) -> str:
        texts = {
            "calibrate": self.tr("Fits the scores of {0} to your scale and gives each an interval. The order stays."),
            "personalise": self.tr("Gives {0} a new last layer that follows your taste; what it sees stays the same."),
            "finetune": self.tr("The whole network of {0} learns on from your labels."),
            "full": self.tr("A large teacher learns, labels faces without a label, and teaches a new student."),
        }
        advice = self.tr("Advised from {0} labels.").format(words.thousands(ADVISED[depth]))
        return f"{texts[depth].format(model or self.tr('the model'))} {advice}"

    @property
    def current(self) -> Depth | None:
        """The chosen depth, None where none can be chosen."""
        return next((depth for depth, button in self.buttons.items() if button.isChecked()), None)

    def show_choices(self, found: tuple[DepthChoice, ...], recommended: Depth | None, model: str) -> None:
        """What is possible now, and why the rest is not; the present choice stays where it can."""
        for choice in found:
            reason = told(choice.reason or "")
            button, text = self.buttons[choice.depth], reason or self._text(choice.depth, model)
            button.setEnabled(choice.reason is None)
            button.setText(self._name(choice.depth, recommended=choice.depth == recommended))
            button.setAccessibleDescription(text)
            button.setToolTip(reason)
            self.texts[choice.depth].setText(text)
            if choice.reason is not None:
                self.costs[choice.depth].clear()
            elif choice.elsewhere is not None:
                self.costs[choice.depth].setText(self.tr("on another machine"))
            elif not self.costs[choice.depth].text():
                self.costs[choice.depth].setText(self.tr("measured when chosen"))
        now = self.current
        if (now is None or not self.buttons[now].isEnabled()) and recommended is not None:
            self.buttons[recommended].setChecked(True)

    def show_measuring(self, depth: Depth) -> None:
        """Its cost is being measured."""
        self.costs[depth].setText(self.tr("measuring…"))

    def show_measured(self, depth: Depth, found: Mapping[str, Any]) -> None:
        """What it takes on this machine."""
        parts = []
        if (seconds := found.get("seconds_total")) is not None:
            parts.append(self.tr("about {0}").format(words.duration(max(1.0, float(seconds)))))
        if (memory := found.get("memory_mb")) is not None:
            parts.append(self.tr("{0} memory").format(megabytes(float(memory))))
        if (disk := found.get("disk_mb")) is not None:
            parts.append(self.tr("{0} on disk").format(megabytes(float(disk))))
        self.costs[depth].setText(" · ".join(parts))
        self.costs[depth].setAccessibleName(self.tr("{0} on this machine").format(self.buttons[depth].text()))

    def show_failed(self, depth: Depth, text: str) -> None:
        """It could not be measured; it may be started all the same."""
        self.costs[depth].setText(self.tr("could not be measured"))
        self.costs[depth].setToolTip(text)
