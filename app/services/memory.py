"""A least-recently-used store of pixels, bounded in bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Iterator
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
K = TypeVar("K", bound=Hashable)


class PixelMemory(Generic[K]):
    """Keeps arrays until their sum passes the bound; the newest one always stays. For one thread only."""

    def __init__(self, bound_bytes: int) -> None:
        self._bound = bound_bytes
        self._items: OrderedDict[K, Pixels] = OrderedDict()
        self.total_bytes = 0

    def __contains__(self, key: K) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    def get(self, key: K) -> Pixels | None:
        """The pixels, which count as used now."""
        found = self._items.get(key)
        if found is not None:
            self._items.move_to_end(key)
        return found

    def put(self, key: K, pixels: Pixels) -> None:
        """Keep the pixels; the longest unused go."""
        self.drop([key])
        self._items[key] = pixels
        self.total_bytes += pixels.nbytes
        while self.total_bytes > self._bound and len(self._items) > 1:
            _, old = self._items.popitem(last=False)
            self.total_bytes -= old.nbytes

    def drop(self, keys: Iterable[K]) -> None:
        """Forget these."""
        for key in keys:
            if (old := self._items.pop(key, None)) is not None:
                self.total_bytes -= old.nbytes

    def clear(self) -> None:
        """Forget all."""
        self._items.clear()
        self.total_bytes = 0
