"""The whole recipe as text: to be read, changed, and saved for `fiqa train --recipe FILE.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.services.training import depths
from app.services.training.depths import Depth
from app.ui.training import sentences
from app.ui.training.parts import label
from engine.errors import UserError
from engine.light_recipe import LightRecipe
from engine.recipes import Recipe


class RecipeEditor(QWidget):
    """A recipe's TOML.

    Signals:
        changed: the text gives another recipe, or none; `error` then says why.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.error = ""
        self.recipe: Recipe | LightRecipe | None = None
        self.base = QComboBox()
        self.base.setAccessibleName(self.tr("Recipe to start from"))
        self.base.activated.connect(lambda _: self._take(self.base.currentData()))
        self.text = QPlainTextEdit()
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(self.tr("Recipe"))
        self.text.setMinimumHeight(180)
        self.text.setTabChangesFocus(True)
        self._settle = QTimer(self, singleShot=True, interval=400)
        self._settle.timeout.connect(self.read)
        self.text.textChanged.connect(self._settle.start)
        self.save = QPushButton(self.tr("Save recipe…"))
        self.save.clicked.connect(self._save)
        self.complaint = label("warning")
        row = QHBoxLayout()
        row.addWidget(label("muted", self.tr("Recipe"), wrap=False))
        row.addWidget(self.base, 1)
        row.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.text, 1)
        column.addWidget(self.complaint)

    def set_depth(self, depth: Depth) -> None:
        """Begin anew with the usual recipe of a depth."""
        self.base.clear()
        for name in depths.recipes_of(depth):
            self.base.addItem(sentences.recipe_name(name), name)
        self._take(self.base.currentData())

    def _take(self, name: str) -> None:
        self.text.setPlainText(depths.named(name).to_toml())
        self._settle.stop()
        self.read()

    def read(self) -> None:
        """Make the recipe of what is written."""
        try:
            self.recipe, self.error = _recipe(tomllib.loads(self.text.toPlainText())), ""
        except (tomllib.TOMLDecodeError, UserError) as error:
            self.recipe, self.error = None, str(error)
        self.complaint.setText(self.error)
        self.complaint.setVisible(bool(self.error))
        self.save.setEnabled(not self.error)
        self.changed.emit()

    def _save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Save recipe"), "recipe.toml", self.tr("Recipes (*.toml)"))
        if name:
            self.save_to(Path(name))

    def save_to(self, file: Path) -> None:
        """Write the text as it is."""
        try:
            file.write_text(self.text.toPlainText(), encoding="utf-8")
        except OSError as error:
            self.complaint.setText(self.tr("The recipe cannot be saved: {0}.").format(error.strerror or error))
            self.complaint.show()


def _recipe(data: Mapping[str, Any]) -> Recipe | LightRecipe:
    return LightRecipe.from_dict(data) if "kind" in data else Recipe.from_dict(data)
