"""The events of a run, as they are appended and as they are read while they grow."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Literal

EventType = Literal["run", "stage", "step", "epoch", "artifact", "warning", "error", "done"]
_BLOCK: Final = 2**18
"""Bytes of events read at once: some hundred events, a few milliseconds."""


class EventTail:
    """Reads `events.jsonl` incrementally: each `read` gives the complete lines that are new since the last."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0

    def read(self) -> Iterator[dict[str, Any]]:
        """Yield new events; a line still being written is left for the next call.

        A long file is read in blocks, and nothing beyond the block that is asked for is held.
        """
        while block := self._block():
            yield from _events(block)

    def _block(self) -> bytes:
        """The next complete lines, empty where there are none; a line longer than a block comes whole."""
        try:
            with self._path.open("rb") as stream:
                stream.seek(self._offset)
                data = stream.read(_BLOCK)
                while b"\n" not in data and (more := stream.read(_BLOCK)):
                    data += more
        except FileNotFoundError:
            return b""
        complete = data.rfind(b"\n") + 1
        self._offset += complete
        return data[:complete]


def _events(block: bytes) -> Iterator[dict[str, Any]]:
    lines = block.splitlines()
    try:
        # One call for all lines takes half the time of one for each.
        yield from json.loads(b"[" + b",".join(lines) + b"]")
        return
    except ValueError:
        pass  # a line torn by a power cut; the others are whole
    for line in lines:
        with suppress(ValueError):
            yield json.loads(line)
