"""Reads a table of text as people write it: any usual encoding, delimiter and decimal sign, with or without header."""

from __future__ import annotations

import codecs
import csv
import io
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.library.errors import LibraryError

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS: Final = ("\t", ";", "|", ",")
"""Tried in this order: where a semicolon divides, a comma is a decimal sign."""
_AGREE: Final = 0.8
_COMMA_NUMBER: Final = re.compile(r"[+-]?\d*,\d+(e[+-]?\d+)?", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """Cells of a file. `header` has the names, or 'column 1', ... where the file has none; `lines` count from 1."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    has_header: bool
    encoding: str
    delimiter: str
    """'' where the file is no text."""
    named: int | None = None
    """How many columns the header names; None: all. A cell that is filled beyond them belongs to no column."""

    @property
    def report(self) -> str:
        """How the file was read, for people."""
        if not self.delimiter:
            return f"read as {self.encoding}"
        sign = {"\t": "tabs", ";": "semicolons", "|": "bars", ",": "commas"}[self.delimiter]
        head = "with a header" if self.has_header else "without a header"
        doubt = " (Windows text: check names with accents)" if self.encoding == "cp1252" else ""
        return f"read as {self.encoding}{doubt}, {sign} between columns, {head}"

    def column(self, name: str) -> int | None:
        """The index of a column, by name (case, spaces and underscores do not count) or by number from 1."""
        wanted = plain(name)
        for index, known in enumerate(self.header):
            if plain(known) == wanted:
                return index
        return int(name) - 1 if name.isdigit() and 1 <= int(name) <= len(self.header) else None


def read_table(path: Path, rows: int | None = None) -> Table:
    """Read a file, or its first `rows` only.

    Raises:
        LibraryError: it cannot be read, is empty, or is no table of text.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise LibraryError(f"Cannot read {path}: {error.strerror or error}.") from error
    text, encoding = _decode(data, path)
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    cells: list[tuple[str, ...]] = []
    lines: list[int] = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                cells.append(tuple(cell.strip() for cell in row))
                lines.append(reader.line_num)
                if rows is not None and len(cells) > rows:
                    break
    except csv.Error as error:
        raise LibraryError(f"{path.name}, line {reader.line_num}: {error}.", "Save it as a CSV file.") from error
    if not cells:
        raise LibraryError(f"{path.name} is empty.")
    headed = _has_header(cells)
    width = max(len(row) for row in cells)
    names = cells[0] if headed else ()
    header = tuple(names[i] if i < len(names) and names[i] else f"column {i + 1}" for i in range(width))
    padded = tuple(row + ("",) * (width - len(row)) for row in cells[headed:])
    return Table(header, padded, tuple(lines[headed:]), headed, encoding, delimiter, len(names) if headed else None)


def number(text: str) -> float | None:
    """A finite number, with a point or a comma as its decimal sign; None where it is none."""
    cleaned = text.strip().replace("\u00a0", "").replace("\u2212", "-")
    if _COMMA_NUMBER.fullmatch(cleaned):
        cleaned = cleaned.replace(",", ".")
    try:
        value = float(cleaned)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in cleaned else None


def has_decimal_comma(text: str) -> bool:
    """Whether a number is written with a comma."""
    return bool(_COMMA_NUMBER.fullmatch(text.strip()))


def plain(name: str) -> str:
    """A column's name without what people write differently: case, spaces, underscores, hyphens."""
    return re.sub(r"[\s_\-]+", "", name).casefold()


def _decode(data: bytes, path: Path) -> tuple[str, str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise LibraryError(f"{path.name} is damaged text ({error}).", "Save it as UTF-8.") from error
    head = data[:4096]
    if head.count(0) > len(head) // 4:  # UTF-16 without its mark: every other byte of plain text is zero
        encoding = "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            pass
    if 0 in head:
        raise LibraryError(f"{path.name} is no text file.", "Give a CSV file.")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError as error:
        raise LibraryError(f"{path.name} is neither UTF-8 nor Windows text ({error}).", "Save it as UTF-8.") from error


def _delimiter(text: str) -> str:
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    shares: dict[str, float] = {}
    for delimiter in _DELIMITERS:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
        divided = {width: count for width, count in widths.items() if width > 1}
        shares[delimiter] = max(divided.values(), default=0) / max(1, len(lines))
        if shares[delimiter] >= _AGREE:
            return delimiter
    likeliest = max(shares, key=lambda delimiter: shares[delimiter])
    return likeliest if shares[likeliest] else ","


def _has_header(cells: Sequence[Sequence[str]]) -> bool:
    """A header has no number in it, and numbers below; a lone line is one if it has a name that we know."""
    if any(number(cell) is not None for cell in cells[0]):
        return False
    if len(cells) == 1:
        return any(plain(cell) in ("path", "mos", "score", "imagename", "filename") for cell in cells[0])
    return any(number(cell) is not None for row in cells[1:200] for cell in row) or len(set(cells[0])) == len(cells[0])
