"""The window: builds its parts and connects them. `presenter` shows what arrives, `commands` does what is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu

from app.services.desk import Desk
from app.ui import dialogs, theme, words
from app.ui.actions import Actions
from app.ui.central import Central
from app.ui.commands import Files, Labelling
from app.ui.docks import Docks
from app.ui.gallery.model import GalleryModel, Query
from app.ui.models_panel import ModelsPanel
from app.ui.preferences import Preferences
from app.ui.presenter import Presenter
from app.ui.problems_panel import ProblemsPanel
from app.ui.rating_panel import RatingPanel
from app.ui.side_panel import SidePanel
from app.ui.status import Status
from app.ui.training.panel import TrainingPanel
from app.ui.training.suggest import Suggestion
from app.ui.training.wiring import TrainingWiring

_LAST_WRITES_S: Final = 20.0


class MainWindow(QMainWindow):
    """One library in one window.

    Signals:
        library_requested: the person wants another library.
    """

    library_requested = Signal()

    def __init__(self, desk: Desk, preferences: Preferences) -> None:
        super().__init__()
        self.desk, self.preferences = desk, preferences
        self.setObjectName("main")
        self.setWindowTitle(f"FIQA Desktop – {desk.library.directory.name}")
        self.model = GalleryModel(self)
        self.model.query = preferences.query
        self.central = Central(self.model, desk.loader)
        self.setCentralWidget(self.central)
        self._build_panels()
        self.actions_ = Actions(self, self.central.images)
        self.menus = self.actions_.fill(self.menuBar())
        self.labelling = Labelling(desk, self.model, preferences, self, in_sight=self.central.shows_current)
        self.files = Files(desk, self)
        self.training_wiring = TrainingWiring(desk, self.training, self, columns=lambda: self.model.columns)
        self.suggestion = Suggestion(desk.library, lambda: preferences.suggest, self)
        self.presenter = Presenter(self)
        self._connect_views()
        self._connect_actions()
        self._restore()

    # -- building ----------------------------------------------------------------------------------

    def _build_panels(self) -> None:
        self.side = SidePanel()
        self.rating = RatingPanel()
        self.training = TrainingPanel()
        self.models = ModelsPanel()
        self.problems = ProblemsPanel()
        self.status = Status()
        self.setStatusBar(self.status)
        self.docks = Docks(self, self.side, self.rating)
        for panel, title in (
            (self.training, self.tr("Training")),
            (self.models, self.tr("Models")),
            (self.problems, self.tr("Problems")),
        ):
            self.docks.tabs.addTab(panel, title)

    # -- connecting --------------------------------------------------------------------------------

    def _connect_views(self) -> None:
        model, bar = self.model, self.central.bar
        for source in (bar.query_changed, self.side.query_changed):
            source.connect(lambda changes: model.set_query(**changes))
        bar.resort_requested.connect(model.resort)
        bar.tile_size_requested.connect(self.central.gallery.set_tile_side)
        bar.retrain_requested.connect(self.training_wiring.open_dialog)
        model.stale_changed.connect(bar.show_stale)
        self.central.gallery.viewport_changed.connect(self._look_at)
        self.central.gallery.tile_size_changed.connect(self._tile_size_changed)
        self.central.gallery.menu_requested.connect(self._show_menu)
        self.central.dropped.connect(self.files.dropped)
        self.central.toast.undo_requested.connect(self.desk.undo)
        self.side.open_requested.connect(self.files.choose_folder)
        self.rating.rated.connect(self.labelling.rate)
        self.rating.accepted.connect(self.labelling.accept)
        self.rating.cleared.connect(self.labelling.clear)
        self.rating.mode_changed.connect(self._set_mode)
        self.rating.advance_changed.connect(lambda on: setattr(self.preferences, "advance", on))
        for opinion in (self.rating.rated, self.rating.accepted, self.rating.cleared):
            opinion.connect(self.central.focus_images)
        self.labelling.said.connect(self.status.say)
        self.problems.image_chosen.connect(self.show_image)
        self.problems.retry_requested.connect(self.desk.retry_problems)
        self.training.image_clicked.connect(self.show_image)
        self.training_wiring.said.connect(self.status.show_run)
        self.suggestion.suggested.connect(self._suggest)
        self.central.toast.action_requested.connect(self.training_wiring.open_dialog)
        self.training_wiring.attention.connect(lambda: self.docks.make_room(self.training))
        self.models.activate_requested.connect(self.desk.use_model)
        self.models.add_requested.connect(self.files.choose_model)
        self.status.problems_clicked.connect(lambda: self.docks.show_tab(self.problems))
        self.status.rater_clicked.connect(self._change_rater)

    def _connect_actions(self) -> None:
        actions = self.actions_
        self.labelling.connect_actions(actions)
        gallery, loupe = self.central.gallery, self.central.loupe
        for name, slot in (
            ("open_folder", self.files.choose_folder),
            ("open_library", self.library_requested.emit),
            ("rescan", self.desk.rescan),
            ("import_labels", lambda: self.files.import_labels()),
            ("export_labels", self.files.export_labels),
            ("rater", self._change_rater),
            ("quit", self.close),
            ("select_all", self.model.select_all),
            ("clear_filters", self._escape),
            ("find", self.central.bar.focus_search),
            ("grid", lambda: self.central.show_mode("grid")),
            ("loupe", lambda: self.central.show_mode("loupe")),
            ("zoom_toggle", loupe.toggle_zoom),
            ("zoom_fit", loupe.fit),
            ("resort", self.model.resort),
            ("panels", self.docks.toggle),
            ("full_screen", lambda: self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)),
            ("reset_layout", self.docks.reset),
            ("retrain", self.training_wiring.open_dialog),
            ("take_back", self.training_wiring.choose_result),
            ("suspects", lambda: self.desk.advise("suspects")),
            ("label_next", lambda: self.desk.advise("next")),
            ("calibrated", lambda: self.desk.use_calibration(actions["calibrated"].isChecked())),
            ("models", lambda: self.docks.show_tab(self.models)),
            ("add_model", self.files.choose_model),
            ("keys", lambda: dialogs.KeysDialog(actions.cheat_sheet(), self).open()),
            ("about", lambda: dialogs.about(self, self.presenter.model_name, self.presenter.provider)),
            ("mode_correct", lambda: self._set_mode("correct")),
            ("mode_rate", lambda: self._set_mode("rate")),
        ):
            actions[name].triggered.connect(lambda _=False, slot=slot: slot())
        actions["zoom_in"].triggered.connect(lambda: self._zoom(1.25, gallery.tile_side + 24))
        actions["zoom_out"].triggered.connect(lambda: self._zoom(0.8, gallery.tile_side - 24))
        actions["pause_scoring"].toggled.connect(self._pause_scoring)
        actions["suggest"].setChecked(self.preferences.suggest)
        actions["suggest"].toggled.connect(lambda on: setattr(self.preferences, "suggest", on))
        for mode in ("system", "light", "dark"):
            actions[f"theme_{mode}"].triggered.connect(lambda _=False, mode=mode: self._set_theme(mode))
        QShortcut(QKeySequence("Ctrl+Tab"), self, self.docks.next_tab)

    # -- what is asked -----------------------------------------------------------------------------

    def _look_at(self, visible: list[int], near: list[int]) -> None:
        gallery = self.central.gallery
        self.desk.look_at(visible, near, [i for i in visible + near if not gallery.has_picture(i)])

    def show_image(self, image_id: int) -> None:
        """Make an image the current one and bring it into view, whatever the filters."""
        self.model.reveal(image_id)
        self.central.gallery.show_image(image_id)

    def _set_mode(self, mode: str) -> None:
        self.desk.mode = "rate" if mode == "rate" else "correct"
        self.rating.set_mode(self.desk.mode)
        for name in ("correct", "rate"):
            self.actions_[f"mode_{name}"].setChecked(name == mode)

    def _clear_filters(self) -> None:
        query = self.model.query
        self.side.clear()
        self.central.bar.clear_search()
        self.model.set_query(**vars(Query(sort=query.sort, descending=query.descending)))
        self.central.bar.show_query(self.model.query)

    def _escape(self) -> None:
        """From the loupe back to the grid; in the grid, back to everything."""
        if self.central.mode == "loupe":
            self.central.show_mode("grid")
        else:
            self._clear_filters()

    def _zoom(self, factor: float, side: int) -> None:
        if self.central.mode == "loupe":
            self.central.loupe.zoom_by(factor)
        else:
            self.central.gallery.set_tile_side(side)

    def _tile_size_changed(self, side: int) -> None:
        self.central.bar.show_tile_size(side)
        self.preferences.tile_side = side

    def _pause_scoring(self, on: bool) -> None:
        if on:
            self.desk.scoring.pause()
            self.status.show_paused()
        else:
            self.desk.scoring.resume()

    def _suggest(self, count: int) -> None:
        text = self.tr("{0} labels changed since the last training.").format(words.thousands(count))
        self.central.toast.show_action(text, self.tr("Retrain…"))

    def _change_rater(self) -> None:
        dialog = dialogs.RaterDialog(self.desk.rater.name, self)
        dialog.accepted.connect(lambda: self.desk.change_rater(dialog.chosen()))
        dialog.open()

    def _set_theme(self, mode: theme.Mode) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        theme.apply(application, mode)
        self.preferences.theme = mode
        self.training.retheme()
        for name in ("system", "light", "dark"):
            self.actions_[f"theme_{name}"].setChecked(name == mode)

    def _show_menu(self, position: QPoint) -> None:
        menu = QMenu(self)
        menu.addActions(self.menus["label"].actions())
        menu.popup(position)

    def _restore(self) -> None:
        self.docks.restore(self.preferences)
        self.central.gallery.set_tile_side(self.preferences.tile_side)
        self.central.bar.show_tile_size(self.central.gallery.tile_side)
        self.central.bar.show_query(self.model.query)
        self.rating.advance.setChecked(self.preferences.advance)
        self._set_mode("correct")
        self.actions_[f"theme_{self.preferences.theme}"].setChecked(True)
        self.central.gallery.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.desk.writer.pending():
            # Every key that was pressed is written before the window goes.
            self.status.say(self.tr("Saving…"))
            if not self.desk.writer.flush(_LAST_WRITES_S):
                self.desk.failed.emit(self.tr("The library is still being written. Close again in a moment."))
                event.ignore()
                return
        self.docks.save(self.preferences)
        self.preferences.save_query(self.model.query)
        self.preferences.sync()
        left = self.desk.close()
        if left:
            print("Still busy at closing:", ", ".join(left))
        event.accept()

    def open_folder(self, folder: Path) -> None:
        """Add a folder and show it."""
        self.desk.open_folder(folder)

    def begin(self) -> None:
        """Read the library and find again what was unfinished."""
        self.desk.start()
        self.training_wiring.find_again()

    def all_pictured(self) -> bool:
        """Whether every tile on screen shows its picture or its trouble."""
        gallery, columns = self.central.gallery, self.model.columns
        for image_id in self.model.ids_between(gallery.first_visible(), gallery.last_visible()):
            row = self.model.row(image_id)
            if not (gallery.has_picture(image_id) or columns.problem[row] or columns.missing[row]):
                return False
        return True
