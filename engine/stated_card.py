"""The card of a bundle without its graph: what lies before it is skipped, so it costs no more than opening the file.

An ONNX file is one protobuf message. Of its fields only the notes (`metadata_props`) are read; `onnx` itself, which
takes a tenth of a second to import and reads every weight, is not needed.
"""

from __future__ import annotations

import io
import os
from collections.abc import Container, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from engine.bundle import Card

_METADATA_PROPS: Final = 14
"""Field of ModelProto; an entry is a message of its own."""
_KEY, _TEXT = 1, 2
_VARINT, _BYTES = 0, 2
_FIXED: Final = {1: 8, 5: 4}
"""Bytes of what has no length of its own."""


def stated_card(path: Path) -> Card | None:
    """The card that a file states; None where it states none, or cannot be read.

    Nothing is verified: it is enough to ask whether a model is known already. Whoever uses a model reads it by
    `engine.bundle.read_bundle`.
    """
    try:
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            entries = [_entry(data) for _, data in _fields(stream, size, (_METADATA_PROPS,))]
        return Card.from_metadata(dict(entries))
    except (OSError, ValueError):
        return None


def _entry(data: bytes) -> tuple[str, str]:
    found = dict(_fields(io.BytesIO(data), len(data), (_KEY, _TEXT)))
    return found.get(_KEY, b"").decode(), found.get(_TEXT, b"").decode()


def _fields(stream: BinaryIO, end: int, wanted: Container[int]) -> Iterator[tuple[int, bytes]]:
    """Number and content of the wanted fields of a message that reaches to `end`; the others are skipped."""
    while stream.tell() < end:
        tag = _varint(stream)
        number, kind = tag >> 3, tag & 7
        if kind == _VARINT:
            _varint(stream)
            continue
        size = _varint(stream) if kind == _BYTES else _FIXED.get(kind, end)
        if stream.tell() + size > end:
            raise ValueError("this is no ONNX file, or it is cut off")
        if kind == _BYTES and number in wanted:
            yield number, stream.read(size)
        else:
            stream.seek(size, os.SEEK_CUR)


def _varint(stream: BinaryIO) -> int:
    value = 0
    for shift in range(0, 64, 7):
        (byte,) = stream.read(1) or (0x80,)  # at the end: as if it went on for ever
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value
    raise ValueError("this is no ONNX file, or it is cut off")
