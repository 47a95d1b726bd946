"""An open library with everything that works on it: what the window talks to.

Edits go to the writer thread; columns are read on a worker thread; what changed is told by signals. The
window never touches SQL. Reads of a few rows (folders, models, the words of undo) are made where they are asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal

from PySide6.QtCore import QObject, QTimer, Signal

import resources
from app.library import calibrators, catalog, edits, models, people
from app.library.changes import Changes, last_seq, since
from app.library.columns import load as load_columns
from app.library.exchange import csv_layout, export, table
from app.library.exchange.plan import OnConflict
from app.library.library import Library
from app.services import advice, feature_cache, worker
from app.services.feature_cache import FeatureCache
from app.services.loupe import ImageLoader
from app.services.retraining import RetrainingService
from app.services.scanning import Scanner
from app.services.scoring import ScoringService
from app.services.thumbnails import Source, ThumbnailService
from app.services.worker import Worker
from app.services.writer import Writer
from engine.bundle import read_bundle
from engine.errors import UserError

_OTHER_WINDOWS_MS: Final = 1000
LabelMode = Literal["correct", "rate"]


def open_library(directory: Path) -> Library:
    """Open or create a library, with a model to score with.

    Slow enough for a worker thread. Raises LibraryError and BundleError.
    """
    library = Library.open_or_create(directory)
    # A newer bundled model joins the list of an older library; it is not put to use in silence.
    bundled = models.register(library, read_bundle(resources.default_model()))
    if models.active(library) is None:
        models.activate(library, bundled.id)
    return library


def _feature_cache() -> FeatureCache | None:
    """None where the cache cannot be kept: then images are looked at again."""
    try:
        return FeatureCache(feature_cache.default_file())
    except UserError:
        return None


class Desk(QObject):
    """One library, its rater, and its services.

    Signals:
        columns_ready(Columns): everything, after opening or a change of model.
        rows_ready(Columns): some rows, after a change.
        changed(Changes): something was written, here or in another window.
        edited(Changes): this curator's own act is on the disk.
        failed(str): one sentence for the person; nothing was half-written.
        models_ready(list, str): every model, and the id of the one in use.
        problems_ready(list): the files that could not be read.
        folders_ready(list): (id, path) of the folders.
        folder_opened(int): this folder is being scanned because somebody asked to see it.
        pictures_changed(object): ids of images whose files changed.
        noticed(str): good news in one sentence.
        rater_changed(str): who labels from now on.
        advised(str, Advice): `suspects` or `next`: images to look at, in order.
    """

    columns_ready = Signal(object)
    rows_ready = Signal(object)
    changed = Signal(object)
    edited = Signal(object)
    failed = Signal(str)
    models_ready = Signal(object, str)
    problems_ready = Signal(object)
    folders_ready = Signal(object)
    folder_opened = Signal(int)
    pictures_changed = Signal(object)
    noticed = Signal(str)
    rater_changed = Signal(str)
    advised = Signal(str, object)

    def __init__(self, library: Library, rater: str, parent: QObject | None = None) -> None:
        """Raises LibraryError where the rater cannot be recorded."""
        super().__init__(parent)
        self.library = library
        self.mode: LabelMode = "correct"
        self.model = models.active(library)
        self.writer = Writer(self)
        self.scanner = Scanner(library, self.writer, self)
        self.features = _feature_cache()
        self.scoring = ScoringService(library, self.writer, features=self.features, parent=self)
        self.thumbnails = ThumbnailService(self._sources, parent=self)
        self.loader = ImageLoader(parent=self)
        self.retraining = RetrainingService(library, self.writer, features=self.features, parent=self)
        self._pending: set[int] = set()
        self._pending_all = False
        self._reading: Worker | None = None
        self._seq = last_seq(library)
        self.rater = people.ensure_rater(library, rater)
        self.session_id = people.start_session(library, self.rater.id)
        self.writer.changed.connect(self._written)
        self.writer.failed.connect(self._told)
        self._others = QTimer(self, interval=_OTHER_WINDOWS_MS)
        self._others.timeout.connect(self._look_for_others)
        self._others.start()

    # -- people ------------------------------------------------------------------------------------

    def change_rater(self, name: str) -> None:
        """Somebody else labels from now on."""

        def change() -> tuple[people.RaterRow, int]:
            rater = people.ensure_rater(self.library, name)
            return rater, people.start_session(self.library, rater.id)

        self.writer.submit(change, on_done=self._rater_changed)

    def _rater_changed(self, found: tuple[people.RaterRow, int]) -> None:
        self.rater, self.session_id = found
        self.rater_changed.emit(self.rater.name)

    # -- opening -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Read what is there, go on with what is unfinished, make today's backup."""
        self.reload()
        self._background(self.library.backup_if_due, done=lambda _file: None)
        self._refresh_models()
        self._refresh_problems()
        self._refresh_folders()
        if self.model is not None:
            self.scoring.set_model(self.model.path)

    def open_folder(self, folder: Path) -> None:
        """Add a folder (recursively) and scan it."""
        self.writer.submit(catalog.add_folder, self.library, folder, on_done=self._folder_added)

    def _folder_added(self, folder_id: int) -> None:
        self._refresh_folders()
        self.folder_opened.emit(folder_id)
        self.scanner.scan(folder_id)

    def rescan(self) -> None:
        """Look at every folder of the library again."""
        for folder in catalog.folders(self.library):
            self.scanner.scan(folder.id)

    def look_at(self, visible: Sequence[int], near: Sequence[int], unpictured: Sequence[int]) -> None:
        """What is on screen comes first: scores for all of it, pictures for what has none yet."""
        self.scoring.set_viewport(visible, near)
        wanted = set()
        for image_id in unpictured:
            # The gallery keeps fewer pictures than the service, which answers only what it is asked anew.
            if (pixels := self.thumbnails.cached(image_id)) is not None:
                self.thumbnails.ready.emit(image_id, pixels)
            else:
                wanted.add(image_id)
        self.thumbnails.want([i for i in visible if i in wanted], [i for i in near if i in wanted])

    # -- the curator's acts ------------------------------------------------------------------------

    def label(self, ids: Iterable[int], mos: float, *, blind: bool = False) -> None:
        """Correct the MOS or add a rating, as the mode says; `blind`: without having seen scores and labels."""
        if self.mode == "correct":
            self._edit(partial(edits.correct, why="blind" if blind else ""), list(ids), mos)
        else:
            self._edit(partial(edits.rate, mode="blind" if blind else "open"), list(ids), mos)

    def clear(self, ids: Iterable[int]) -> None:
        """Take my label away."""
        self._edit(edits.clear, list(ids))

    def flag(self, ids: Iterable[int], flag: str | None) -> None:
        """Set or remove a flag."""
        self._edit(edits.flag, list(ids), flag)

    def undo(self) -> None:
        """Undo my last act in this library."""
        self._edit(edits.undo)

    def redo(self) -> None:
        """Redo what I last undid."""
        self._edit(edits.redo)

    def _edit(self, act: Callable[..., Changes], *args: Any) -> None:
        if args and args[0] == []:
            return
        self.writer.submit(
            act,
            self.library,
            *args,
            rater_id=self.rater.id,
            session_id=self.session_id,
            initiator=self,
            on_done=self.edited.emit,
        )

    def undo_words(self) -> tuple[str | None, str | None]:
        """What undo and redo would do, in words; None where there is nothing."""
        who = self.rater.id
        return edits.undo_text(self.library, who), edits.redo_text(self.library, who)

    # -- models ------------------------------------------------------------------------------------

    def use_model(self, model_id: str) -> None:
        """Score with another model of the library."""
        self.writer.submit(models.activate, self.library, model_id)

    def add_model(self, file: Path) -> None:
        """Bring a bundle into the library and use it; a file that is no bundle is refused and nothing changes."""

        def add() -> Changes:
            return models.activate(self.library, models.register(self.library, read_bundle(file)).id)

        self.writer.submit(add)

    def use_calibration(self, on: bool) -> None:
        """Show the scores of the model in use through its newest calibrator, or raw."""
        if self.model is None:
            return
        if on and (known := calibrators.versions(self.library, self.model.id)):
            self.writer.submit(calibrators.activate, self.library, known[0].id)
        else:
            self.writer.submit(calibrators.deactivate, self.library, self.model.id)

    def calibration(self) -> tuple[bool, bool]:
        """Whether the model in use has a calibrator, and whether scores are shown through it."""
        known = calibrators.versions(self.library, self.model.id) if self.model else []
        return bool(known), any(row.active for row in known)

    def advise(self, kind: Literal["suspects", "next"]) -> None:
        """Ask which labels to look at again, or which images to label next; answers by `advised` or `failed`."""
        ask = advice.suspect_labels if kind == "suspects" else advice.label_next
        self._background(ask, self.library, self.features, done=lambda found: self.advised.emit(kind, found))

    # -- labels as files ---------------------------------------------------------------------------

    def table_header(self, file: Path, done: Callable[[list[str]], None], failed: Callable[[str], None]) -> None:
        """The column names of a table, read on a worker thread."""
        self._background(lambda: list(table.read_table(file).header), done=done, failed=failed)

    def plan_import(
        self, file: Path, done: Callable[[Any], None], failed: Callable[[str], None], **options: Any
    ) -> None:
        """A dry run on a worker thread; `done(plan)` or `failed(sentence)` on the window's."""
        self._background(csv_layout.plan_import, self.library, file, done=done, failed=failed, **options)

    def apply_import(self, plan: Any, on_conflict: OnConflict) -> None:
        """Write a plan as one act."""
        self._edit(
            lambda library, **who: csv_layout.apply_import(
                library, plan, on_conflict=on_conflict, rater_id=who["rater_id"], session_id=who["session_id"]
            )
        )

    def export_labels(self, file: Path, done: Callable[[Any], None]) -> None:
        """Write all labels as CSV; `done(count)`."""
        self._background(export.export_labels, self.library, file, done=done)

    def _background(
        self,
        fn: Callable[..., Any],
        *args: Any,
        done: Callable[[Any], None],
        failed: Callable[[str], None] | None = None,
        **kwargs: Any,
    ) -> None:
        job = worker.start(fn, *args, **kwargs)
        job.returned.connect(done)
        job.errored.connect(lambda error: self._told(error, failed))

    # -- changes -----------------------------------------------------------------------------------

    def _written(self, changes: Changes) -> None:
        self._seq = max(self._seq, changes.seq)
        self._spread(changes)

    def _look_for_others(self) -> None:
        try:
            changes = since(self.library, self._seq)
        except UserError as error:
            self.failed.emit(str(error))
            return
        if changes is not None:
            self._seq = changes.seq
            self._spread(changes)

    def _spread(self, changes: Changes) -> None:
        self.changed.emit(changes)
        if changes.models:
            self._model_changed()
        if changes.everything:
            self.reload()
        elif changes.image_ids:
            self._pending.update(changes.image_ids)
            self._read()
        if changes.images:
            self._refresh_problems()
        if changes.images and not changes.scores:  # what scoring found broken has no new picture
            self.scoring.refresh()
            self.thumbnails.forget(changes.image_ids)
            self.loader.forget(changes.image_ids)
            self.pictures_changed.emit(changes.image_ids)

    def _model_changed(self) -> None:
        before = self.model.id if self.model else None
        self.model = models.active(self.library)
        self._refresh_models()
        if self.model is not None and self.model.id != before:
            self.scoring.set_model(self.model.path)
            self.reload()

    # -- reading -----------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read all columns anew."""
        self._pending_all = True
        self._read()

    def _read(self) -> None:
        """One read at a time; what comes in meanwhile is read in one go afterwards."""
        if self._reading is not None or not (self._pending_all or self._pending):
            return
        everything, ids = self._pending_all, sorted(self._pending)
        self._pending_all, self._pending = False, set()
        self._reading = worker.start(
            load_columns,
            self.library,
            model_id=self.model.id if self.model else "",
            preprocessing_id=self.model.preprocessing_id if self.model else "",
            ids=None if everything else ids,
        )
        self._reading.returned.connect(self.columns_ready if everything else self.rows_ready)
        self._reading.errored.connect(self._told)
        self._reading.finished.connect(self._read_again)

    def _read_again(self) -> None:
        self._reading = None
        self._read()

    def _refresh_models(self) -> None:
        self.models_ready.emit(models.all_models(self.library), self.model.id if self.model else "")

    def _refresh_problems(self) -> None:
        self._background(catalog.problems, self.library, done=self.problems_ready.emit)

    def _refresh_folders(self) -> None:
        self.folders_ready.emit([(f.id, str(f.path)) for f in catalog.folders(self.library)])

    def retry_problems(self) -> None:
        """Read the unreadable files again."""
        ids = [p.image_id for p in catalog.problems(self.library)]
        self.writer.submit(catalog.clear_problems, self.library, ids)

    def _sources(self, ids: Sequence[int]) -> dict[int, Source]:
        return {i: Source(Path(path)) for i, path in catalog.paths(self.library, ids).items()}

    def _told(self, error: BaseException, tell: Callable[[str], None] | None = None) -> None:
        if not isinstance(error, UserError):
            raise error  # a bug: the crash hook shows it
        (tell or self.failed.emit)(str(error))

    # -- closing -----------------------------------------------------------------------------------

    def close(self, timeout_s: float = 5.0) -> list[str]:
        """Stop everything; what is written stays, a running training goes on. Returns what did not stop in time."""
        self._others.stop()
        self.retraining.close()
        self.scanner.cancel()
        self.scoring.stop()
        self.thumbnails.close(timeout_s)
        self.loader.close(timeout_s)
        left = [w.name for w in worker.stop_all(timeout_s)]
        if not self.writer.close(timeout_s):
            left.append("library writer")
        if self.features is not None and not left:
            self.features.close()
        self.library.close()
        return left
