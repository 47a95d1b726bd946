"""Sanity floors: what a comparison must beat before it means anything. They learn nothing about faces."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Final

import numpy as np

from engine.baselines import nss, options
from engine.baselines.by_picture import ByPicture
from engine.baselines.contract import BaselineCard, BaselineConfig, Events, NotFittedError
from engine.baselines.files import Picture
from engine.manifest import Manifest
from engine.run import RunError, read_json, write_json


class Floor(ByPicture):
    """A rule of one line."""

    rule: ClassVar[str]
    reach: ClassVar[str] = "0 and more"

    def fit(self, manifest: Manifest, config: BaselineConfig, events: Events) -> None:
        options.take(self.name, config.options, {"folder": ""})
        self.workers = config.workers

    def card(self) -> BaselineCard:
        return BaselineCard(self.name, "floor", size="any", range=self.reach, as_mos=False, notes=(self.rule,))

    def save(self, folder: Path) -> None:
        """It has nothing to keep."""

    @classmethod
    def load(cls, folder: Path) -> Floor:
        return cls()


class Sharpness(Floor):
    """Log-variance of the Laplacian of the luminance, in the picture's own size: noise counts as sharpness."""

    name = "sharpness"
    rule = "log10 of 1 + the variance of the Laplacian of the luminance"

    def judge(self, picture: Picture) -> float:
        from scipy.ndimage import laplace  # not at import: opening the window should not pay for SciPy

        return float(np.log10(1.0 + laplace(nss.luminance(picture.image), mode="nearest").var()))


class FileSize(Floor):
    """Logarithm of the file's size."""

    name = "filesize"
    rule = "log10 of the file's bytes"

    def judge(self, picture: Picture) -> float:
        return float(np.log10(picture.file.size))


class Constant(Floor):
    """The mean label of split train for every picture: no order at all, and the error that knowing nothing makes."""

    name = "constant"
    rule = "the mean label of split train"
    _file: Final = "constant.json"

    def __init__(self, value: float | None = None) -> None:
        super().__init__()
        self.value = value

    def fit(self, manifest: Manifest, config: BaselineConfig, events: Events) -> None:
        super().fit(manifest, config, events)
        rows = manifest.where(split="train", source="labeled", labelled=True)
        if not len(rows):
            raise NotFittedError("Split 'train' has no labelled image.")
        self.value = float(rows.mos.mean())

    def require(self) -> None:
        self._known()

    def judge(self, picture: Picture) -> float:
        return self._known()

    def _known(self) -> float:
        if self.value is None:
            raise NotFittedError(
                "The constant is not known: it is the mean label of a manifest.",
                "Fit it with 'fiqa baseline fit constant MANIFEST --out DIR' and give that folder.",
            )
        return self.value

    def save(self, folder: Path) -> None:
        write_json(folder / self._file, {"value": self.value})

    @classmethod
    def load(cls, folder: Path) -> Constant:
        try:
            return cls(float(read_json(folder / cls._file)["value"]))
        except (TypeError, KeyError, ValueError, RunError) as error:
            raise NotFittedError(f"{folder} holds no constant ({error}).") from error
