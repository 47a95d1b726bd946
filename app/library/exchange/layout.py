"""What a label layout is: how it is recognised, read and written. Each has a module with a constant `LAYOUT`.

Reading gives entries (what the file says of each image) that `importing` matches and plans; writing takes records
(what the library knows of each image) that `records` gathers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from app.library.errors import LibraryError
from app.library.exchange.plan import SetKind
from app.library.exchange.records import Record
from app.library.exchange.scale import Scale
from app.library.exchange.table import Table, plain, read_table

_HEAD: Final = 4096
_SPLITS: Final = {
    "train": "train", "training": "train", "val": "val", "valid": "val", "validation": "val", "dev": "val",
    "cal": "cal", "calibration": "cal", "test": "test", "testing": "test",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """What a file says of one image. Numbers are on the file's scale."""

    line: int
    """Line or record of the file, from 1."""
    name: str
    value: float | str
    """A text is what stands where a number should; '' is no value."""
    sd: float | None = None
    n: int | None = None
    ratings: Mapping[str, float] | None = None
    """Rater -> opinion; `value` is then their mean."""
    split: str = ""
    scene: str = ""
    """JODs compare within one scene only."""
    centre: float | None = None
    """The middle of the scene, where the file says it; None: the mean of its values."""
    label_set: str = ""
    """Where a file holds several label sets, which one; '' is the import's own."""
    kind: SetKind | None = None
    extra: Mapping[str, Any] | None = None
    record: Record | None = None
    """All that another library knew of the image; only the native layout has it."""


@dataclass(frozen=True)
class Asked:
    """Columns that the person chose, by name or by number from 1; None: find them."""

    path_column: str | None = None
    score_column: str | None = None


@dataclass(frozen=True)
class Reading:
    """A file as a layout understands it. `scale` is the layout's own, unless the person declares another."""

    entries: Sequence[Entry]
    report: str
    scale: Scale
    columns: tuple[str, ...] = ()
    path_column: str = ""
    score_column: str = ""
    kind: SetKind = "mos"
    label_set: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Head:
    """The beginning of a file (or a folder), enough to recognise a layout."""

    path: Path

    @cached_property
    def start(self) -> bytes:
        """The first bytes; none of a folder.

        Raises:
            LibraryError: the file cannot be read.
        """
        if self.path.is_dir():
            return b""
        try:
            with self.path.open("rb") as stream:
                return stream.read(_HEAD)
        except OSError as error:
            raise LibraryError(f"Cannot read {self.path}: {error.strerror or error}.") from error

    @cached_property
    def table(self) -> Table | None:
        """The table of text that begins here, None where it is none."""
        if self.path.is_dir() or self.start[:1] in (b"{", b"["):
            return None
        try:
            return read_table(self.path, rows=50)
        except LibraryError:
            return None

    @cached_property
    def header(self) -> frozenset[str]:
        """Names of columns in plain letters, none where there is no header."""
        found = self.table
        return frozenset(map(plain, found.header)) if found is not None and found.has_header else frozenset()


@dataclass(frozen=True)
class Written:
    """What an export wrote: how many images, and what the layout could not take along."""

    images: int
    note: str


@dataclass(frozen=True)
class Layout:
    """One layout of label files."""

    name: str
    title: str
    file_name: str
    """What an export is called unless the person says otherwise."""
    scale: Scale
    loses: str
    """What does not survive an export, for people; '' for nothing."""
    recognises: Callable[[Head], bool]
    read: Callable[[Path, Asked], Reading]
    write: Callable[[Sequence[Record], Path, Scale], int]
    """Writes the file, whole or not at all; returns how many images it holds."""
    suffixes: tuple[str, ...] = (".csv",)


def split_named(text: str) -> str:
    """The split that a word of another program means; '' where it means none."""
    return _SPLITS.get(text.strip().lower(), "")
