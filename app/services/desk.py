"""An open library with everything that works on it: what the window talks to.

Edits go to the writer thread; columns are read on a worker thread; what changed is told by signals. The
window never touches SQL. Reads of a few rows that are seldom asked (folders, models) are made where they are asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer

from app.library import catalog, edits, models
from app.library.backups import network_share
from app.library.changes import Changes, last_seq, since
from app.library.grouping import is_there
from app.library.library import Library
from app.services import bundled, worker
from app.services.images.loupe import ImageLoader
from app.services.images.scanning import Scanner
from app.services.images.thumbnails import Source, ThumbnailService
from app.services.images.watching import FolderWatcher
from app.services.reading import Reader
from app.services.rooms.desk_core import LabelMode
from app.services.rooms.desk_labels import Labelling
from app.services.rooms.desk_models import Modelling
from app.services.rooms.desk_safety import Safekeeping
from app.services.rooms.desk_scale import Scaling
from app.services.rooms.desk_search import Searching
from app.services.scores import feature_cache
from app.services.scores.extra_scoring import ExtraScoring
from app.services.scores.factors import FactorService
from app.services.scores.feature_cache import FeatureCache
from app.services.scores.scoring import ScoringService
from app.services.training.retraining import RetrainingService
from engine.errors import UserError

__all__ = ["Desk", "LabelMode", "open_library"]

_OTHER_WINDOWS_MS: Final = 1000
_PROBLEMS_MS: Final = 500
_BACKUP_DUE_MS: Final = 3_600_000
_LOOK_AGAIN_MS: Final = 3000
"""The first seconds belong to the curator."""


def open_library(directory: Path) -> Library:
    """Open or create a library, with a model to score with.

    Slow enough for a worker thread. Raises LibraryError and BundleError.
    """
    library = Library.open_or_create(directory)
    bundled.bring_in(library)
    return library


def _at_hand(folders: Sequence[tuple[int, Path]]) -> list[int]:
    """Those that can be looked at unasked: they are there, and on a drive of this computer."""
    return [i for i, path in folders if is_there(path) and not network_share(path)]


def _feature_cache() -> FeatureCache | None:
    """None where the cache cannot be kept: then images are looked at again."""
    try:
        return FeatureCache(feature_cache.default_file())
    except UserError:
        return None


class Desk(Labelling, Searching, Safekeeping, Scaling, Modelling):
    """One library, its rater, and its services.

    Signals:
        first_ready(Columns): the rows of the first screen of a large library; everything follows.
        columns_ready(Columns): everything, after opening or a change of model.
        rows_ready(Columns): some rows, after a change.
        undo_ready(str | None, str | None): what undo and redo would do, in words; None where there is nothing.
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
        blind_changed(bool): whether ratings are blind from now on.
        views_ready(list): the saved views, after one was saved, renamed or deleted.
        advised(str, Advice): `suspects` or `next`: images to look at, in order.
        extra_changed(ModelRow | None): this extra score is on show from now on.
    """

    def __init__(self, library: Library, rater: str, parent: QObject | None = None) -> None:
        """Raises LibraryError where the rater cannot be recorded."""
        super().__init__(library, rater, parent)
        self.model = models.active(library)
        self.scanner = Scanner(library, self.writer, self)
        self.features = _feature_cache()
        self.scoring = ScoringService(library, self.writer, features=self.features, parent=self)
        self.thumbnails = ThumbnailService(self._sources, parent=self)
        self.loader = ImageLoader(parent=self)
        self.retraining = RetrainingService(library, self.writer, features=self.features, parent=self)
        self.factors = FactorService(library, self.writer, parent=self)
        self.extra_scoring = ExtraScoring(library, self.writer, parent=self)
        self.watcher = FolderWatcher(parent=self)
        self._reader = Reader(library, lambda: self.model, self._extra_key, lambda: self.rater.id, self)
        self._reader.first_ready.connect(self.first_ready)
        self._reader.columns_ready.connect(self.columns_ready)
        self._reader.rows_ready.connect(self.rows_ready)
        self._reader.undo_ready.connect(self.undo_ready)
        self._reader.failed.connect(self._told)
        self.rater_changed.connect(lambda _name: self._reader.ask_undo())
        self._reads_problems = self._problems_wanted = False
        self._problems_later = QTimer(self, singleShot=True, interval=_PROBLEMS_MS)
        self._problems_later.timeout.connect(self._refresh_problems)
        self._seq = last_seq(library)
        self._looking = self._goes_on = False
        self.writer.changed.connect(self._written)
        self.writer.failed.connect(self._told)
        self.watcher.changed.connect(self.scanner.scan)
        self.scanner.done.connect(lambda _summary: self.factors.refresh())
        self.scoring.finished.connect(self.extra_scoring.refresh)
        self._safety = QTimer(self, interval=_BACKUP_DUE_MS)
        self._safety.timeout.connect(self._keep_safe)
        self._look_again = QTimer(self, singleShot=True, interval=_LOOK_AGAIN_MS)
        self._look_again.timeout.connect(self._scan_again)
        self._others = QTimer(self, interval=_OTHER_WINDOWS_MS)
        self._others.timeout.connect(self._look_for_others)
        self._others.start()

    # -- opening -----------------------------------------------------------------------------------

    def look_ahead(self, sort: str, descending: bool) -> None:
        """Read what stands first in this sort while the window is being built; before `start`."""
        self._reader.ask_first(sort, descending)

    def start(self) -> None:
        """Read what is there; then go on with what is unfinished, and make today's backup."""
        self.reload()
        self._refresh_models()
        self._refresh_folders()
        self._reader.columns_ready.connect(self._go_on, Qt.ConnectionType.SingleShotConnection)
        self._reader.failed.connect(self._go_on, Qt.ConnectionType.SingleShotConnection)

    def _go_on(self, *_: object) -> None:
        """Nothing of this is on the first screen, and all of it would take the processor from it."""
        if self._goes_on:
            return
        self._goes_on = True
        self._keep_safe()
        self._safety.start()
        self._look_again.start()
        self._refresh_problems()
        if self.model is not None and not self.scoring.has_model():
            self.scoring.set_model(self.model.path)  # and then the extra scores

    def _keep_safe(self) -> None:
        self._background(self.library.backup_if_due, done=lambda _file: None)

    def _scan_again(self) -> None:
        """What came, went or changed while no window was open, or while the last one was closed amid a scan."""
        folders = [(f.id, f.path) for f in catalog.folders(self.library)]
        self._background(_at_hand, folders, done=self._scan_quietly)

    def _scan_quietly(self, folder_ids: Sequence[int]) -> None:
        for folder_id in folder_ids:
            self.scanner.scan(folder_id, quietly=True)

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

    # -- changes -----------------------------------------------------------------------------------

    def _written(self, changes: Changes) -> None:
        if changes.seq == self._seq + 1 or changes.kind == "restore":
            self._seq = changes.seq  # else somebody else's act lies between: looking for others finds both
        self._spread(changes)

    def _look_for_others(self) -> None:
        if self._looking:
            return
        self._looking = True
        job = worker.start(since, self.library, self._seq)
        job.returned.connect(self._others_found)
        job.errored.connect(self._told)
        job.finished.connect(self._others_looked_for)

    def _others_found(self, changes: Changes | None) -> None:
        if changes is not None and (changes.seq > self._seq or changes.kind == "restore"):
            self._seq = changes.seq
            self._spread(changes)

    def _others_looked_for(self) -> None:
        self._looking = False

    def _spread(self, changes: Changes) -> None:
        self.changed.emit(changes)
        if changes.models:
            self._model_changed()
        if changes.everything:
            self.reload()
            self._refresh_folders()
            self.views_ready.emit(self.saved_views())
        if changes.kind == "restore":  # who sits here may have another number now
            self.writer.submit(self._who, self._sitting, on_done=lambda _who: self._reader.ask_undo())
        elif changes.image_ids:
            self._read_changed(changes)
        if changes.images:
            self._refresh_problems()
        if changes.images and (
            changes.everything or not changes.scores
        ):  # what scoring found broken has no new picture
            self.scoring.refresh()
            self.factors.refresh()
            self.thumbnails.forget(changes.image_ids)
            self.loader.forget(changes.image_ids)
            self.pictures_changed.emit(changes.image_ids)

    def _read_changed(self, changes: Changes) -> None:
        mine = changes.initiator is self and changes.labels and changes.kind not in edits.OUTSIDE_STACK
        if mine:
            self._reader.tell_undo(changes.text)
        self._reader.ask(changes.image_ids, urgent=mine, undo=changes.labels and not mine)

    # -- reading -----------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read all columns anew."""
        self._reader.ask_all()

    def _refresh_problems(self) -> None:
        """One read at a time, and a later one for all that was asked meanwhile."""
        if self._reads_problems or self._problems_later.isActive():
            self._problems_wanted = True
            return
        self._reads_problems, self._problems_wanted = True, False
        job = worker.start(catalog.problems, self.library)
        job.returned.connect(self.problems_ready)
        job.errored.connect(self._told)
        job.finished.connect(self._problems_read)

    def _problems_read(self) -> None:
        self._reads_problems = False
        if self._problems_wanted:
            self._problems_later.start()

    def _refresh_folders(self) -> None:
        folders = catalog.folders(self.library)
        self.folders_ready.emit([(f.id, str(f.path)) for f in folders])
        self.watcher.watch({f.id: f.path for f in folders})

    def retry_problems(self) -> None:
        """Read the unreadable files again."""
        ids = [p.image_id for p in catalog.problems(self.library)]
        self.writer.submit(catalog.clear_problems, self.library, ids)

    def _sources(self, ids: Sequence[int]) -> dict[int, Source]:
        return {i: Source(Path(path)) for i, path in catalog.paths(self.library, ids).items()}

    # -- closing -----------------------------------------------------------------------------------

    def close(self, timeout_s: float = 5.0) -> list[str]:
        """Stop everything; what is written stays, a running training goes on. Returns what did not stop in time."""
        self._goes_on = True  # nothing begins any more
        for timer in (self._others, self._safety, self._look_again):
            timer.stop()
        self._reader.stop()
        self._problems_wanted = False
        self._problems_later.stop()
        self.retraining.close()
        self.watcher.close()
        self.scanner.cancel()
        self.factors.stop()
        self.extra_scoring.stop()
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
