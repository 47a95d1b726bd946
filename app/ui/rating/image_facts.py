"""File, camera and quality factors of one image, as rows of words; what is unknown takes no room."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from app.ui import words
from app.ui.pieces import label
from app.ui.rating.facts import Facts
from engine.exif import Exif


class ImageFacts(QWidget):
    """A table that is read, not used."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._form.setVerticalSpacing(3)
        self._values = {key: self._row(title) for key, title in self._titles().items()}
        self.show_facts(Facts())
        self.show_exif(Exif())

    def _titles(self) -> dict[str, str]:
        return {
            "pixels": self.tr("Pixels"),
            "size": self.tr("File"),
            "date": self.tr("Changed"),
            "person": self.tr("Person"),
            "split": self.tr("Split"),
            "model": self.tr("Model"),
            "extra": self.tr("Extra score"),
            "path": self.tr("Folder"),
            "camera": self.tr("Camera"),
            "lens": self.tr("Lens"),
            "exposure": self.tr("Exposure"),
            "iso": self.tr("ISO"),
            "taken": self.tr("Taken"),
            "sharpness": self.tr("Sharpness"),
            "light": self.tr("Light"),
            "contrast": self.tr("Contrast"),
            "noise": self.tr("Noise"),
            "compression": self.tr("Compression"),
        }

    def _row(self, title: str) -> QLabel:
        value = label("", wrap=True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        name = label(title, "muted")
        name.setAlignment(Qt.AlignmentFlag.AlignTop)  # beside the first line of a path that takes two
        self._form.addRow(name, value)
        return value

    def text(self, key: str) -> str:
        """What a row says; empty where it is not shown."""
        return self._values[key].text()

    def show_facts(self, facts: Facts) -> None:
        """What the library knows; the camera's facts come by `show_exif`."""
        date = QDateTime.fromMSecsSinceEpoch(facts.mtime_ns // 1_000_000).toString("yyyy-MM-dd hh:mm")
        self._show(
            {
                "pixels": f"{facts.width} × {facts.height}" if facts.width else "",
                "size": words.file_size(facts.size) if facts.size else "",
                "date": date if facts.mtime_ns else "",
                "person": facts.group,
                "split": facts.split,
                "model": facts.model,
                "extra": facts.extra,
                "path": facts.path,
            }
        )
        shown = {("light" if name == "exposure" else name): value for name, value in facts.factors.items()}
        for name in ("sharpness", "light", "contrast", "noise", "compression"):
            self._show({name: words.number(shown[name]) if name in shown else ""})

    def show_exif(self, exif: Exif) -> None:
        """What the camera wrote."""
        self._show(vars(exif))

    def _show(self, values: dict[str, str]) -> None:
        for key, value in values.items():
            self._values[key].setText(value)
            self._form.setRowVisible(self._values[key], bool(value))
