"""What arrives from the desk, shown: rows, scores, acts, scans, models, failures. The other way is `commands.py`."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QObject, QSignalBlocker, QTimer

from app.library.calibrators import PERCENTILE
from app.library.changes import Changes
from app.library.columns import Columns
from app.library.models import ModelRow
from app.services.advice import Advice
from app.services.images.scanning import ScanSummary
from app.ui import shown_scale
from app.ui.below import told
from app.ui.gallery.tiles import extra_line
from app.ui.rating.facts import Facts

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow

_SUMMARY_MS: Final = 500
"""Counts and histogram follow the scores at most so often."""


class Presenter(QObject):
    """Listens to one window's desk and keeps the window's parts up to date."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._desk, self._model = window, window.desk, window.model
        self.provider = ""
        self._folders: list[tuple[int, str]] = []
        self._untouched = True
        self._sort_when_complete = False
        self._summary = QTimer(self, singleShot=True, interval=_SUMMARY_MS)
        self._summary.timeout.connect(self._refresh_summary)
        self._connect()

    def _connect(self) -> None:
        desk, window = self._desk, self._window
        desk.first_ready.connect(self._show_first)
        desk.columns_ready.connect(self._show_columns)
        desk.rows_ready.connect(self._show_rows)
        desk.undo_ready.connect(self._undo_ready)
        desk.edited.connect(self._show_edit)
        desk.changed.connect(self._written)
        desk.failed.connect(self._show_failure)
        desk.failed.connect(self._show_calibration)  # what was ticked and could not be done is not ticked
        desk.noticed.connect(window.central.toast.show_text)
        desk.advised.connect(self._show_advice)
        desk.rater_changed.connect(self._rater_changed)
        desk.problems_ready.connect(window.problems.show_problems)
        desk.folders_ready.connect(self._show_folders)
        desk.folder_opened.connect(self._folder_opened)
        desk.models_ready.connect(self._show_models)
        desk.pictures_changed.connect(self._pictures_changed)
        desk.thumbnails.ready.connect(window.central.gallery.set_picture)
        desk.thumbnails.warned.connect(window.status.say)
        desk.scanner.found.connect(self._show_found)
        desk.scanner.done.connect(self._scanned)
        desk.scanner.failed.connect(self._show_failure)
        desk.scoring.progress.connect(self._show_progress)
        desk.scoring.provider.connect(self._show_provider)
        desk.scoring.finished.connect(self._scored)
        desk.scoring.failed.connect(self._scoring_failed)
        desk.factors.failed.connect(self._show_failure)
        desk.watcher.said.connect(window.status.say)
        self._model.reordered.connect(self.show_counts)
        self._model.reordered.connect(self.show_facts)  # a list for a second look hides scores and labels
        self._model.reordered.connect(self.show_undo)
        self._model.extended.connect(self.show_counts)
        self._model.current_changed.connect(lambda _id: self.show_facts())
        self._model.selection_changed.connect(self._selection_changed)
        window.problems.count_changed.connect(self._show_problem_count)
        window.status.show_rater(desk.rater.name)

    # -- rows and scores ---------------------------------------------------------------------------

    def _show_first(self, columns: Columns) -> None:
        """The screen that the window opens with; what sums up all rows waits for them."""
        self._model.set_columns(columns, complete=False)
        self._window.actions_["select_all"].setEnabled(False)

    def _show_columns(self, columns: Columns) -> None:
        self._model.set_columns(columns)
        self._window.side.forget_directories()
        self._window.actions_["select_all"].setEnabled(self._window.central.mode == "grid")
        self._refresh_summary()
        self._window.training_wiring.planning.refresh()
        self.show_facts()
        self._show_calibration()

    def _show_calibration(self, *_: object) -> None:
        actions, shown = self._window.actions_, self._desk.shown_as()
        ticks = {
            "calibrated": shown.kind not in ("", PERCENTILE),
            "reference": shown.is_models_own,
            "percentiles": shown.kind == PERCENTILE and not shown.is_models_own,
        }
        for name, on in ticks.items():
            with QSignalBlocker(actions[name]):
                actions[name].setChecked(on)
        actions["calibrated"].setEnabled(shown.has_map)
        actions["reference"].setEnabled(bool(shown.offered))
        reference = shown.reference if shown.kind == PERCENTILE else ""
        if reference != self._model.reference:
            self._model.reference = reference
            self.show_facts()
        self._window.status.show_scale(shown_scale.name(shown), shown_scale.told(shown))

    def _show_rows(self, part: Columns) -> None:
        self._model.patch(part)
        if not self._summary.isActive():
            self._summary.start()
        if self._model.current in part.id:
            self.show_facts()
        if self._sort_when_complete and self.all_scored():
            self._sort_when_complete = False
            self._model.resort()

    def _scored(self) -> None:
        # Nobody has chosen anything yet, so nothing can jump away from under the cursor.
        if self._untouched and self.all_scored():
            self._model.resort()
        else:
            self._sort_when_complete = self._untouched  # the last rows are still being read

    def _pictures_changed(self, ids: Collection[int]) -> None:
        self._window.central.gallery.forget_pictures(set(ids))
        self._window.central.reload(set(ids))

    def _refresh_summary(self) -> None:
        self._window.side.show_columns(self._model.columns)
        self._window.browsing.count()
        self.show_counts()

    def settle(self) -> None:
        """Bring what is refreshed only now and then (counts, histogram) up to date at once."""
        self._summary.stop()
        self._refresh_summary()

    def stop(self) -> None:
        """The window closes: nothing more is refreshed."""
        self._summary.stop()

    def all_scored(self) -> bool:
        """Whether every readable image on record has a score."""
        columns = self._model.columns
        waiting = np.flatnonzero(np.isnan(columns.score) & ~columns.missing)
        return bool(len(columns)) and all(columns.problem[row] for row in waiting)

    # -- selection ---------------------------------------------------------------------------------

    def _selection_changed(self) -> None:
        self._untouched = self._untouched and not self._model.selection
        self._sort_when_complete = self._sort_when_complete and self._untouched
        self.show_counts()
        self.show_facts()

    def show_counts(self) -> None:
        """How many are selected, on show, in all."""
        self._window.central.bar.show_query(self._model.query)
        if not self._model.is_complete:
            self._window.status.show_reading()
            return
        total = int((~self._model.columns.missing).sum())
        self._window.status.show_counts(len(self._model.selection), len(self._model), total)

    def show_facts(self) -> None:
        """The panel at the right follows the current image."""
        row = self._model.row(self._model.current)
        extra = extra_line(self._model, self._model.current, blind=False) if row >= 0 else ""
        facts = Facts.of(self._model.columns, row, self.model_name, extra, self._model.reference) if row >= 0 else None
        if facts is not None and self._window.labelling.is_blind:
            facts = facts.blinded()
        self._window.rating.show_facts(facts, len(self._model.selection))

    # -- acts --------------------------------------------------------------------------------------

    def _written(self, changes: Changes) -> None:
        if changes.labels or (changes.images and not changes.scores) or changes.everything:
            self._window.training_wiring.planning.refresh()
            self._window.suggestion.look()

    def _show_edit(self, changes: Changes) -> None:
        status, toast = self._window.status, self._window.central.toast
        if not changes:
            status.say(self.tr("There was nothing to change."))
            return
        status.show_saved()
        toast.retire_undo()
        blind = self._window.labelling.is_blind  # the words of an act tell the label from before
        said = told(changes.text)
        text = self.tr("Saved") if blind else said[:1].upper() + said[1:]
        if len(changes.image_ids) > 1 or changes.skipped:
            toast.show_text(text, undo=changes.kind not in ("undo", "redo"))
        else:
            status.say(text)
        if changes.kind in ("undo", "redo") and changes.image_ids:
            self._window.labelling.forget_nudges()
            self._window.show_image(changes.image_ids[0])

    def show_undo(self) -> None:
        """The words of undo and redo, where they may be seen."""
        self._window.labelling.show_undo(self._window.actions_)

    def _undo_ready(self, undo: str | None, redo: str | None) -> None:
        self._window.labelling.set_undo_words(undo, redo)
        self.show_undo()

    def _rater_changed(self, name: str) -> None:
        self._window.preferences.rater = name
        self._window.status.show_rater(name)

    def _show_advice(self, kind: str, found: Advice) -> None:
        """A queue of images to look at, in its order; suspect labels without what others think of them."""
        self._model.show_list(found.ids, blind=kind == "suspects")
        self._window.labelling.forget_nudges()  # a second look starts without the first one
        self._window.central.show_mode("grid")
        if found.ids:
            self._window.show_image(found.ids[0])
        title = self.tr("Suspect labels, hidden for a blind look.") if kind == "suspects" else self.tr("Label next.")
        self._window.central.toast.show_text(self.tr("{0} Esc shows all again.").format(title))
        self._window.status.say(told(found.text), 0)

    # -- folders, problems, failures ---------------------------------------------------------------

    def _show_failure(self, text: str) -> None:
        text = told(text)
        self._window.central.toast.show_text(f"⚠ {text}", warning=True)
        self._window.status.say(text, 0)

    def _show_folders(self, folders: list[tuple[int, str]]) -> None:
        self._folders = folders
        self._window.side.folders.show_folders(folders)

    def _folder_opened(self, folder_id: int) -> None:
        self._window.browsing.ask(folder=folder_id, inside="")
        self._window.side.folders.choose(folder_id)

    def _show_found(self, count: int) -> None:
        one, some = self.tr("1 image found"), self.tr("{0} images found")
        self._window.status.say(one if count == 1 else some.format(f"{count:,}"))

    def _scanned(self, summary: ScanSummary) -> None:
        if summary.quiet:
            return
        root = next((path for i, path in self._folders if i == summary.folder_id), "")
        self._window.problems.show_folders([(str(Path(root, u.rel_path)), u.reason) for u in summary.unreadable])
        if summary.unreadable:
            first = summary.unreadable[0]
            one, some = (
                self.tr("1 folder could not be read: {1} ({2})"),
                self.tr("{0} folders could not be read: {1} ({2})"),
            )
            text = one if len(summary.unreadable) == 1 else some
            self._show_failure(text.format(len(summary.unreadable), first.rel_path, told(first.reason)))
        elif not summary.found and not summary.cancelled:
            self._window.status.say(self.tr("There are no images in that folder."))

    def _show_problem_count(self, count: int) -> None:
        title, tabs = self.tr("Problems"), self._window.docks.tabs
        tabs.setTabText(tabs.indexOf(self._window.problems), f"{title} ({count})" if count else title)
        self._window.status.show_problems(count)

    # -- scoring and models ------------------------------------------------------------------------

    def _show_progress(self, done: int, total: int, rate: float) -> None:
        if self._desk.scoring.is_paused():
            self._window.status.show_paused()
        else:
            self._window.status.show_scoring(done, total, rate)

    def _scoring_failed(self, text: str) -> None:
        """Scoring waits; taking the tick from 'Pause scoring' tries again."""
        self._tick_pause(True)
        self._window.status.show_paused()
        self._show_failure(text)

    def _tick_pause(self, on: bool) -> None:
        pause = self._window.actions_["pause_scoring"]
        with QSignalBlocker(pause):
            pause.setChecked(on)

    def _show_models(self, rows: list[ModelRow], active: str) -> None:
        self._window.models.set_models(rows, active)
        self._window.training.set_active_model(active)
        self._tick_pause(self._desk.scoring.is_paused())  # another model scores at once
        self._show_model_name()
        self.show_facts()

    def _show_provider(self, provider: str) -> None:
        self.provider = provider
        self._show_model_name()

    def _show_model_name(self) -> None:
        self._window.status.show_model(self.model_name, self.provider)

    @property
    def model_name(self) -> str:
        """Of the model in use."""
        return self._desk.model.name if self._desk.model else ""
