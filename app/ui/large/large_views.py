"""The actions of loupe and compare: zoom, arrangement, full screen. Each acts only where it means something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt

from app.ui.large.compare import Arrangement

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow

_ARRANGEMENTS: Final[tuple[Arrangement, ...]] = ("side", "stack", "single")
_TILE_STEP: Final = 24


class LargeViews(QObject):
    """One window's loupe, compare and full screen."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._central, self._actions = window, window.central, window.actions_
        self._connect_zoom()
        self._connect_compare()
        self._actions["full_screen"].triggered.connect(lambda: self.show_full(not self.is_full()))
        self._central.mode_changed.connect(self._mode_changed)
        self._mode_changed(self._central.mode)
        self._is_bare = False
        window.installEventFilter(self)

    # -- zoom --------------------------------------------------------------------------------------

    def _connect_zoom(self) -> None:
        actions = self._actions
        actions["zoom_toggle"].triggered.connect(lambda: self._on_large("toggle_zoom"))
        actions["zoom_fit"].triggered.connect(lambda: self._on_large("fit"))
        actions["zoom_in"].triggered.connect(lambda: self._zoom(1.25, _TILE_STEP))
        actions["zoom_out"].triggered.connect(lambda: self._zoom(0.8, -_TILE_STEP))

    def _on_large(self, what: str) -> None:
        if (large := self._central.large) is not None:
            getattr(large, what)()

    def _zoom(self, factor: float, pixels: int) -> None:
        """Faces grow by a factor, tiles by some pixels."""
        if (large := self._central.large) is not None:
            large.zoom_by(factor)
        else:
            self._central.gallery.set_tile_side(self._central.gallery.tile_side + pixels)

    # -- compare -----------------------------------------------------------------------------------

    def _connect_compare(self) -> None:
        compare, actions = self._central.compare, self._actions
        for name in _ARRANGEMENTS:
            actions[f"compare_{name}"].triggered.connect(lambda _=False, name=name: self._arrange(name))
        actions["compare_link"].toggled.connect(compare.link)
        compare.arranged.connect(self._arranged)
        actions["compare_link"].setChecked(compare.linked)
        self._arranged(compare.arrangement)

    def _arrange(self, arrangement: Arrangement) -> None:
        compare = self._central.compare
        if arrangement == "single" == compare.arrangement:
            arrangement = "side"  # O again brings both back
        compare.arrange(arrangement)

    def _arranged(self, arrangement: str) -> None:
        for name in _ARRANGEMENTS:
            self._actions[f"compare_{name}"].setChecked(name == arrangement)

    def _mode_changed(self, mode: str) -> None:
        for name in ("compare_side", "compare_stack", "compare_single", "compare_link"):
            self._actions[name].setEnabled(mode == "compare")
        for name in ("zoom_toggle", "zoom_fit", "nudge_up", "nudge_down", "fine_up", "fine_down"):
            self._actions[name].setEnabled(mode != "grid")
        # One face on the screen, one face that a key rates.
        self._actions["select_all"].setEnabled(mode == "grid" and self._window.model.is_complete)

    # -- full screen -------------------------------------------------------------------------------

    def is_full(self) -> bool:
        """Whether the faces have the whole screen."""
        return bool(self._window.windowState() & Qt.WindowState.WindowFullScreen)

    def show_full(self, on: bool) -> None:
        """Only the faces, on the whole screen, or the window as it was. The keys act as before."""
        if on == self.is_full():
            return
        window = self._window
        self._make_bare(on)
        # Not toggled: a part that asks for more room than the screen has ends full screen by itself.
        others = window.windowState() & ~Qt.WindowState.WindowFullScreen
        window.setWindowState(others | Qt.WindowState.WindowFullScreen if on else others)
        window.central.focus_images()

    def _make_bare(self, on: bool) -> None:
        """Without menu, bars and panels, or with them again."""
        if on == self._is_bare:
            return
        self._is_bare, window = on, self._window
        if on:
            window.docks.hide_all()
        for part in (window.menuBar(), window.status, window.central.bar):
            part.setVisible(not on)
        if not on:
            window.docks.bring_back()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowStateChange and self._is_bare and not self.is_full():
            self._make_bare(False)  # the system ended it, by a gesture or a button of its own
        return super().eventFilter(watched, event)
