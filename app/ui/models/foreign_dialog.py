"""What a foreign ONNX file does not say of itself: how it wants its pixels and what its output means."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from engine.foreign import Foreign, Output, Preprocessing


class ForeignDialog(QDialog):
    """Declares the preprocessing and the output; `preprocessing`, `output`, `name` and `licence` give them."""

    def __init__(self, found: Foreign, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found = found
        self.setWindowTitle(self.tr("A foreign model"))
        self.setMinimumWidth(560)
        intro = QLabel(
            self.tr(
                "'{0}' does not say how it wants its pictures. Look it up where the model comes from: a wrong value "
                "gives scores that look right and are not. All of it is written on the model's card."
            ).format(found.path.name)
        )
        intro.setWordWrap(True)
        self.form = QFormLayout()
        self.form.setVerticalSpacing(8)
        self._add_names()
        self._add_pixels()
        self._add_output()
        self.fault = QLabel()
        self.fault.setProperty("role", "warning")
        self.fault.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.add = buttons.addButton(self.tr("Add the model"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.add.setProperty("role", "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addWidget(intro)
        column.addLayout(self.form)
        column.addWidget(self.fault)
        column.addWidget(buttons)
        self._check()

    def _row(self, title: str, *widgets: QWidget) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        for widget in widgets:
            widget.setAccessibleName(f"{title} {widget.accessibleName()}".strip())
            row.addWidget(widget, 1)
        self.form.addRow(title, row)

    def _add_names(self) -> None:
        self.name_, self.licence_ = QLineEdit(self.found.path.stem), QLineEdit()
        self.licence_.setPlaceholderText(self.tr("as its makers state it"))
        self.name_.textChanged.connect(self._check)
        self._row(self.tr("Name"), self.name_)
        self._row(self.tr("Licence"), self.licence_)

    def _add_pixels(self) -> None:
        self.side = QSpinBox()
        self.side.setRange(32, 2048)
        self.side.setValue(self.found.size or 224)
        self.side.setSuffix(" px")
        self.side.setEnabled(self.found.size is None)
        self.colours, self.range = QComboBox(), QComboBox()
        self.colours.addItems(["RGB", "BGR"])
        self.range.addItems([self.tr("0 to 1"), self.tr("0 to 255")])
        known = Preprocessing(32)
        channels = (self.tr("red"), self.tr("green"), self.tr("blue"))
        self.mean = [self._number(v, c) for v, c in zip(known.mean, channels, strict=True)]
        self.std = [self._number(v, c) for v, c in zip(known.std, channels, strict=True)]
        self._row(self.tr("Picture side"), self.side)
        self._row(self.tr("Order of colours"), self.colours)
        self._row(self.tr("Pixel values"), self.range)
        self._row(self.tr("Mean (red, green, blue)"), *self.mean)
        self._row(self.tr("Deviation (red, green, blue)"), *self.std)

    def _add_output(self) -> None:
        self.output_ = QComboBox()
        self.output_.addItems(list(self.found.outputs))
        self.worst, self.best = self._number(0.0, self.tr("worst")), self._number(1.0, self.tr("best"))
        self.features = QLineEdit()
        self.features.setPlaceholderText(self.tr("found by itself"))
        self._row(self.tr("Output that is the score"), self.output_)
        self._row(self.tr("Its worst and its best value"), self.worst, self.best)
        self._row(self.tr("Tensor of the features"), self.features)

    def _number(self, value: float, name: str) -> QDoubleSpinBox:
        box = QDoubleSpinBox()
        box.setDecimals(4)
        box.setRange(-1000, 1000)
        box.setValue(value)
        box.setAccessibleName(name)
        box.valueChanged.connect(self._check)
        return box

    def _check(self) -> None:
        if not hasattr(self, "fault"):
            return  # still being built
        fault = ""
        if self.worst.value() == self.best.value():
            fault = self.tr("The worst and the best value are the same.")
        elif not all(box.value() for box in self.std):
            fault = self.tr("A deviation of 0 cannot divide.")
        elif not self.name():
            fault = self.tr("The model needs a name.")
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))
        self.add.setEnabled(not fault)

    def preprocessing(self) -> Preprocessing:
        """As declared."""
        mean, std = ([box.value() for box in boxes] for boxes in (self.mean, self.std))
        return Preprocessing(
            self.side.value(),
            (mean[0], mean[1], mean[2]),
            (std[0], std[1], std[2]),
            unit_range=self.range.currentIndex() == 0,
            bgr=self.colours.currentText() == "BGR",
        )

    def output(self) -> Output:
        """As declared."""
        features = self.features.text().strip()
        return Output(self.output_.currentText(), self.worst.value(), self.best.value(), features)

    def name(self) -> str:
        """Of the model."""
        return self.name_.text().strip()

    def licence(self) -> str:
        """As its makers state it; empty: unknown."""
        return self.licence_.text().strip()
