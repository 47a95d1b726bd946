"""Tables that are no text: JSON (a list of records, columns of lists, or one record a line) and Parquet."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from app.library.errors import LibraryError
from app.library.exchange.layout import Head
from app.library.exchange.table import Table
from app.library.exchange.writing import replacing

_PARQUET: Final = b"PAR1"
_WHOLE: Final = frozenset({"image_id", "width", "height", "mos_n"})
_REAL: Final = frozenset({"mos", "mos_std", "ci_low", "ci_high", "student", "teacher"})


def is_json(head: Head) -> bool:
    """Whether a file begins as JSON does."""
    return head.start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def is_parquet(head: Head) -> bool:
    """Whether a file is Parquet."""
    return head.start.startswith(_PARQUET)


def read(file: Path) -> Table:
    """A JSON or Parquet file as a table; lines count its records from 1.

    Raises:
        LibraryError: it is damaged or holds no table.
    """
    head = Head(file)
    if is_parquet(head):
        return _table(read_parquet(file), file, "Parquet")
    found = load_json(file)
    if isinstance(found, Mapping) and any(isinstance(column, list) for column in found.values()):
        found = _turned(found, file)
    if isinstance(found, Mapping):
        found = next((v for v in found.values() if isinstance(v, list)), [found])
    return _table(found, file, "JSON")


def load_json(file: Path) -> Any:
    """A JSON document, or the list of the documents of a JSON-lines file.

    Raises:
        LibraryError: it is no JSON.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise LibraryError(f"Cannot read {file}: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise LibraryError(f"{file.name} is no UTF-8 text ({error}).", "Save it as UTF-8.") from error
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) < 2 or not lines[0].strip().endswith("}"):
            raise LibraryError(f"{file.name} is no JSON ({error}).", "Ask for the file again.") from error
    return [_line(line, number, file) for number, line in enumerate(lines, start=1)]


def _line(line: str, number: int, file: Path) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise LibraryError(f"{file.name}, line {number} is no JSON ({error}).", "Ask for the file again.") from error


def read_parquet(file: Path) -> list[dict[str, Any]]:
    """The records of a Parquet file.

    Raises:
        LibraryError: it is damaged, or this build cannot read Parquet.
    """
    pq = _pyarrow_parquet()
    import pyarrow as pa

    try:
        records: list[dict[str, Any]] = pq.read_table(file).to_pylist()
    except (OSError, pa.ArrowException) as error:
        raise LibraryError(f"{file.name} is no sound Parquet file ({error}).", "Ask for the file again.") from error
    return records


def parquet_columns(file: Path) -> tuple[str, ...]:
    """The names of a Parquet file's columns, without reading its rows.

    Raises:
        LibraryError: it is damaged, or this build cannot read Parquet.
    """
    pq = _pyarrow_parquet()
    import pyarrow as pa

    try:
        return tuple(pq.read_schema(file).names)
    except (OSError, pa.ArrowException) as error:
        raise LibraryError(f"{file.name} is no sound Parquet file ({error}).", "Ask for the file again.") from error


def write_parquet(file: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write a Parquet file with typed columns, whole or not at all."""
    pq = _pyarrow_parquet()
    import pyarrow as pa

    def kind(name: str) -> Any:
        return pa.int64() if name in _WHOLE else pa.float64() if name in _REAL else pa.string()

    schema = pa.schema([(name, kind(name)) for name in columns])
    table = pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
    with replacing(file) as partial:
        pq.write_table(table, partial)


def write_json(file: Path, content: Any, *, lines: bool = False) -> None:
    """Write a JSON document (or one record a line), whole or not at all."""
    if lines or file.suffix.lower() == ".jsonl":
        text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in content)
    else:
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    with replacing(file) as partial:
        partial.write_text(text, encoding="utf-8", newline="\n")


def _pyarrow_parquet() -> Any:
    try:
        import pyarrow.parquet as pq  # here: the light build has no pyarrow
    except ImportError:
        raise LibraryError("This build cannot read or write Parquet.", "Use CSV or JSON instead.") from None
    return pq


def _turned(columns: Mapping[str, Any], file: Path) -> Any:
    """Columns of equal length as records; a document with one list of records is left for the caller."""
    lists = {name: column for name, column in columns.items() if isinstance(column, list)}
    if any(isinstance(item, Mapping) for column in lists.values() for item in column[:1]):
        return columns
    lengths = {len(column) for column in lists.values()}
    if len(lengths) > 1:
        said = ", ".join(f"'{name}' {len(column):,}" for name, column in lists.items())
        raise LibraryError(f"The columns of {file.name} differ in length: {said}.", "Ask for the file again.")
    return [dict(zip(lists, values, strict=True)) for values in zip(*lists.values(), strict=True)]


def _table(records: Any, file: Path, how: str) -> Table:
    if not isinstance(records, list) or not all(isinstance(record, Mapping) for record in records):
        raise LibraryError(f"{file.name} holds no list of records.", "Each image needs a record with name and score.")
    header = tuple(dict.fromkeys(str(name) for record in records for name in record))
    if not header:
        raise LibraryError(f"{file.name} is empty.")
    rows = tuple(tuple(_cell(record.get(name)) for name in header) for record in records)
    return Table(header, rows, tuple(range(1, len(rows) + 1)), True, how, "")


def _cell(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value).strip()
