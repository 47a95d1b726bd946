"""Memory: a least-recently-used store of pixels, bounded in bytes and in number, and few heaps."""

from __future__ import annotations

import contextlib
import ctypes
import sys
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Iterator
from typing import Final, Generic, TypeVar

import numpy as np
import numpy.typing as npt

_M_ARENA_MAX: Final = -8
"""`malloc.h` of glibc."""
_HEAPS: Final = 2
Pixels = npt.NDArray[np.uint8]
K = TypeVar("K", bound=Hashable)


def share_heaps() -> None:
    """Let threads share heaps; to be called before there are any.

    glibc gives each thread a heap of its own, and each keeps what its pictures once took: some 40 MB in all.
    """
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError, OSError):  # another C library
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _HEAPS)


class PixelMemory(Generic[K]):
    """Keeps arrays until they are too many or too large; the newest one always stays. For one thread only."""

    def __init__(self, bound_bytes: int, most: int | None = None) -> None:
        """`most` arrays where more would not be looked at again, however small they are."""
        self._bound, self._most = bound_bytes, most
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
        while self._is_full() and len(self._items) > 1:
            _, old = self._items.popitem(last=False)
            self.total_bytes -= old.nbytes

    def _is_full(self) -> bool:
        return self.total_bytes > self._bound or (self._most is not None and len(self._items) > self._most)

    def drop(self, keys: Iterable[K]) -> None:
        """Forget these."""
        for key in keys:
            if (old := self._items.pop(key, None)) is not None:
                self.total_bytes -= old.nbytes

    def clear(self) -> None:
        """Forget all."""
        self._items.clear()
        self.total_bytes = 0
