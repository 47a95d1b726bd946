"""BRISQUE (Mittal, Moorthy and Bovik, 2012), fitted to the labels at hand: 36 natural scene statistics and an SVR.

scikit-learn fits; what it found (scaler, support vectors, coefficients) is a few arrays, and NumPy alone scores.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from engine import edition
from engine.baselines import arrays, features, nss, options
from engine.baselines.by_picture import ByPicture
from engine.baselines.contract import BaselineCard, BaselineConfig, Events, NotFittedError
from engine.baselines.features import FeatureCache
from engine.baselines.files import Picture
from engine.baselines.nss import FloatArray
from engine.manifest import Manifest

_FILE: Final = "brisque.npz"
_KIND: Final = "brisque"
_ARRAYS: Final = ("centre", "scale", "vectors", "dual", "gamma", "intercept")
_OPTIONS: Final[Mapping[str, Any]] = {"folder": "", "folds": 5, "epsilon": 0.02, "search": 1_500, "most": 20_000}
_FEWEST: Final = 10


@dataclass(frozen=True)
class Svr:
    """A support vector regression with a Gaussian kernel on standardised features."""

    centre: FloatArray
    scale: FloatArray
    vectors: FloatArray
    """[V, F], standardised."""
    dual: FloatArray
    gamma: float
    intercept: float

    def __call__(self, values: FloatArray) -> FloatArray:
        """Scores [N] of features [N, F]."""
        x = (values - self.centre) / self.scale
        apart = (x**2).sum(1)[:, None] + (self.vectors**2).sum(1) - 2.0 * x @ self.vectors.T
        return np.asarray(np.exp(-self.gamma * np.maximum(apart, 0.0)) @ self.dual + self.intercept)


class Brisque(ByPicture):
    """BRISQUE on the labels of a manifest."""

    name = "brisque"

    def __init__(self, svr: Svr | None = None, about: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self._svr, self._about = svr, dict(about or {})

    def fit(self, manifest: Manifest, config: BaselineConfig, events: Events) -> None:
        """Features, then C and gamma by grouped cross-validation on split train, then all of it.

        Options: `folds`; `epsilon` (width of the tube, in MOS); `search` and `most`: images that the search and the
        final fit use at most, drawn by the seed.
        """
        chosen = options.take(self.name, config.options, _OPTIONS)
        rows = manifest.where(split="train", source="labeled", labelled=True)
        if len(rows) < _FEWEST:
            raise NotFittedError(f"Split 'train' has {len(rows)} labelled images; BRISQUE needs {_FEWEST}.")
        rows, said = _some(rows, chosen["most"], config.seed)
        self.workers = config.workers
        table = FeatureCache(Path(chosen["folder"]) if chosen["folder"] else None).table(
            rows.rows,
            workers=config.workers,
            on_image=lambda done, total: events("features", {"done": done, "total": total}),
        )
        kept = Manifest(tuple(rows.rows[number] for number in table.numbers))
        if len(kept) < _FEWEST:
            raise NotFittedError(f"Only {len(kept)} images of split 'train' can be judged; BRISQUE needs {_FEWEST}.")
        self._svr, found = _fitted(table.features, kept, chosen, config.seed, events)
        notes = [*said, f"{len(table.left_out)} training images left out"] if table.left_out else said
        self._about = {"fitted_on": manifest.digest(), "images": len(kept), "notes": notes, **found}

    def require(self) -> None:
        self._model()

    def judge(self, picture: Picture) -> float:
        """The score of one picture, about in [0, 1]."""
        values = features.of_luminance(nss.luminance(picture.image), picture.path)
        return float(self._model()(values[None])[0])

    def _model(self) -> Svr:
        if self._svr is None:
            raise NotFittedError(
                "BRISQUE has not learned from labels yet.",
                "Fit it with 'fiqa baseline fit brisque MANIFEST --out DIR' and give that folder.",
            )
        return self._svr

    def card(self) -> BaselineCard:
        about = self._about
        notes = list(about.get("notes", []))
        if self._svr:
            notes.insert(0, f"SVR with C = {about['C']:g}, gamma = {about['gamma']:g}, {len(self._svr.dual)} vectors")
        return BaselineCard(
            self.name,
            "classic",
            size="any",
            fitted_on=about.get("fitted_on", ""),
            source="Mittal, Moorthy and Bovik, 2012",
            notes=tuple(notes),
        )

    def save(self, folder: Path) -> None:
        svr = self._model()
        values = {name: np.asarray(getattr(svr, name), dtype=np.float64) for name in _ARRAYS}
        arrays.write(folder / _FILE, values, {**self._about, "kind": _KIND, "features": nss.VERSION})

    @classmethod
    def load(cls, folder: Path) -> Brisque:
        found, about = arrays.read(folder / _FILE, _KIND, _ARRAYS)
        if about.get("features") != nss.VERSION:
            raise NotFittedError(f"{folder / _FILE} was fitted on features of another version.", "Fit it again.")
        gamma, intercept = float(found.pop("gamma")), float(found.pop("intercept"))
        return cls(Svr(**found, gamma=gamma, intercept=intercept), about)


def _some(rows: Manifest, most: int, seed: int) -> tuple[Manifest, list[str]]:
    """At most so many rows, and what must be said of it."""
    if len(rows) <= most:
        return rows, []
    drawn = np.sort(np.random.default_rng(seed).choice(len(rows), most, replace=False))
    return Manifest(tuple(rows.rows[k] for k in drawn)), [f"fitted on {most:,} of {len(rows):,} images"]


def _fitted(
    values: FloatArray, rows: Manifest, chosen: Mapping[str, Any], seed: int, events: Events
) -> tuple[Svr, dict[str, Any]]:
    """The SVR, and what the search found."""
    try:
        from engine.baselines import svr_fit
    except ImportError as error:
        raise NotFittedError(
            "Fitting BRISQUE needs scikit-learn, which is not installed.", edition.install("baselines")
        ) from error
    best = svr_fit.search(
        values,
        rows,
        folds=chosen["folds"],
        most=chosen["search"],
        epsilon=chosen["epsilon"],
        seed=seed,
        on_step=lambda done, total: events("search", {"done": done, "total": total}),
    )
    found = svr_fit.fit(values, rows.mos, best.c, best.gamma, chosen["epsilon"])
    return Svr(**found), {"C": best.c, "gamma": best.gamma, "cv_srcc": best.srcc}
