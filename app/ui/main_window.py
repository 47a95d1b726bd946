"""The window: builds its parts and connects them; nothing else."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import QPoint, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu

from app.library.changes import Changes
from app.library.columns import Columns
from app.library.models import ModelRow
from app.services.desk import Desk
from app.services.scanning import ScanSummary
from app.ui import dialogs, theme
from app.ui.actions import Actions
from app.ui.central import Central
from app.ui.commands import Files, Labelling, facts_of
from app.ui.docks import Docks
from app.ui.gallery.model import GalleryModel, Query
from app.ui.models_panel import ModelsPanel
from app.ui.preferences import Preferences
from app.ui.problems_panel import ProblemsPanel
from app.ui.rating_panel import RatingPanel
from app.ui.side_panel import SidePanel
from app.ui.status import Status
from app.ui.training.panel import TrainingPanel
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
        self._provider = ""
        self._folders: list[tuple[int, str]] = []
        self._untouched = True
        self._sort_when_complete = False
        self._summary = QTimer(self, singleShot=True, interval=500)
        self._summary.timeout.connect(self._refresh_summary)
        self._connect_desk()
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

    def _connect_desk(self) -> None:
        desk = self.desk
        desk.columns_ready.connect(self._show_columns)
        desk.rows_ready.connect(self._show_rows)
        desk.edited.connect(self._show_edit)
        desk.failed.connect(self._show_failure)
        desk.noticed.connect(self.central.toast.show_text)
        desk.problems_ready.connect(self.problems.show_problems)
        desk.folders_ready.connect(self._show_folders)
        desk.folder_opened.connect(self._folder_opened)
        desk.models_ready.connect(self._show_models)
        desk.thumbnails.ready.connect(self.central.gallery.set_picture)
        desk.changed.connect(self._written)
        desk.rater_changed.connect(self._rater_changed)
        desk.pictures_changed.connect(self._pictures_changed)
        desk.thumbnails.warned.connect(self.status.say)
        desk.scanner.found.connect(self._show_found)
        desk.scanner.done.connect(self._scanned)
        desk.scanner.failed.connect(self._show_failure)
        desk.scoring.progress.connect(self._show_progress)
        desk.scoring.provider.connect(self._show_provider)
        desk.scoring.finished.connect(self._scored)
        desk.scoring.failed.connect(self._scoring_failed)
        self.status.show_rater(desk.rater.name)

    def _connect_views(self) -> None:
        model, bar = self.model, self.central.bar
        for source in (bar.query_changed, self.side.query_changed):
            source.connect(lambda changes: model.set_query(**changes))
        bar.resort_requested.connect(model.resort)
        bar.tile_size_requested.connect(self.central.gallery.set_tile_side)
        bar.retrain_requested.connect(self.training_wiring.open_dialog)
        model.reordered.connect(self._show_counts)
        model.stale_changed.connect(bar.show_stale)
        model.current_changed.connect(lambda _id: self._show_facts())
        model.selection_changed.connect(self._selection_changed)
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
        self.problems.image_chosen.connect(self._show_image)
        self.problems.retry_requested.connect(self.desk.retry_problems)
        self.problems.count_changed.connect(self._show_problem_count)
        self.training.image_clicked.connect(self._show_image)
        self.training_wiring.said.connect(self.status.show_run)
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
            ("models", lambda: self.docks.show_tab(self.models)),
            ("add_model", self.files.choose_model),
            ("keys", lambda: dialogs.KeysDialog(actions.cheat_sheet(), self).open()),
            ("about", lambda: dialogs.about(self, self._model_name(), self._provider)),
            ("mode_correct", lambda: self._set_mode("correct")),
            ("mode_rate", lambda: self._set_mode("rate")),
        ):
            actions[name].triggered.connect(lambda _=False, slot=slot: slot())
        actions["zoom_in"].triggered.connect(lambda: self._zoom(1.25, gallery.tile_side + 24))
        actions["zoom_out"].triggered.connect(lambda: self._zoom(0.8, gallery.tile_side - 24))
        actions["pause_scoring"].toggled.connect(self._pause_scoring)
        for mode in ("system", "light", "dark"):
            actions[f"theme_{mode}"].triggered.connect(lambda _=False, mode=mode: self._set_theme(mode))
        QShortcut(QKeySequence("Ctrl+Tab"), self, self.docks.next_tab)

    # -- what arrives ------------------------------------------------------------------------------

    def _show_columns(self, columns: Columns) -> None:
        self.model.set_columns(columns)
        self._refresh_summary()
        self.labelling.refresh_undo(self.actions_)
        self.training_wiring.refresh_plan()
        self._show_facts()

    def _show_rows(self, part: Columns) -> None:
        self.model.patch(part)
        if not self._summary.isActive():
            self._summary.start()
        if self.model.current in part.id:
            self._show_facts()
        if self._sort_when_complete and self.all_scored():
            self._sort_when_complete = False
            self.model.resort()

    def _refresh_summary(self) -> None:
        self.side.show_columns(self.model.columns)
        self._show_counts()

    def _written(self, changes: Changes) -> None:
        if changes.labels or (changes.images and not changes.scores) or changes.everything:
            self.labelling.refresh_undo(self.actions_)
            self.training_wiring.refresh_plan()

    def _pictures_changed(self, ids: Collection[int]) -> None:
        self.central.gallery.forget_pictures(set(ids))
        self.central.reload(set(ids))

    def _scored(self) -> None:
        # Nobody has chosen anything yet, so nothing can jump away from under the cursor.
        if self._untouched and self.all_scored():
            self.model.resort()
        else:
            self._sort_when_complete = self._untouched  # the last rows are still being read

    def _selection_changed(self) -> None:
        self._untouched = self._untouched and not self.model.selection
        self._sort_when_complete = self._sort_when_complete and self._untouched
        self._show_counts()
        self._show_facts()

    def _show_counts(self) -> None:
        total = int((~self.model.columns.missing).sum())
        self.central.bar.show_query(self.model.query)
        self.status.show_counts(len(self.model.selection), len(self.model), total)

    def _show_facts(self) -> None:
        row = self.model.row(self.model.current)
        facts = facts_of(self.model.columns, row, self._model_name()) if row >= 0 else None
        self.rating.show_facts(facts, len(self.model.selection))

    def _show_edit(self, changes: Changes) -> None:
        self.labelling.refresh_undo(self.actions_)
        if not changes:
            self.status.say(self.tr("There was nothing to change."))
            return
        self.status.show_saved()
        self.central.toast.retire_undo()
        text = changes.text[:1].upper() + changes.text[1:]
        if len(changes.image_ids) > 1 or changes.skipped:
            self.central.toast.show_text(text, undo=changes.kind not in ("undo", "redo"))
        else:
            self.status.say(text)
        if changes.kind in ("undo", "redo") and changes.image_ids:
            self._show_image(changes.image_ids[0])

    def _show_failure(self, text: str) -> None:
        self.central.toast.show_text(f"⚠ {text}", warning=True)
        self.status.say(text, 0)

    def _scanned(self, summary: ScanSummary) -> None:
        root = next((path for i, path in self._folders if i == summary.folder_id), "")
        self.problems.show_folders([(str(Path(root, u.rel_path)), u.reason) for u in summary.unreadable])
        if summary.unreadable:
            first = summary.unreadable[0]
            text = self.tr("{0} folders could not be read: {1} ({2})")
            self._show_failure(text.format(len(summary.unreadable), first.rel_path, first.reason))
        elif not summary.found and not summary.cancelled:
            self.status.say(self.tr("There are no images in that folder."))

    def _show_folders(self, folders: list[tuple[int, str]]) -> None:
        self._folders = folders
        self.side.show_folders(folders)

    def _show_progress(self, done: int, total: int, rate: float) -> None:
        if self.desk.scoring.is_paused():
            self.status.show_paused()
        else:
            self.status.show_scoring(done, total, rate)

    def _scoring_failed(self, text: str) -> None:
        """Scoring waits; taking the tick from 'Pause scoring' tries again."""
        with QSignalBlocker(self.actions_["pause_scoring"]):
            self.actions_["pause_scoring"].setChecked(True)
        self.status.show_paused()
        self._show_failure(text)

    def _show_found(self, count: int) -> None:
        self.status.say(self.tr("{0} images found").format(f"{count:,}"))

    def _show_models(self, rows: list[ModelRow], active: str) -> None:
        self.models.set_models(rows, active)
        self.training.set_active_model(active)
        with QSignalBlocker(self.actions_["pause_scoring"]):  # another model scores at once
            self.actions_["pause_scoring"].setChecked(self.desk.scoring.is_paused())
        self._show_model_name()
        self._show_facts()

    def _show_provider(self, provider: str) -> None:
        self._provider = provider
        self._show_model_name()

    def _show_model_name(self) -> None:
        self.status.show_model(self._model_name(), self._provider)

    def _model_name(self) -> str:
        return self.desk.model.name if self.desk.model else ""

    def _show_problem_count(self, count: int) -> None:
        title = self.tr("Problems")
        self.docks.tabs.setTabText(self.docks.tabs.indexOf(self.problems), f"{title} ({count})" if count else title)
        self.status.show_problems(count)

    def _folder_opened(self, folder_id: int) -> None:
        self.model.set_query(folder=folder_id)
        self.side.choose_folder(folder_id)

    # -- what is asked -----------------------------------------------------------------------------

    def _look_at(self, visible: list[int], near: list[int]) -> None:
        gallery = self.central.gallery
        self.desk.look_at(visible, near, [i for i in visible + near if not gallery.has_picture(i)])

    def _show_image(self, image_id: int) -> None:
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

    def _change_rater(self) -> None:
        dialog = dialogs.RaterDialog(self.desk.rater.name, self)
        dialog.accepted.connect(lambda: self._set_rater(dialog.chosen()))
        dialog.open()

    def _set_rater(self, name: str) -> None:
        self.desk.change_rater(name)

    def _rater_changed(self, name: str) -> None:
        self.preferences.rater = name
        self.status.show_rater(name)
        self.labelling.refresh_undo(self.actions_)

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
                self._show_failure(self.tr("The library is still being written. Close again in a moment."))
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

    def settle(self) -> None:
        """Bring what is refreshed only now and then (counts, histogram) up to date at once."""
        self._summary.stop()
        self._refresh_summary()

    def all_pictured(self) -> bool:
        """Whether every tile on screen shows its picture or its trouble."""
        gallery, columns = self.central.gallery, self.model.columns
        for image_id in self.model.ids_between(gallery.first_visible(), gallery.last_visible()):
            row = self.model.row(image_id)
            if not (gallery.has_picture(image_id) or columns.problem[row] or columns.missing[row]):
                return False
        return True

    def all_scored(self) -> bool:
        """Whether every readable image on record has a score."""
        columns = self.model.columns
        trouble = np.array([bool(p) for p in columns.problem], dtype=bool)
        return bool(len(columns.id)) and not bool((np.isnan(columns.score) & ~trouble & ~columns.missing).any())
