"""The events of a fit as lines for people."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

_EVERY_S: Final = 5.0


class Spoken:
    """An `Events` that says where a fit stands, at most every few seconds; epochs and warnings always."""

    def __init__(self, say: Callable[[str], None], name: str = "") -> None:
        self._say, self._name, self._spoken = say, f"{name}: " * bool(name), time.monotonic()

    def __call__(self, type_: str, fields: Mapping[str, Any]) -> None:
        now = time.monotonic()
        if type_ not in ("epoch", "warning") and now - self._spoken < _EVERY_S:
            return
        self._spoken = now
        self._say(f"{self._name}{type_} {_in_words(fields)}".rstrip())


def _in_words(fields: Mapping[str, Any]) -> str:
    if "done" in fields and "total" in fields:
        return f"{fields['done']}/{fields['total']}"
    words = (f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}" for name, value in fields.items())
    return ", ".join(words)
