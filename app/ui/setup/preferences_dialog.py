"""Preferences: how it looks, in which scale numbers are shown, and the keys.

All but the language takes effect at once.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.library.display import Scale
from app.ui import language, scale
from app.ui.setup.keymap import Keymap
from app.ui.setup.keys_page import KeysPage


class PreferencesDialog(QDialog):
    """A few things to choose.

    Signals:
        theme_chosen(str): system | light | dark.
        language_chosen(str): `system` or the code of a language, for the next start.
        scale_chosen(float, float): worst and best of the display scale, for this library.
        advance_chosen(bool): whether a rating key goes on to the next image.
        keys_changed: the keymap is another.
    """

    theme_chosen = Signal(str)
    language_chosen = Signal(str)
    scale_chosen = Signal(float, float)
    advance_chosen = Signal(bool)
    keys_changed = Signal()

    def __init__(
        self, theme: str, chosen_language: str, advance: bool, keys: Keymap, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Preferences"))
        column = QVBoxLayout(self)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(self.tr("Pages of the preferences"))
        self.tabs.addTab(self._general(theme, chosen_language, advance), self.tr("General"))
        self.keys = KeysPage(keys)
        self.keys.changed.connect(self.keys_changed)
        self.tabs.addTab(self.keys, self.tr("Keys"))
        column.addWidget(self.tabs)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)

    def _general(self, theme: str, chosen_language: str, advance: bool) -> QWidget:
        page = QWidget()
        form = QFormLayout(page)
        form.setVerticalSpacing(10)
        self.theme = QComboBox()
        for key, title in (
            ("system", self.tr("as the system")),
            ("light", self.tr("light")),
            ("dark", self.tr("dark")),
        ):
            self.theme.addItem(title, key)
        self.theme.setCurrentIndex(self.theme.findData(theme))
        self.theme.currentIndexChanged.connect(lambda _: self.theme_chosen.emit(self.theme.currentData()))
        form.addRow(self.tr("Theme"), self.theme)
        form.addRow(self.tr("Language"), self._build_language(chosen_language))
        self.restart = QLabel(self.tr("Another language comes at the next start."))
        self.restart.setProperty("role", "muted")
        form.addRow("", self.restart)
        form.addRow(self.tr("Numbers of this library"), self._build_scale())
        note = QLabel(self.tr("Only what is shown changes: labels and scores are kept from 0 to 1 inside."))
        note.setProperty("role", "muted")
        form.addRow("", note)
        self.advance = QCheckBox(self.tr("Go to the next image after a key"))
        self.advance.setChecked(advance)
        self.advance.toggled.connect(self.advance_chosen)
        form.addRow("", self.advance)
        return page

    def _build_language(self, chosen: str) -> QComboBox:
        self.language = QComboBox()
        self.language.addItem(self.tr("as the system"), language.SYSTEM)
        for code, name in language.available().items():
            self.language.addItem(name, code)
        self.language.setCurrentIndex(max(0, self.language.findData(chosen)))
        self.language.currentIndexChanged.connect(lambda _: self.language_chosen.emit(self.language.currentData()))
        return self.language

    def _build_scale(self) -> QComboBox:
        self.scale = QComboBox()
        present = scale.current()
        for choice in dict.fromkeys((*scale.CHOICES, present)):  # a library may have one of its own
            self.scale.addItem(
                self.tr("{0} (worst) to {1} (best)").format(f"{choice.low:g}", f"{choice.high:g}"), choice
            )
        self.scale.setCurrentIndex([self.scale.itemData(i) for i in range(self.scale.count())].index(present))
        self.scale.currentIndexChanged.connect(lambda _: self._scale_chosen(self.scale.currentData()))
        return self.scale

    def _scale_chosen(self, chosen: Scale) -> None:
        self.scale_chosen.emit(chosen.low, chosen.high)
