"""Extra scores computed in the background, of what was read before; after the scores of the model in use."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Final

from PySide6.QtCore import QObject, Signal

from app.library import extras
from app.library.extras import Unscored
from app.library.library import Library
from app.library.models import ModelRow
from app.services import worker
from app.services.scores import network_scores
from app.services.training.jobs import JobError
from app.services.worker import Worker
from app.services.writer import Writer
from engine.baselines import registry
from engine.baselines.by_picture import ByPicture
from engine.baselines.contract import NotFittedError
from engine.baselines.files import judge_file
from engine.errors import UserError

_BATCH: Final = 64
_BATCH_AGE_S: Final = 0.5
_Progress = tuple[str, int, int]


class ExtraScoring(QObject):
    """Gives every content its score by every extra score of the library. Killed at any moment, it goes on.

    What a baseline refuses has a reason (`reason`) instead of a number; it is asked again at the next start.

    Signals:
        progress(str, int, int): of which extra score, contents judged by this run, and how many it has to judge.
        finished(): nothing is left to judge now.
        failed(str): one of them cannot be used, or scoring stopped.
    """

    progress = Signal(str, int, int)
    finished = Signal()
    failed = Signal(str)

    def __init__(self, library: Library, writer: Writer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library, self._writer = library, writer
        self._stopped = self._again = False
        self._run: Worker | None = None
        self._refused: set[tuple[str, str]] = set()
        self._reasons: dict[tuple[str, int], str] = {}
        self._broken: set[str] = set()

    def is_running(self) -> bool:
        """Whether it scores just now."""
        return self._run is not None

    def reason(self, model_id: str, image_id: int) -> str:
        """Why an image has no extra score; empty where it has one, or was not judged yet."""
        return self._reasons.get((model_id, image_id), "")

    def refresh(self) -> None:
        """There may be more to score. Cheap to call often."""
        if self._stopped:
            return
        if self._run is not None:
            self._again = True
            return
        self._again = False
        self._run = run = worker.start(self._work)
        run.yielded.connect(lambda at: self.progress.emit(*at))
        run.errored.connect(self._broke)
        run.finished.connect(self._ended)

    def stop(self) -> None:
        """Stop for good after the image under way; what is scored stays. Does not wait."""
        self._stopped = True
        if self._run is not None:
            self._run.quit()

    def _ended(self) -> None:
        self._run = None
        if self._again:
            self.refresh()
        elif not self._stopped:
            self.finished.emit()

    def _broke(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            raise error  # a bug: the crash hook shows it
        self.failed.emit(str(error))

    # -- on the worker's thread ----------------------------------------------------------------

    def _work(self) -> Generator[_Progress | None, None, None]:
        worker.be_polite()
        faults = []
        for model in extras.all_extras(self._library):
            if model.id in self._broken:
                continue
            try:
                yield from self._score_by_network(model) if extras.is_network(model) else self._score(model)
            except (NotFittedError, JobError) as error:
                self._broken.add(model.id)
                faults.append(UserError(f"{model.name} cannot be used: {error}"))
        if faults:
            raise faults[0]

    def _waiting(self, model: ModelRow) -> list[Unscored]:
        return [i for i in extras.unscored(self._library, model) if (model.id, i.sha256) not in self._refused]

    def _score_by_network(self, model: ModelRow) -> Generator[_Progress | None, None, None]:
        """In processes of its own, one after the other; each one's scores are stored when it has ended."""
        waiting = self._waiting(model)
        done = 0
        for batch in network_scores.batches(waiting):
            said = yield from network_scores.judge(model.path, batch)
            for item in batch:
                if isinstance(why := said.get(item.sha256), str):
                    self._refuse(model, item, why)
            scores = {sha256: value for sha256, value in said.items() if isinstance(value, float)}
            if scores:
                self._writer.write(extras.record, self._library, model, scores)
            done += len(batch)
            yield model.name, done, len(waiting)

    def _score(self, model: ModelRow) -> Generator[_Progress | None, None, None]:
        baseline = registry.load(model.path)
        assert isinstance(baseline, ByPicture)
        waiting = self._waiting(model)
        batch: dict[str, float] = {}
        stored_at = time.monotonic()
        for number, item in enumerate(waiting, start=1):
            if (score := self._judge(model, baseline, item)) is not None:
                batch[item.sha256] = score
            old = len(batch) >= _BATCH or time.monotonic() - stored_at > _BATCH_AGE_S
            if old or number == len(waiting):
                if batch:
                    self._writer.write(extras.record, self._library, model, batch)
                batch, stored_at = {}, time.monotonic()
                yield model.name, number, len(waiting)
            yield None

    def _judge(self, model: ModelRow, baseline: ByPicture, item: Unscored) -> float | None:
        """None where it is refused, or where the file has changed: the next scan tells of that."""
        reason: str | None = baseline.too_small(item.width, item.height)
        if not reason:
            row = judge_file(item.path, baseline.judge)
            if row.score is not None:
                return row.score if row.sha256 == item.sha256 else None
            reason = row.error
        self._refuse(model, item, reason or "")
        return None

    def _refuse(self, model: ModelRow, item: Unscored, reason: str) -> None:
        self._refused.add((model.id, item.sha256))
        self._reasons.update(dict.fromkeys(((model.id, image_id) for image_id in item.image_ids), reason))
