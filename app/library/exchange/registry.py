"""All layouts by name, and which one a file has."""

from __future__ import annotations

import io
import pickletools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from app.library.errors import LibraryError
from app.library.exchange import (
    cgfiqa,
    efficient_fiqa,
    generic,
    gfiqa,
    imagefolder,
    koniq,
    native,
    piq23,
    pyiqa,
    structured,
    sureal,
    vquala,
)
from app.library.exchange.layout import Head, Layout

LAYOUTS: Final[Mapping[str, Layout]] = {
    layout.name: layout
    for layout in (
        vquala.LAYOUT, efficient_fiqa.LAYOUT, gfiqa.LAYOUT, cgfiqa.LAYOUT, koniq.LAYOUT, piq23.LAYOUT, pyiqa.LAYOUT,
        sureal.LAYOUT, imagefolder.LAYOUT, generic.CSV, generic.JSON, generic.PARQUET, native.LAYOUT,
    )
}  # fmt: skip
LABEL_SUFFIXES: Final = tuple(dict.fromkeys(s for layout in LAYOUTS.values() for s in layout.suffixes if s))
_TRIED: Final = (
    "native", "piq23", "koniq", "efficient-fiqa", "imagefolder", "sureal", "cgfiqa", "pyiqa", "gfiqa", "vquala",
    "parquet", "json", "csv",
)  # fmt: skip
"""From the most to the least particular."""
_NAMES: Final = ("GLOBAL", "INST")
_IMPORTED: Final = re.compile(r"[A-Za-z_][\w.]* [A-Za-z_][\w.]*")
_PICKLES: Final = (".pkl", ".pickle", ".pth", ".pt")


def choose(file: Path, name: str = "auto") -> Layout:
    """The layout of that name; `auto` recognises it.

    Raises:
        LibraryError: there is no such layout, the file cannot be read, none fits, or it is a pickle.
    """
    head = Head(file)
    _refuse_pickle(head)
    if name != "auto":
        return named(name)
    fits = next((LAYOUTS[n] for n in _TRIED if LAYOUTS[n].recognises(head)), None)
    if fits is None and not file.is_dir():
        return LAYOUTS["csv"]  # its reader says what is wrong
    if fits is None:
        raise LibraryError(f"{file} is a folder without a label file that is known.", "Give the file itself.")
    return fits


def named(name: str) -> Layout:
    """The layout of that name.

    Raises:
        LibraryError: there is none.
    """
    if name not in LAYOUTS:
        raise LibraryError(f"There is no layout '{name}'.", f"Use one of {', '.join(LAYOUTS)}.")
    return LAYOUTS[name]


def columns_of(file: Path) -> tuple[str, ...]:
    """The columns that a person may choose from; none where the layout has fixed names.

    Raises:
        LibraryError: the file cannot be read, or is a pickle.
    """
    head = Head(file)
    _refuse_pickle(head)
    if head.table is not None:
        return head.table.header
    if choose(file).name in ("json", "parquet", "imagefolder") and file.is_file():
        return structured.read(file).header
    return ()


def _refuse_pickle(head: Head) -> None:
    """A pickle can run code when it is read, so it never is: it is known by its name or its opcodes."""
    if head.path.suffix.lower() in _PICKLES or head.start[:1] == b"\x80" or _begins_as_pickle(head.start):
        raise LibraryError(
            f"{head.path.name} is a Python pickle, which can run code when it is read; it was not read.",
            "Ask for the labels as CSV or JSON.",
        )


def _begins_as_pickle(start: bytes) -> bool:
    """Old pickles are text; `pickletools` lists opcodes and runs none."""
    if start[:1] not in (b"c", b"(", b"i"):
        return False
    try:
        for opcode, argument, _ in pickletools.genops(io.BytesIO(start)):
            if opcode.name == "STOP" or (opcode.name in _NAMES and _IMPORTED.fullmatch(str(argument))):
                return True
    except ValueError:
        pass
    return False
