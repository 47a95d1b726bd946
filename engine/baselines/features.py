"""BRISQUE's features of a picture, and a cache of them: one .npz file keyed by the sha256 of the pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from engine.baselines import arrays, nss
from engine.baselines.contract import NotFittedError
from engine.baselines.files import in_order
from engine.baselines.nss import FloatArray
from engine.image import FileBytes, ImageError, decode, read_file
from engine.manifest import Row

FEATURES: Final = 2 * nss.FEATURES_OF_SCALE
_KIND: Final = "brisque features"
_SAVE_EVERY: Final = 500
_CHANGED: Final = "the file has changed since it was labelled"
OnImage = Callable[[int, int], None]


def of_file(file: FileBytes, path: Path) -> FloatArray:
    """Features [36] of a picture in its own size: both scales.

    Raises:
        ImageError: it cannot be decoded, or is flat.
    """
    return of_luminance(nss.luminance(decode(file.data, path=path)), path)


def of_luminance(grey: FloatArray, path: Path) -> FloatArray:
    """Features [36] of a luminance picture [H, W]."""
    scales = (grey, nss.halved(grey))
    found = np.concatenate([nss.brisque_features(nss.mscn(scale)[0][None])[0] for scale in scales])
    if not np.isfinite(found).all():
        raise ImageError(path, "it is flat: there is no texture to judge")
    return found


@dataclass(frozen=True)
class Table:
    """Features [N, 36] of the rows that could be judged (`numbers`), and what could not."""

    numbers: tuple[int, ...]
    features: FloatArray
    left_out: tuple[ImageError, ...]


class FeatureCache:
    """Features that were computed before; without a folder it forgets them."""

    def __init__(self, folder: Path | None) -> None:
        self._file = folder / "features.npz" if folder else None
        self._known: dict[str, FloatArray] = {}
        if self._file:
            self._read(self._file)

    def _read(self, file: Path) -> None:
        try:
            found, about = arrays.read(file, _KIND, ("sha256", "features"))
        except NotFittedError:
            return  # none yet, or damaged: it is only a cache
        if about.get("version") == nss.VERSION:
            self._known = dict(zip(found["sha256"].tolist(), found["features"], strict=True))

    def _write(self) -> None:
        if self._file and self._known:
            table = {"sha256": np.array(list(self._known)), "features": np.stack(list(self._known.values()))}
            arrays.write(self._file, table, {"kind": _KIND, "version": nss.VERSION})

    def table(self, rows: Sequence[Row], *, workers: int = 0, on_image: OnImage | None = None) -> Table:
        """The features of rows. `on_image(done, total)` may raise to stop; what was computed is kept."""
        numbers, parts, errors, fresh = [], [], [], 0
        try:
            for number, found in enumerate(in_order(rows, self._features, workers)):
                if isinstance(found, ImageError):
                    errors.append(found)
                else:
                    sha256, values = found
                    fresh += sha256 not in self._known
                    self._known[sha256] = values
                    numbers.append(number)
                    parts.append(values)
                if fresh >= _SAVE_EVERY:
                    self._write()
                    fresh = 0
                if on_image:
                    on_image(number + 1, len(rows))
        finally:
            if fresh:
                self._write()
        return Table(tuple(numbers), np.array(parts).reshape(-1, FEATURES), tuple(errors))

    def _features(self, row: Row) -> tuple[str, FloatArray] | ImageError:
        try:
            file = read_file(row.path)
            if row.sha256 and row.sha256 != file.sha256:
                return ImageError(row.path, _CHANGED)
            known = self._known.get(file.sha256)
            return file.sha256, of_file(file, row.path) if known is None else known
        except ImageError as error:
            return error
