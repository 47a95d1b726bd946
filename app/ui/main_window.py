"""The window: builds its parts and connects them. `presenter` shows what arrives, `commands` does what is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QMenu

from app.services.desk import Desk, LabelMode
from app.ui import dialogs, words
from app.ui.actions import Actions
from app.ui.backups.safety import Safety
from app.ui.central import Central
from app.ui.commands import Files
from app.ui.comparison.wiring import Comparisons
from app.ui.docks import Docks
from app.ui.emptiness import Emptiness
from app.ui.finding.browsing import Browsing
from app.ui.finding.side_panel import SidePanel
from app.ui.gallery.model import GalleryModel
from app.ui.help.support import Support
from app.ui.large.large_views import LargeViews
from app.ui.models.extra_scores import ExtraScores
from app.ui.models.models_panel import ModelsPanel
from app.ui.models.models_wiring import ModelsWiring
from app.ui.parts import to_next_part
from app.ui.presenter import Presenter
from app.ui.problems_panel import ProblemsPanel
from app.ui.rating.blind import Blind
from app.ui.rating.details import Details
from app.ui.rating.history_panel import HistoryPanel
from app.ui.rating.labelling import Labelling
from app.ui.rating.rating_panel import RatingPanel
from app.ui.rating.remarks import Remarks
from app.ui.setup.preferences import Preferences
from app.ui.setup.settings import Settings
from app.ui.status import Status
from app.ui.training.panel import TrainingPanel
from app.ui.training.suggest import Suggestion
from app.ui.training.wiring import TrainingWiring

_LAST_WRITES_S: Final = 20.0


class MainWindow(QMainWindow):
    """One library in one window.

    Signals:
        library_requested(object): the person wants the library of this Path; None = wants to choose one.
    """

    library_requested = Signal(object)

    def __init__(self, desk: Desk, preferences: Preferences) -> None:
        super().__init__()
        self.desk, self.preferences = desk, preferences
        desk.look_ahead(preferences.query.sort, preferences.query.descending)
        self.setObjectName("main")
        self.setWindowTitle(f"FIQA Desktop – {desk.library.directory.name}")
        self.model = GalleryModel(self)
        self.model.query = preferences.query
        self.central = Central(self.model, desk.loader)
        self.setCentralWidget(self.central)
        self._build_panels()
        self.actions_ = Actions(self, self.central.images)
        self.menus = self.actions_.fill(self.menuBar())
        self.labelling = Labelling(desk, self.model, preferences, self, sight=self.central)
        self.files = Files(desk, self)
        self.training_wiring = TrainingWiring(desk, self.training, self, columns=lambda: self.model.columns)
        self.models_wiring = ModelsWiring(desk, self.models, self)
        self.models_wiring.run_requested.connect(self._show_run)
        self.suggestion = Suggestion(desk.library, lambda: preferences.suggest, self)
        self.presenter = Presenter(self)
        self.browsing = Browsing(self)
        self.emptiness = Emptiness(self)
        self.large_views = LargeViews(self)
        self.settings = Settings(self)
        self.details = Details(self)
        self.remarks = Remarks(self)
        self.safety = Safety(self)
        self.support = Support(self)
        self.blind = Blind(self)
        self.extra_scores = ExtraScores(self)
        self.comparisons = Comparisons(self)
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
        self.history = HistoryPanel()
        self.status = Status()
        self.setStatusBar(self.status)
        self.docks = Docks(self, self.side, self.rating)
        for panel, title in (
            (self.training, self.tr("Training")),
            (self.models, self.tr("Models")),
            (self.problems, self.tr("Problems")),
            (self.history, self.tr("History")),
        ):
            self.docks.tabs.addTab(panel, title)

    # -- connecting --------------------------------------------------------------------------------

    def _connect_views(self) -> None:
        model, bar = self.model, self.central.bar
        bar.tile_size_requested.connect(self.central.gallery.set_tile_side)
        bar.retrain_requested.connect(self.training_wiring.planning.open_dialog)
        model.stale_changed.connect(bar.show_stale)
        self.central.gallery.viewport_changed.connect(self._look_at)
        self.central.gallery.picture_side_changed.connect(self.desk.thumbnails.set_side)
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
        for done in (self.rating.settled, self.rating.accepted, self.rating.cleared):
            done.connect(self.central.focus_images)
        self.labelling.said.connect(self.status.say)
        self.docks.said.connect(self.status.say)
        self.problems.image_chosen.connect(self.show_image)
        self.problems.retry_requested.connect(self.desk.retry_problems)
        self.training.image_clicked.connect(self.show_image)
        self.training.saving.saved.connect(self.status.say)
        self.training.saving.failed.connect(self.desk.failed)
        self.training_wiring.said.connect(self.status.show_run)
        self.suggestion.suggested.connect(self._suggest)
        self.central.toast.action_requested.connect(self.training_wiring.planning.open_dialog)
        self.training_wiring.attention.connect(lambda: self.docks.make_room(self.training))
        self.models.image_clicked.connect(self.show_image)
        self.models.add_requested.connect(self.files.choose_model)
        self.status.problems_clicked.connect(lambda: self.docks.show_tab(self.problems))
        self.status.rater_clicked.connect(self._change_rater)

    def _connect_actions(self) -> None:
        actions = self.actions_
        self.labelling.connect_actions(actions)
        for name, slot in (
            ("open_folder", self.files.choose_folder),
            ("open_library", lambda: self.library_requested.emit(None)),
            ("rescan", self.desk.rescan),
            ("import_labels", lambda: self.files.import_labels()),
            ("export_labels", self.files.export_labels),
            ("rater", self._change_rater),
            ("quit", self.close),
            ("select_all", self.model.select_all),
            ("clear_filters", self._escape),
            ("grid", lambda: self.central.show_mode("grid")),
            ("loupe", lambda: self.central.show_mode("loupe")),
            ("compare", lambda: self.central.show_mode("compare")),
            ("panels", self.docks.toggle),
            ("reset_layout", self.docks.reset),
            ("retrain", self.training_wiring.planning.open_dialog),
            ("history", lambda: self.docks.show_tab(self.history)),
            ("next_part", lambda: to_next_part(self)),
            ("take_back", self.training_wiring.choose_result),
            ("suspects", lambda: self.desk.advise("suspects")),
            ("label_next", lambda: self.desk.advise("next")),
            ("calibrated", lambda: self.desk.use_calibration(actions["calibrated"].isChecked())),
            ("reference", lambda: self.desk.use_reference(actions["reference"].isChecked())),
            ("percentiles", lambda: self.desk.use_percentiles(actions["percentiles"].isChecked())),
            ("calibrator_file", self.files.choose_calibrator),
            ("models", lambda: self.docks.show_tab(self.models)),
            ("add_model", self.files.choose_model),
            ("mode_correct", lambda: self._set_mode("correct")),
            ("mode_rate", lambda: self._set_mode("rate")),
        ):
            actions[name].triggered.connect(lambda _=False, slot=slot: slot())
        actions["pause_scoring"].toggled.connect(self._pause_scoring)
        actions["suggest"].setChecked(self.preferences.suggest)
        actions["suggest"].toggled.connect(lambda on: setattr(self.preferences, "suggest", on))
        QShortcut(QKeySequence("Ctrl+Tab"), self, self.docks.next_tab)

    # -- what is asked -----------------------------------------------------------------------------

    def _look_at(self, visible: list[int], near: list[int]) -> None:
        gallery = self.central.gallery
        self.desk.look_at(visible, near, [i for i in visible + near if not gallery.has_picture(i)])

    def show_image(self, image_id: int) -> None:
        """Make an image the current one and bring it into view, whatever the filters."""
        self.model.reveal(image_id)
        self.central.gallery.show_image(image_id)

    def _show_run(self, directory: str) -> None:
        self.docks.make_room(self.training)
        self.training.show_run(directory)

    def _set_mode(self, mode: str) -> None:
        self.desk.mode = "rate" if mode == "rate" else "correct"
        if self.desk.mode == "correct":
            self.desk.set_blind(False)  # only ratings are blind
        self.show_mode(self.desk.mode)

    def show_mode(self, mode: LabelMode) -> None:
        """Mark which it is: a key corrects, or is one opinion."""
        self.rating.set_mode(mode)
        for name in ("correct", "rate"):
            self.actions_[f"mode_{name}"].setChecked(name == mode)

    def _escape(self) -> None:
        """From full screen to the window, from loupe and compare to the grid; in the grid, back to everything."""
        if self.large_views.is_full():
            self.large_views.show_full(False)
        elif self.central.mode != "grid":
            self.central.show_mode("grid")
        else:
            self.browsing.clear()

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
        self.central.gallery.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.desk.writer.pending():
            # Every key that was pressed is written before the window goes.
            self.status.say(self.tr("Saving…"))
            if not self.desk.writer.flush(_LAST_WRITES_S):
                self.desk.failed.emit(self.tr("The library is still being written. Close again in a moment."))
                event.ignore()
                return
        self.presenter.stop()
        self.details.stop()
        self.large_views.show_full(False)
        self.desk.set_blind(False)  # the layout and the sort of next time are those without it
        self.docks.save(self.preferences)
        self.preferences.save_query(self.model.query)
        self.preferences.sync()
        left = self.desk.close()
        if left:
            print("Still busy at closing:", ", ".join(left))
        event.accept()

    def retheme(self) -> None:
        """Plots keep their colours until they are told."""
        self.training.retheme()
        self.models.retheme()

    def open_folder(self, folder: Path) -> None:
        """Add a folder and show it."""
        self.desk.open_folder(folder)

    def begin(self) -> None:
        """Read the library and find again what was unfinished."""
        self.desk.start()
        self.safety.warn_of_place()
        self.training_wiring.find_again()

    def all_pictured(self) -> bool:
        """Whether every tile on screen shows its picture or its trouble."""
        gallery, columns = self.central.gallery, self.model.columns
        for image_id in self.model.ids_between(gallery.first_visible(), gallery.last_visible()):
            row = self.model.row(image_id)
            if not (gallery.has_picture(image_id) or columns.problem[row] or columns.missing[row]):
                return False
        return True
