"""From files to scores: decode and inference overlapped, on ONNX Runtime.

On the CPU every worker thread decodes an image and runs it itself, single-threaded: cores never wait for each other,
and a score cannot depend on the number of threads. On an accelerator the workers decode, one session takes batches.
An image that cannot be read gives a row with the reason, never a score. Needs no torch.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final, Generic, TypeVar

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
import psutil

from engine.bundle import Bundle, BundleError, read_bundle
from engine.errors import UserError
from engine.image import ImageError, Pixels, decode, preprocess, read_file

ort.disable_telemetry_events()  # for Windows; elsewhere the variable in `engine` forbids even the first report

T = TypeVar("T")
R = TypeVar("R")
Floats = npt.NDArray[np.float32]

PROVIDERS: Final = {
    "CUDA": "CUDAExecutionProvider",
    "DirectML": "DmlExecutionProvider",
    "CoreML": "CoreMLExecutionProvider",
    "CPU": "CPUExecutionProvider",
}
"""Short names in the order in which they are tried."""
TOLERANCE: Final = 1e-4
"""An accelerator whose scores differ by more from the CPU's is not used: a score must not depend on the machine."""
_BATCH: Final = 16
_OPTIONS: Final[dict[str, dict[str, str]]] = {
    "CUDA": {"use_tf32": "0", "cudnn_conv_algo_search": "HEURISTIC"},  # TF32 has 10 bits: scores would move
}


class ProviderError(UserError):
    """The execution provider that was asked for is unknown or does not work here."""


@dataclass(frozen=True)
class ScoreRow(Generic[T]):
    """One image: its score, or why there is none. `sha256`, `width`, `height` are None where it is unreadable.

    `width` and `height` are those of the upright picture, in pixels; `score` is the raw network output, never clamped.
    `features` (float32 [F], what the head sees) only where they were asked for.
    """

    item: T
    path: Path
    sha256: str | None = None
    width: int | None = None
    height: int | None = None
    score: float | None = None
    error: str | None = None
    features: Floats | None = None


@dataclass(frozen=True)
class _Ready(Generic[T]):
    """A decoded image on its way to the network."""

    row: ScoreRow[T]
    pixels: Pixels | None


def available_cores() -> int:
    """Physical cores that this process may use."""
    try:
        allowed = len(os.sched_getaffinity(0))
    except AttributeError:  # Windows, macOS
        allowed = os.cpu_count() or 1
    return max(1, min(allowed, psutil.cpu_count(logical=False) or allowed))


def _session(bundle: Bundle, provider: str) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.log_severity_level = 4  # what fails is raised; the rest is not for people
    options.intra_op_num_threads = 1  # calls come from many threads, each runs on its own
    options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL
    chosen: list[Any] = [(PROVIDERS[provider], _OPTIONS.get(provider, {}))]
    if provider != "CPU":
        chosen.append(PROVIDERS["CPU"])
    try:
        return ort.InferenceSession(str(bundle.path), options, providers=chosen)
    except Exception as error:  # ONNX Runtime raises many types of its own, all about the file or the provider
        why = str(error).strip().splitlines()[0]
        raise BundleError(f"ONNX Runtime cannot load the model {bundle.path} ({why}).") from error


def _run(session: ort.InferenceSession, output: str, pixels: Pixels) -> Floats:
    found: Floats = session.run([output], {"image": pixels})[0]
    return found


def _run_both(session: ort.InferenceSession, pixels: Pixels) -> tuple[Floats, Floats]:
    scores, features = session.run(["score", "features"], {"image": pixels})
    return scores, features


def _probe(size: int) -> Pixels:
    """Two fixed pictures, one smooth and one rough, that tell providers apart."""
    ramp = np.linspace(0, 255, size)
    smooth = np.stack([np.add.outer(ramp, ramp) / 2, np.add.outer(ramp, -ramp) / 2 + 127, np.tile(ramp, (size, 1))], -1)
    rough = np.random.default_rng(0).integers(0, 256, (size, size, 3))
    return np.stack([smooth, rough]).astype(np.uint8)


def _full_name(name: str) -> str:
    for short, full in PROVIDERS.items():
        if name.lower() in (short.lower(), full.lower()):
            return short
    raise ProviderError(f"There is no execution provider '{name}'.", f"Use one of {', '.join(PROVIDERS)}.")


def _fault(bundle: Bundle, name: str, session: ort.InferenceSession, reference: ort.InferenceSession) -> str:
    """Why the accelerator `name` may not score; empty where it may."""
    if PROVIDERS[name] not in session.get_providers():
        return "its driver or libraries are missing"
    probe = _probe(bundle.input_size)
    try:
        apart = float(np.abs(_run(session, "score", probe) - _run(reference, "score", probe)).max())
    except Exception as error:  # see _session
        return str(error).strip().splitlines()[0]
    return "" if apart <= TOLERANCE else f"its scores differ by {apart:.1e} from those of the CPU"


def choose(bundle: Bundle, wanted: str | None) -> tuple[ort.InferenceSession, str, str]:
    """The session to score with, its provider's short name, and a note where that is not the first choice.

    Raises:
        ProviderError: `wanted` is unknown, not part of this ONNX Runtime, or does not work here.
        BundleError: ONNX Runtime cannot load the model.
    """
    cpu = _session(bundle, "CPU")
    names = [_full_name(wanted)] if wanted else [n for n in PROVIDERS if n != "CPU"]
    notes: list[str] = []
    for name in names:
        if name == "CPU":
            return cpu, name, ""
        if PROVIDERS[name] not in ort.get_available_providers():
            fault = "this ONNX Runtime was built without it"
            if not wanted:
                continue
        else:
            try:
                session = _session(bundle, name)
                if not (fault := _fault(bundle, name, session, cpu)):
                    return session, name, " ".join(notes)
            except BundleError as error:
                fault = error.message
        notes.append(f"{name} is not used: {fault}.")
    if wanted:
        raise ProviderError(notes[0], "Leave the provider open to score on what works.")
    return cpu, "CPU", " ".join(notes)


class Scorer:
    """Scores pictures with one bundle. Its methods may be called from several threads.

    Args:
        bundle: a verified bundle, or a path that is read and verified first.
        workers: threads that decode (and, on the CPU, run the network); default one per physical core.
        provider: CUDA, DirectML, CoreML or CPU; default the first that works, and `provider_note` says what did not.

    Raises:
        BundleError: no usable bundle.
        ProviderError: the provider that was asked for does not work here.
    """

    def __init__(self, bundle: Bundle | Path, *, workers: int | None = None, provider: str | None = None) -> None:
        self.bundle: Final = bundle if isinstance(bundle, Bundle) else read_bundle(bundle)
        self.workers: Final = max(1, workers or available_cores())
        self._session, self.provider, self.provider_note = choose(self.bundle, provider)

    @property
    def model_id(self) -> str:
        return self.bundle.id

    @property
    def preprocessing_id(self) -> str:
        return self.bundle.preprocessing_id

    # -- pixels --------------------------------------------------------------------------------

    def score_pixels(self, pixels: Pixels) -> Floats:
        """Raw scores float32 [N] of preprocessed pictures uint8 [N, S, S, 3]."""
        return self._map("score", pixels)

    def features(self, pixels: Pixels) -> Floats:
        """What the head sees, float32 [N, F], of preprocessed pictures uint8 [N, S, S, 3]."""
        return self._map("features", pixels)

    def _map(self, output: str, pixels: Pixels) -> Floats:
        size = self.bundle.input_size
        if pixels.dtype != np.uint8 or pixels.shape[1:] != (size, size, 3):
            raise ValueError(f"pixels must be uint8 [N, {size}, {size}, 3], got {pixels.dtype} {list(pixels.shape)}")
        step = 1 if self.provider == "CPU" else _BATCH
        parts = [pixels[i : i + step] for i in range(0, len(pixels), step)]
        if len(parts) <= 1:
            return _run(self._session, output, pixels)
        with ThreadPoolExecutor(self.workers if step == 1 else 1, "score") as pool:
            return np.concatenate(list(pool.map(lambda part: _run(self._session, output, part), parts)))

    # -- files ---------------------------------------------------------------------------------

    def _load(self, item: T, path: Path) -> _Ready[T]:
        try:
            file = read_file(path)
            image = decode(file.data, path=path)
        except ImageError as error:
            return _Ready(ScoreRow(item, path, error=error.reason), None)
        row = ScoreRow(item, path, file.sha256, image.width, image.height)
        return _Ready(row, preprocess(image, self.bundle.input_size))

    def _scored(self, row: ScoreRow[T], score: float, features: Floats | None = None) -> ScoreRow[T]:
        if not np.isfinite(score):
            return ScoreRow(row.item, row.path, error=f"the model gives no finite score for it ({score})")
        return ScoreRow(row.item, row.path, row.sha256, row.width, row.height, float(score), features=features)

    def _load_and_score(self, item: T, path: Path, with_features: bool) -> ScoreRow[T]:
        ready = self._load(item, path)
        return ready.row if ready.pixels is None else self._batch([(ready.row, ready.pixels)], with_features)[0]

    def stream(
        self, items: Iterator[T], path_of: Callable[[T], Path], *, with_features: bool = False
    ) -> Generator[ScoreRow[T], None, None]:
        """Score items as their results complete, in no fixed order.

        `items` is pulled in the caller's thread, only a few ahead of what is yielded, so the caller may change its mind
        about what comes next. Closing the generator stops within the time of one image.
        """
        if self.provider == "CPU":
            work = lambda i: self._load_and_score(i, path_of(i), with_features)  # noqa: E731 - one expression
            return _as_completed(items, work, self.workers, 2 * self.workers)
        loaded = _as_completed(items, lambda i: self._load(i, path_of(i)), self.workers, _BATCH + 2 * self.workers)
        return self._in_batches(loaded, with_features)

    def _in_batches(
        self, loaded: Generator[_Ready[T], None, None], with_features: bool = False
    ) -> Generator[ScoreRow[T], None, None]:
        waiting: list[tuple[ScoreRow[T], Pixels]] = []
        with closing(loaded):
            for ready in loaded:
                if ready.pixels is None:
                    yield ready.row
                    continue
                waiting.append((ready.row, ready.pixels))
                if len(waiting) == _BATCH:
                    yield from self._batch(waiting, with_features)
                    waiting.clear()
            if waiting:
                yield from self._batch(waiting, with_features)

    def _batch(self, waiting: list[tuple[ScoreRow[T], Pixels]], with_features: bool = False) -> list[ScoreRow[T]]:
        pixels = np.stack([pixels for _, pixels in waiting])
        if not with_features:
            scores = _run(self._session, "score", pixels)
            return [self._scored(row, score) for (row, _), score in zip(waiting, scores, strict=True)]
        scores, features = _run_both(self._session, pixels)
        return [self._scored(row, s, f) for (row, _), s, f in zip(waiting, scores, features, strict=True)]

    def score(self, paths: Iterable[Path]) -> Generator[ScoreRow[Path], None, None]:
        """Score files, rows in the order of `paths`."""
        held: dict[int, ScoreRow[Path]] = {}
        numbered = ((number, path) for number, path in enumerate(paths))
        following = 0
        with closing(self.stream(numbered, lambda item: item[1])) as rows:
            for row in rows:
                number, path = row.item
                held[number] = ScoreRow(path, path, row.sha256, row.width, row.height, row.score, row.error)
                while following in held:
                    yield held.pop(following)
                    following += 1


def _as_completed(items: Iterator[T], work: Callable[[T], R], workers: int, ahead: int) -> Generator[R, None, None]:
    """`work` on items in threads, at most `ahead` begun and not yet yielded; an exception of `work` is raised here."""
    done: SimpleQueue[Future[R]] = SimpleQueue()
    pending: set[Future[R]] = set()
    with ThreadPoolExecutor(workers, "score") as pool:
        try:
            while True:
                while len(pending) < ahead and (item := next(items, _END)) is not _END:
                    future = pool.submit(work, item)  # type: ignore[arg-type]
                    pending.add(future)
                    future.add_done_callback(done.put)
                if not pending:
                    return
                future = done.get()
                pending.discard(future)
                yield future.result()
        finally:
            for future in pending:
                future.cancel()


_END: Final = object()
