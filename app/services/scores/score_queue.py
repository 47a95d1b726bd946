"""What is to be scored next: what is on screen, then what is near it, then the rest."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from typing import Final

_LOOK_AHEAD: Final = 64


class ScoreQueue:
    """Image ids in the order of the moment. Thread-safe; an id that was taken is not given again until `settle`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: set[int] = set()
        self._taken: set[int] = set()
        self._seen: deque[int] = deque()
        self._rest: deque[int] = deque()

    def __len__(self) -> int:
        with self._lock:
            return len(self._waiting)

    @property
    def unsettled(self) -> int:
        """How many wait or are under way."""
        with self._lock:
            return len(self._waiting) + len(self._taken)

    def fill(self, ids: Iterable[int]) -> None:
        """Replace what waits by these (what is under way stays so); what is on screen keeps its precedence."""
        with self._lock:
            order = [i for i in ids if i not in self._taken]
            self._waiting = set(order)
            self._rest = deque(order)

    def prefer(self, visible: Iterable[int], near: Iterable[int] = ()) -> None:
        """What is on screen, in its order, and what is near it; replaces what was before."""
        with self._lock:
            self._seen = deque(dict.fromkeys([*visible, *near]))

    def take(self) -> int | None:
        """The next id, None if nothing waits."""
        with self._lock:
            for line in (self._seen, self._rest):
                while line:
                    image_id = line.popleft()
                    if image_id in self._waiting:
                        self._waiting.discard(image_id)
                        self._taken.add(image_id)
                        return image_id
            return None

    def upcoming(self) -> list[int]:
        """The next few ids, about in order, for looking up their paths at once."""
        with self._lock:
            ahead: list[int] = []
            for line in (self._seen, self._rest):
                for image_id in line:
                    if len(ahead) == _LOOK_AHEAD:
                        return ahead
                    if image_id in self._waiting:
                        ahead.append(image_id)
            return ahead

    def settle(self, ids: Iterable[int]) -> None:
        """These are stored."""
        with self._lock:
            self._taken.difference_update(ids)

    def put_back(self) -> None:
        """What was taken and not settled waits again (a scoring that was interrupted)."""
        with self._lock:
            self._rest.extendleft(self._taken)
            self._waiting |= self._taken
            self._taken.clear()
