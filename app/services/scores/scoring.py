"""Scores that arrive while the curator works: what is on screen first, killed at any moment, going on by itself.

The library is the queue: whatever has no score of the present model is to be scored.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from app.library import catalog
from app.library.catalog import ScoredImage
from app.library.changes import Changes
from app.library.library import Library
from app.services import worker
from app.services.scores.feature_cache import FeatureCache
from app.services.scores.rescoring import Keeper, Rescoring
from app.services.scores.score_queue import ScoreQueue
from app.services.writer import Writer
from engine.bundle import Bundle
from engine.errors import UserError
from engine.scoring import Scorer, ScoreRow

_BATCH: Final = 64
_BATCH_AGE_S: Final = 0.5
"""Each batch costs a commit that a label may have to wait for, and every view a refresh."""
_AHEAD: Final = 2
_IDLE_S: Final = 0.5
_REFILL_S: Final = 1.0
_REFILL_SHARE: Final = 20  # so that looking for new images costs at most 5 % of the time
_RATE_WINDOW_S: Final = 5.0
_Item = tuple[int, Path]
_Told = tuple["_Lane", str, tuple[Any, ...]]


class ScoringService(QObject):
    """Scores the library with one model, in the background.

    Signals:
        progress(int, int, float): images with a score (or a problem) of the present model, all readable images, and
            the images per second of the last seconds.
        scored(Changes): a batch of scores is stored (also announced by the writer).
        provider(str): what the model runs on, e.g. 'CPU'; a note on accelerators that are not used follows it.
        finished(): nothing is left to score now.
        failed(str): scoring stopped; `resume` tries again.
    """

    progress = Signal(int, int, float)
    scored = Signal(object)
    provider = Signal(str)
    finished = Signal()
    failed = Signal(str)

    def __init__(
        self,
        library: Library,
        writer: Writer,
        *,
        workers: int | None = None,
        features: FeatureCache | None = None,
        parent: QObject | None = None,
    ) -> None:
        """`features` keeps what every head of one backbone needs, so that another head reads no image."""
        super().__init__(parent)
        self._library, self._writer, self._workers, self._features = library, writer, workers, features
        self._lane: _Lane | None = None
        self._run: worker.Worker | None = None
        self._view: tuple[list[int], list[int]] = ([], [])
        self._paused_early = False  # before there was a model

    def set_model(self, bundle: Bundle | Path) -> None:
        """Score with this model from now on. A path is read and verified in the background."""
        self.stop()
        self._begin(bundle)

    def set_viewport(self, visible: Iterable[int], near: Iterable[int] = ()) -> None:
        """What is on screen, and what is near it: scored before all else."""
        self._view = (list(visible), list(near))
        if self._lane is not None:
            self._lane.queue.prefer(*self._view)

    def refresh(self) -> None:
        """There may be new images, or problems to be tried again. Cheap to call often."""
        if self._lane is not None:
            self._lane.ask(refill=True)

    def pause(self) -> None:
        """Stop after the images under way; their scores are kept."""
        if self._lane is not None:
            self._lane.ask(paused=True)
        else:
            self._paused_early = True

    def resume(self) -> None:
        """Go on after `pause`, `failed` or `stop`."""
        self._paused_early = False
        if self._lane is None:
            return
        if self._lane.stopped:
            self._begin(self._lane.bundle)
        else:
            self._lane.ask(paused=False)

    def is_paused(self) -> bool:
        """Whether `pause` is in force."""
        return self._lane.paused if self._lane is not None else self._paused_early

    def has_model(self) -> bool:
        """Whether `set_model` was called."""
        return self._lane is not None

    def stop(self) -> None:
        """Stop for good; within the time of one image, the scores so far are stored. Does not wait."""
        if self._lane is not None:
            self._lane.ask(stopped=True)

    def wait(self, timeout_s: float) -> bool:
        """Block until the thread of a stopped scoring has ended; False when the time ran out."""
        return self._run is None or self._run.wait(timeout_s)

    def _begin(self, bundle: Bundle | Path) -> None:
        self._lane = lane = _Lane(self._library, self._writer, bundle, self._workers, self.scored.emit, self._features)
        lane.queue.prefer(*self._view)
        lane.paused, self._paused_early = self._paused_early, False
        self._run = run = worker.start(lane.work)
        run.yielded.connect(self._tell)
        run.errored.connect(lambda error: self._broke(lane, error))

    def _tell(self, told: _Told) -> None:
        lane, name, values = told
        if lane is self._lane:  # what a former model says of its progress is stale
            getattr(self, name).emit(*values)

    def _broke(self, lane: _Lane, error: Exception) -> None:
        lane.stopped = True
        if not isinstance(error, UserError):
            raise error  # a bug: the crash hook shows it
        if lane is self._lane:
            self.failed.emit(str(error))


class _Lane:
    """The work for one model, on one thread."""

    def __init__(
        self,
        library: Library,
        writer: Writer,
        bundle: Bundle | Path,
        workers: int | None,
        on_stored: Callable[[Changes], None],
        features: FeatureCache | None,
    ) -> None:
        self.on_stored, self._features = on_stored, features
        self.library, self.writer, self.bundle, self.workers = library, writer, bundle, workers
        self.queue = ScoreQueue()
        self.paused = self.stopped = False
        self._refill = True
        self._refill_at = 0.0
        self._total = 0
        self._wake = threading.Condition()
        self._paths: dict[int, Path] = {}
        self._storing: deque[tuple[Future[Changes], list[int]]] = deque()
        self._rate = _Rate()

    def ask(self, *, refill: bool | None = None, paused: bool | None = None, stopped: bool | None = None) -> None:
        """Change what is wanted; from any thread."""
        with self._wake:
            self._refill = self._refill if refill is None else refill
            self.paused = self.paused if paused is None else paused
            self.stopped = self.stopped if stopped is None else stopped
            self._wake.notify_all()

    def work(self) -> Generator[_Told | None, None, None]:
        """The whole life: load the model, score what there is, wait for more."""
        worker.be_polite()
        scorer = Scorer(self.bundle, workers=self.workers)
        yield self._told("provider", " ".join(filter(None, (scorer.provider, scorer.provider_note))))
        busy = False
        while not self.stopped:
            if self._refill:
                self._fill(scorer)
                yield self._progress()
                busy = True
            if len(self.queue) and not self.paused:
                yield from self._score(scorer)
            elif busy and not len(self.queue):
                busy = False
                yield self._told("finished")
            else:
                with self._wake:
                    if not (self._refill or self.stopped):
                        self._wake.wait(_IDLE_S)
                yield None

    def _fill(self, scorer: Scorer) -> None:
        with self._wake:
            self._refill = False
        began = time.monotonic()
        self._paths = {}  # files may have moved since
        self._score_from_cache(scorer)
        self.queue.fill(catalog.unscored(self.library, scorer.model_id, scorer.preprocessing_id).tolist())
        self._total = len(catalog.unscored(self.library, "", ""))  # no model has scored anything: all
        took = time.monotonic() - began
        self._refill_at = began + took + max(_REFILL_S, _REFILL_SHARE * took)

    def _score_from_cache(self, scorer: Scorer) -> None:
        """Images whose features are known get the score of this head without being read."""
        if self._features is None:
            return
        try:
            rescoring = Rescoring(self._features, scorer.bundle)
        except UserError:
            return  # a model whose score needs more than its features
        known = catalog.unscored_contents(self.library, scorer.model_id, scorer.preprocessing_id)
        for batch in rescoring.batches(known):
            if self.stopped or self.paused:
                break
            self._store(scorer, batch)
        self._settle(0)

    def _score(self, scorer: Scorer) -> Iterator[_Told]:
        batch: list[ScoredImage] = []
        last = time.monotonic()
        keeper = Keeper(self.library, self._features, scorer.bundle)
        self._paths = {}
        rows = scorer.stream(self._pull(), _path, with_features=keeper.wants)
        with closing(keeper):
            with closing(rows):
                for row in rows:
                    batch.append(_result(row))
                    keeper.keep(row)
                    self._rate.count()
                    if len(batch) >= _BATCH or time.monotonic() - last > _BATCH_AGE_S:
                        self._store(scorer, batch)
                        batch, last = [], time.monotonic()
                        if keeper.is_full:
                            self._settle(0)
                            keeper.close()
                        yield self._progress()
                    if self.stopped:
                        break
            self._store(scorer, batch)
            self._settle(0)
        self.queue.put_back()  # what was pulled but not scored, because it was stopped
        yield self._progress()

    def _pull(self) -> Iterator[_Item]:
        """Lazily the next image: the queue may be re-ordered between any two."""
        while not (self.paused or self.stopped):
            if self._refill and time.monotonic() > self._refill_at:
                return  # new images may be on screen: look, then go on
            image_id = self.queue.take()
            if image_id is None:
                return
            if image_id not in self._paths:
                self._paths = catalog.paths(self.library, [image_id, *self.queue.upcoming()])
            if image_id in self._paths:
                yield image_id, self._paths[image_id]
            else:
                self.queue.settle([image_id])  # forgotten meanwhile

    def _store(self, scorer: Scorer, batch: list[ScoredImage]) -> None:
        if not batch:
            return
        self._settle(_AHEAD - 1)
        future = self.writer.submit(
            catalog.record_scores,
            self.library,
            scorer.model_id,
            scorer.preprocessing_id,
            batch,
            on_done=self.on_stored,
            on_error=_leave_to_lane,
            bulk=True,
        )
        self._storing.append((future, [row.image_id for row in batch]))

    def _settle(self, ahead: int) -> None:
        """Wait until at most `ahead` batches are not yet stored."""
        while self._storing and (len(self._storing) > ahead or self._storing[0][0].done()):
            future, ids = self._storing.popleft()
            future.result()
            self.queue.settle(ids)

    def _progress(self) -> _Told:
        return self._told("progress", self._total - self.queue.unsettled, self._total, self._rate.value())

    def _told(self, name: str, *values: Any) -> _Told:
        return self, name, values


class _Rate:
    """Images per second over the last seconds."""

    def __init__(self) -> None:
        self._times: deque[float] = deque()

    def count(self) -> None:
        self._times.append(time.monotonic())

    def value(self) -> float:
        now = time.monotonic()
        while self._times and now - self._times[0] > _RATE_WINDOW_S:
            self._times.popleft()
        if len(self._times) < 2:
            return 0.0
        return (len(self._times) - 1) / max(1e-3, now - self._times[0])


def _path(item: _Item) -> Path:
    return item[1]


def _result(row: ScoreRow[_Item]) -> ScoredImage:
    missing = row.error is not None and not os.path.lexists(row.path)  # a link that leads nowhere is a problem instead
    known = (row.item[0], row.sha256, row.width, row.height, row.score, row.error)
    return ScoredImage(*known, missing=missing, path=row.item[1])


def _leave_to_lane(_error: BaseException) -> None:
    """The lane waits for the future and fails by it."""
