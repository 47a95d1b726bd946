"""Preferences, keys, cheat sheet, recent libraries: what the person sets up, and where it takes effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from app.library.display import set_display_scale
from app.ui import scale, theme
from app.ui.setup.cheat_sheet import CheatSheet
from app.ui.setup.keymap import Keymap
from app.ui.setup.preferences_dialog import PreferencesDialog
from app.ui.setup.recent import RecentMenu

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow


class Settings(QObject):
    """One window's settings."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._preferences, self._actions = window, window.preferences, window.actions_
        self.keymap = Keymap(self._preferences.keys)
        scale.use(*window.desk.library.display_scale)
        window.rating.exact.follow_scale()
        self._actions.set_keys(self.keymap.keys)
        self._show_hints()
        self._add_recent()
        self._actions["preferences"].triggered.connect(lambda: self.open_preferences())
        self._actions["keys"].triggered.connect(self.open_cheat_sheet)
        for mode in ("system", "light", "dark"):
            self._actions[f"theme_{mode}"].triggered.connect(lambda _=False, mode=mode: self.set_theme(mode))
        self._tick_theme(self._preferences.theme)

    # -- dialogs -----------------------------------------------------------------------------------

    def open_preferences(self, *, keys: bool = False) -> PreferencesDialog:
        """Show the preferences, on the page of the keys if that is asked."""
        dialog = PreferencesDialog(
            self._preferences.theme,
            self._preferences.language,
            self._window.rating.advance.isChecked(),
            self.keymap,
            self._window,
        )
        dialog.theme_chosen.connect(self.set_theme)
        dialog.language_chosen.connect(lambda code: setattr(self._preferences, "language", code))
        dialog.scale_chosen.connect(self.set_scale)
        dialog.advance_chosen.connect(self._window.rating.advance.setChecked)
        dialog.keys_changed.connect(self._keys_changed)
        dialog.tabs.setCurrentIndex(1 if keys else 0)
        dialog.open()
        return dialog

    def open_cheat_sheet(self) -> CheatSheet:
        """Show all keys."""
        sheet = CheatSheet(self._actions.cheat_sheet(), self._window)
        sheet.change_requested.connect(lambda: self.open_preferences(keys=True))
        sheet.open()
        return sheet

    # -- theme and scale ---------------------------------------------------------------------------

    def set_theme(self, mode: theme.Mode) -> None:
        """Dress the program, now and at the next start."""
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        theme.apply(application, mode)
        self._preferences.theme = mode
        self._window.retheme()
        self._tick_theme(mode)

    def _tick_theme(self, mode: str) -> None:
        for name in ("system", "light", "dark"):
            self._actions[f"theme_{name}"].setChecked(name == mode)

    def set_scale(self, low: float, high: float) -> None:
        """Show this library's numbers on another scale."""
        desk = self._window.desk
        desk.writer.submit(set_display_scale, desk.library, low, high, on_done=lambda _: self._scale_changed())

    def _scale_changed(self) -> None:
        scale.use(*self._window.desk.library.display_scale)
        self._window.rating.exact.follow_scale()
        self._show_hints()
        self._window.browsing.follow_scale()
        self._window.presenter.show_facts()
        self._window.details.refresh()
        self._window.central.comparing.refresh_captions()
        for widget in (self._window.central.gallery.viewport(), self._window.side.histogram):
            widget.update()

    # -- keys --------------------------------------------------------------------------------------

    def _keys_changed(self) -> None:
        self._preferences.keys = self.keymap.changed
        self._actions.set_keys(self.keymap.keys)
        self._show_hints()

    def _show_hints(self) -> None:
        """Buttons tell the key that does the same."""
        self._window.central.bar.show_hints(self._actions.hint)
        self._window.rating.show_hints(self._actions.hint)

    # -- recent libraries --------------------------------------------------------------------------

    def _add_recent(self) -> None:
        here = self._window.desk.library.directory
        self._preferences.recent = [here, *self._preferences.recent]
        self.recent = RecentMenu(self._preferences, here, self._window)
        self.recent.chosen.connect(self._window.library_requested)
        self._actions["recent"].setMenu(self.recent)
