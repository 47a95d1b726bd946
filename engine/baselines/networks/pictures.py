"""Training and validation pictures: which rows are labelled, which of them can be read, and how a batch is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL.Image import Image

from engine.baselines.contract import Events, NotFittedError
from engine.baselines.networks.fitting import Draw
from engine.image import ImageError, decode, read_file
from engine.manifest import Row
from engine.scoring import available_cores
from engine.train.data import RowNumbers, Unreadable

_CHUNK: Final = 64
_MIN_ROWS: Final = 2


@dataclass(frozen=True)
class Place:
    """Where pictures are prepared: how many decoders there may be (0 = one per core), and who hears of it."""

    workers: int
    events: Events

    @property
    def threads(self) -> int:
        return self.workers or available_cores()

    def decoded(self, done: int, total: int) -> None:
        self.events("decoding", {"done": done, "total": total})


@dataclass(frozen=True)
class Pictures:
    """Where training inputs come from: rows that could be read, what could not, and how a batch of them is drawn."""

    rows: RowNumbers
    unreadable: tuple[Unreadable, ...]
    draw: Draw


def labelled(rows: Sequence[Row], split: str, system: str) -> RowNumbers:
    """The labelled rows of a split; to validate with, only those whose label is no pseudo-label.

    Raises:
        NotFittedError: there are fewer than two.
    """

    def counts(row: Row) -> bool:
        is_label = row.split == split and row.mos is not None and row.weight > 0
        return is_label and (split == "train" or row.source == "labeled")

    return require((k for k, row in enumerate(rows) if counts(row)), split, system)


def require(numbers: Iterable[int], split: str, system: str, *, what: str = "labelled images") -> RowNumbers:
    """The same numbers.

    Raises:
        NotFittedError: there are fewer than two.
    """
    found = np.array(list(numbers), dtype=np.intp)
    if len(found) < _MIN_ROWS:
        use = "learn from" if split == "train" else "choose by"
        raise NotFittedError(
            f"{system}: split '{split}' has {len(found)} {what}, and at least {_MIN_ROWS} are needed to {use}."
        )
    return found


def load(row: Row) -> Image:
    """The upright RGB picture that the label was given to.

    Raises:
        ImageError: it cannot be decoded, or the file is another one than the label's.
    """
    file = read_file(row.path)
    if row.sha256 and row.sha256 != file.sha256:
        raise ImageError(row.path, "the file changed since it was labelled")
    return decode(file.data, path=row.path)


def unreadable(rows: Sequence[Row], wanted: RowNumbers, place: Place) -> dict[int, Unreadable]:
    """Decode each of the `wanted` rows once; those that cannot be read, by number."""
    found = {}
    numbers = wanted.tolist()
    with ThreadPoolExecutor(place.threads) as pool:
        for start in range(0, len(numbers), _CHUNK):
            place.decoded(start, len(numbers))
            chunk = numbers[start : start + _CHUNK]
            for number, fault in zip(chunk, pool.map(lambda k: _fault(rows[k]), chunk), strict=True):
                if fault:
                    found[number] = Unreadable(rows[number].path, fault)
    place.decoded(len(numbers), len(numbers))
    return found


def _fault(row: Row) -> str:
    try:
        load(row)
    except ImageError as error:
        return " ".join(error.reason.split())
    return ""
