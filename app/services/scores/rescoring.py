"""Between scoring and the cache of features: keep what passes by, and score from what was kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from app.library import catalog
from app.library.catalog import ScoredImage
from app.library.library import Library
from app.services.scores.feature_cache import FeatureCache, Floats
from engine.bundle import Bundle
from engine.features import Key
from engine.head import HeadRunner
from engine.scoring import ScoreRow

_BATCH: Final = 500


def keep_known(library: Library, cache: FeatureCache, key: Key, found: Mapping[str, Floats]) -> None:
    """Put features into the cache of those contents that the library has: what was forgotten does not come back."""
    known = catalog.known_contents(library, found)
    cache.put(key, {sha256: found[sha256] for sha256 in known})
    cache.forget(known - catalog.known_contents(library, known))  # forgotten while they were put


class Keeper:
    """Puts the features of scored images into the cache, many at a time."""

    def __init__(self, library: Library, cache: FeatureCache | None, bundle: Bundle) -> None:
        self._library, self._cache, self._key = library, cache, Key.of(bundle)
        self._found: dict[str, Floats] = {}

    @property
    def wants(self) -> bool:
        """Whether features are to be computed at all."""
        return self._cache is not None

    @property
    def is_full(self) -> bool:
        """Whether it is time to `close`."""
        return len(self._found) >= _BATCH

    def keep(self, row: ScoreRow[Any]) -> None:
        """Note one image."""
        if row.sha256 is not None and row.features is not None:
            self._found[row.sha256] = row.features

    def close(self) -> None:
        """Write what was noted, when the library has the contents: features of others are dropped."""
        if self._cache is not None and self._found:
            keep_known(self._library, self._cache, self._key, self._found)
        self._found = {}


class Rescoring:
    """Scores of one model's head on cached features."""

    def __init__(self, cache: FeatureCache, bundle: Bundle) -> None:
        """Raises HeadError where the score needs more than the features."""
        self._cache, self._key, self._head = cache, Key.of(bundle), HeadRunner(bundle)

    def batches(self, images: Sequence[ScoredImage]) -> Iterator[list[ScoredImage]]:
        """Those of `images` whose features are known, with their score."""
        for at in range(0, len(images), _BATCH):
            part = images[at : at + _BATCH]
            table = self._cache.get(self._key, (i.sha256 or "" for i in part))
            known = [i for i in part if i.sha256 in table.rows]
            if known:
                scores = self._head.score(np.stack([table.rows[i.sha256 or ""] for i in known]))
                yield [replace(i, score=float(s)) for i, s in zip(known, scores, strict=True)]
