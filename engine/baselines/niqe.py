"""NIQE (Mittal, Soundararajan and Bovik, 2013): how far the statistics of a face lie from those of good ones.

No opinion goes into it. The raw value is a distance, lower is better; `score` gives its negative. Pictures are judged
in their own size; what is smaller than 192 pixels is refused, because upscaling alone would change the value.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

import resources
from engine.baselines import options, pristine
from engine.baselines.by_picture import ByPicture
from engine.baselines.contract import BaselineCard, BaselineConfig, Events, NotFittedError
from engine.baselines.files import Picture
from engine.baselines.nss import FloatArray
from engine.baselines.pristine import Pristine
from engine.manifest import Manifest

_FILE: Final = "niqe.npz"
_OPTIONS: Final[Mapping[str, Any]] = {"folder": "", "model": "", "best": 0.0, "threshold": pristine.SHARPNESS}


def distance(model: Pristine, features: FloatArray) -> float:
    """Distance of patches [P, 36] from the pristine model; 0 = the same Gaussian."""
    gap = features.mean(axis=0) - model.mean
    spread = (model.covariance + np.cov(features, rowvar=False)) / 2
    return float(np.sqrt(max(gap @ np.linalg.pinv(spread) @ gap, 0.0)))


class Niqe(ByPicture):
    """NIQE with one pristine model, the shipped one if none is given."""

    name = "niqe"

    def __init__(self, model: Pristine | None = None) -> None:
        super().__init__()
        self.model = model or Pristine.load(resources.niqe_model())

    def fit(self, manifest: Manifest, config: BaselineConfig, events: Events) -> None:
        """As in the paper nothing is fitted to labels: the pristine model stays.

        Options: `model` takes that of a file; `best` (a share, such as 0.1) learns one from the images of split train
        with the highest labels, with patches sharper than `threshold`.
        """
        chosen = options.take(self.name, config.options, _OPTIONS)
        self.workers = config.workers
        if chosen["model"]:
            self.model = Pristine.load(Path(chosen["model"]))
        if not chosen["best"]:
            return
        rows = sorted(manifest.where(split="train", source="labeled", labelled=True).rows, key=lambda r: -(r.mos or 0))
        best = [row.path for row in rows[: round(len(rows) * chosen["best"])]]
        learned = pristine.learn(
            best,
            origin=f"the {len(best)} best of {len(rows)} images of split train",
            threshold=chosen["threshold"],
            workers=config.workers,
            on_image=lambda done, total: events("features", {"done": done, "total": total}),
        )
        self.model = learned.model

    def too_small(self, width: int, height: int) -> str:
        return pristine.too_small(width, height)

    def judge(self, picture: Picture) -> float:
        """The negative distance of one picture."""
        features, _ = pristine.patch_features(picture.image, picture.path)
        return -distance(self.model, features)

    def card(self) -> BaselineCard:
        notes = (
            "raw value: lower is better; the score is its negative",
            f"pristine model: {self.model.origin or 'of unknown origin'}"
            + (f" ({self.model.images} images, {self.model.patches} patches)" if self.model.images else ""),
        )
        return BaselineCard(
            self.name,
            "classic",
            size="any",
            fitted_on=self.model.id,
            raw_lower_is_better=True,
            range="0 and less; 0 = as the pictures of its model",
            as_mos=False,
            licence=f"{BaselineCard.licence}; its model knows the pictures of the origin given below",
            source="Mittal, Soundararajan and Bovik, 2013",
            notes=notes,
        )

    def save(self, folder: Path) -> None:
        self.model.save(folder / _FILE)

    @classmethod
    def load(cls, folder: Path) -> Niqe:
        path = folder / _FILE
        if not path.is_file():
            raise NotFittedError(f"{folder} holds no NIQE model ({_FILE}).")
        return cls(Pristine.load(path))
