"""From files to judgements: decode as scoring does (`engine.image`), judge in threads, rows in the order asked for."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PIL import Image

from engine.image import FileBytes, ImageError, decode, read_file
from engine.scoring import ScoreRow, available_cores

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Picture:
    """A decoded file: upright, RGB, 8 bit, in its own size."""

    path: Path
    file: FileBytes
    image: Image.Image


Judge = Callable[[Picture], float]
"""Gives a score (higher is better), or raises `ImageError` with the reason why this picture has none."""


def open_picture(path: Path) -> Picture:
    """Read and decode.

    Raises:
        ImageError: it cannot be read.
    """
    file = read_file(path)
    return Picture(path, file, decode(file.data, path=path))


def in_order(items: Iterable[T], work: Callable[[T], R], workers: int = 0) -> Iterator[R]:
    """`work` on items in threads, a few ahead; results in order. Closing it stops within the time of one item."""
    count = workers or available_cores()
    waiting: deque[Future[R]] = deque()
    source = iter(items)
    with ThreadPoolExecutor(count, "baseline") as pool:
        try:
            for item in itertools.islice(source, 2 * count):
                waiting.append(pool.submit(work, item))
            while waiting:
                found = waiting.popleft().result()
                for item in itertools.islice(source, 1):
                    waiting.append(pool.submit(work, item))
                yield found
        finally:
            for future in waiting:
                future.cancel()


def judge_files(paths: Iterable[Path], judge: Judge, workers: int = 0) -> Iterator[ScoreRow[Path]]:
    """A row for each file, in order; what cannot be read or judged has the reason instead of a score."""
    return in_order(paths, lambda path: judge_file(path, judge), workers)


def judge_file(path: Path, judge: Judge) -> ScoreRow[Path]:
    """One file's row."""
    try:
        picture = open_picture(path)
        score = judge(picture)
    except ImageError as error:
        return ScoreRow(path, path, error=error.reason)
    return ScoreRow(path, path, picture.file.sha256, picture.image.width, picture.image.height, score)
