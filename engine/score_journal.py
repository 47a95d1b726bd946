"""What lets `fiqa score --out` go on where it was killed: every score is in a file beside the table once it is there.

The journal is JSON lines, `<table>.journal`: a header that says what made the scores, then a line per image. A line is
taken over where the file still has the size and the time of change that it had before it was scored; what could not be
read is tried again. A line that was torn in the middle is cut off. The journal goes away when the table is whole.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from pathlib import Path
from typing import IO, Any, Final

import onnxruntime

from engine.errors import UserError
from engine.scoring import Scorer, ScoreRow

FORMAT: Final = 1
Stamp = tuple[int, int]
"""Size in bytes and time of the last change in nanoseconds."""


class ScoreJournal:
    """The journal beside the table `out`.

    Args:
        tell: gets one line where rows are taken over, or where those of another model are not.
    """

    def __init__(self, out: Path, *, tell: Callable[[str], None]) -> None:
        self.path: Final = out.with_name(out.name + ".journal")
        self._tell = tell

    def rows(self, scorer: Scorer, files: Sequence[Path]) -> Generator[ScoreRow[Path], None, None]:
        """The rows of `scorer.score(files)` in that order; those of an interrupted run are not scored again.

        Raises:
            UserError: the journal cannot be written.
        """
        stamps = {path: _stamp(path) for path in files}  # before reading: who changes it meanwhile is scored again
        known = self._known(_header(scorer), stamps, len(files))
        with closing(scorer.score(p for p in files if p not in known)) as found, self._open(_header(scorer)) as stream:
            for path in files:
                if path in known:
                    yield ScoreRow(path, path, score=known[path])
                    continue
                row = next(found)
                if row.score is not None and (stamp := stamps[path]) is not None:
                    stream.write(json.dumps([str(path), *stamp, row.score]) + "\n")
                    stream.flush()
                yield row

    def remove(self) -> None:
        """The table is whole: nothing is left to go on with."""
        self.path.unlink(missing_ok=True)

    def _known(self, header: dict[str, Any], stamps: dict[Path, Stamp | None], total: int) -> dict[Path, float]:
        """Scores that still hold. A journal of another model, or none at all, is started anew."""
        try:
            lines = self.path.read_bytes().split(b"\n")[:-1]  # what stands behind the last end of a line is torn
        except FileNotFoundError:
            return {}
        if not lines or _parsed(lines[0]) != header:
            self._tell(f"{self.path} was made with another model or version; all {total} images are scored anew.")
            self.path.unlink()
            return {}
        os.truncate(self.path, sum(len(line) + 1 for line in lines))
        entries = (entry for entry in map(_parsed, lines[1:]) if isinstance(entry, list))
        noted = {Path(path): ((size, at), score) for path, size, at, score in entries}
        known = {path: noted[path][1] for path, stamp in stamps.items() if path in noted and noted[path][0] == stamp}
        changed = sum(path in noted for path in stamps) - len(known)
        also = f"; {changed} have changed since and are scored again" if changed else ""
        self._tell(f"{len(known)} of {total} rows are taken over from {self.path}{also}.")
        return known

    def _open(self, header: dict[str, Any]) -> IO[str]:
        try:
            stream = self.path.open("a", encoding="ascii", newline="")
        except OSError as error:
            raise UserError(f"Cannot write {self.path}: {error.strerror or error}.") from error
        if not stream.tell():
            stream.write(json.dumps(header) + "\n")
            stream.flush()
        return stream


def _header(scorer: Scorer) -> dict[str, Any]:
    """All that a score depends on beside the image."""
    return {
        "journal": FORMAT,
        "model": scorer.model_id,
        "preprocessing": scorer.preprocessing_id,
        "provider": scorer.provider,
        "onnxruntime": onnxruntime.__version__,
    }


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None


def _stamp(path: Path) -> Stamp | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
