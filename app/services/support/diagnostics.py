"""Help > Save diagnostics: one zip that tells how the program and the machine are, and, unless asked, no names.

Nothing is sent: the file is written where the person says, and they decide who gets it. For a worker.
"""

from __future__ import annotations

import json
import os
import platform
import socket
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import resources
from app.library import backup_contents, catalog, models, runs
from app.library.library import Library
from app.library.names import Names, private_names
from app.services.support import fault_log, installation
from app.services.support.redaction import Redactor
from engine import doctor
from engine.atomic import replacing
from engine.errors import UserError
from engine.run import RunDirectory, now

_RUNS: Final = 5
_LOG_BYTES: Final = 200_000
"""The end of a log; what happened is there."""
_RUN_FILES: Final = ("job.json", "state.json", "estimate.json", "report.json", "events.jsonl", "log.txt")
_README: Final = """FIQA Desktop: diagnostics of {at}

program.json   versions of the program and of what is inside
machine.json   system, processor, memory, free disk
settings.json  what is set in the window
library.json   how many images, labels, models and runs; no labels
doctor.txt     what is installed, what is wrong
log/           what the window noted, and stacks of processes that died
runs/          the last {runs} trainings: what was asked, how they stand, the ends of their logs

{names}
No image, no score and no label is in here. Nothing was sent anywhere: this file is yours to give on.
"""
_WITHOUT: Final = """Names of files, folders and people, and what people typed, are replaced: <file-1a2b3c4d> is the
same file wherever it stands. The key to these tokens stays in your library."""
_WITH: Final = "Names of files, folders and people ARE in here, because that was ticked."


class DiagnosticsError(UserError):
    """The file cannot be written."""


def save(library: Library, out: Path, settings: Mapping[str, Any], *, with_names: bool = False) -> Path:
    """Write the zip, whole or not at all.

    Args:
        settings: what the window remembers.
        with_names: leave names of files, folders and people in.

    Raises:
        DiagnosticsError: it cannot be written there.
    """
    redactor = None if with_names else _redactor(library)
    try:
        with replacing(out) as partial, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            names = _WITH if with_names else _WITHOUT
            archive.writestr("README.txt", _README.format(at=now(), runs=_RUNS, names=names))
            for name, content in _contents(library, settings):
                archive.writestr(name, _written(content, redactor))
    except OSError as error:
        raise DiagnosticsError(
            f"The diagnostics cannot be written to {out}: {error.strerror or error}.", "Choose another place."
        ) from error
    return out


def _written(content: Any, redactor: Redactor | None) -> str:
    if isinstance(content, str):
        return redactor.text(content) if redactor else content
    plain = json.loads(json.dumps(content, default=str))  # paths become text before names are looked for
    return json.dumps(redactor.value(plain) if redactor else plain, ensure_ascii=False, indent=1) + "\n"


def _contents(library: Library, settings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Name in the zip, and text or data; what cannot be found out says why."""
    yield "program.json", _guarded(installation.program)
    yield "machine.json", _guarded(lambda: installation.machine(library.directory))
    yield "settings.json", dict(settings)
    yield "library.json", _guarded(lambda: _library(library))
    yield "doctor.txt", "\n".join(f"{f.verdict:5} {f.subject}: {f.detail} {f.remedy}" for f in _findings())
    folder = fault_log.log_folder()
    for file in sorted([*folder.glob("window.log*"), *folder.glob("died-*.txt")]):
        yield f"log/{file.name}", _end(file)
    for number, row in enumerate(_recent(library), start=1):
        yield from _run(f"runs/{number}", row)


def _guarded(look: Callable[[], Any]) -> Any:
    """Diagnostics are asked for when something is broken; one broken part must not hide the others."""
    try:
        return look()
    except Exception as error:
        return {"not known": f"{type(error).__name__}: {error}"}


def _findings() -> list[doctor.Finding]:
    try:
        return list(doctor.examine(ask_torch=False))
    except Exception as error:  # as above
        return [doctor.Finding("wrong", "doctor", f"{type(error).__name__}: {error}")]


def _library(library: Library) -> dict[str, Any]:
    found = backup_contents.look_into(library.database)
    active = models.active(library)
    return {
        "directory": str(library.directory),
        "bytes": library.database.stat().st_size,
        "display scale": library.display_scale,
        "counts": asdict(found),
        "folders": len(catalog.folders(library)),
        "problems": len(catalog.problems(library)),
        "models": [{"name": m.name, "arch": m.arch, "size": m.input_size} for m in models.all_models(library)],
        "model in use": active.name if active else None,
        "runs": [asdict(row) for row in _recent(library)],
    }


def _recent(library: Library) -> list[runs.RunRow]:
    return sorted(runs.list_runs(library), key=lambda row: row.id, reverse=True)[:_RUNS]


def _run(place: str, row: runs.RunRow) -> Iterator[tuple[str, Any]]:
    run = RunDirectory(row.directory)
    if not run.path.is_dir():
        yield f"{place}/gone.txt", f"The folder of run {row.id} ({row.kind}, {row.status}) is gone."
        return
    for name in _RUN_FILES:
        if (file := run.path / name).is_file():
            yield f"{place}/{name}", _parsed(file)


def _parsed(file: Path) -> Any:
    """JSON as data, so that its strings are seen as they are and not as JSON escapes them."""
    text = _end(file)
    try:
        if file.suffix == ".jsonl":
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        return json.loads(text) if file.suffix == ".json" else text
    except ValueError:
        return text  # torn, or too long to be read whole


def _end(file: Path) -> str:
    """The last part of a file, from the beginning of a line."""
    try:
        with file.open("rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, size - _LOG_BYTES))
            data = stream.read()
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"
    return (data if size <= _LOG_BYTES else data.partition(b"\n")[2]).decode(errors="replace")


def _redactor(library: Library) -> Redactor:
    """Knows the names of this library, of this person and of this machine."""
    try:
        names = private_names(library)
    except UserError:  # a damaged library: what looks like a path or a file still goes
        names = Names(frozenset(), frozenset(), frozenset(), frozenset())
    places = {
        "library": library.directory,
        "program": Path(resources.__file__).resolve().parents[1],
        "python": Path(sys.base_prefix),
        "environment": Path(sys.prefix),
        "temporary": Path(tempfile.gettempdir()),
        "home": Path.home(),
    }
    people = {*names.people, Path.home().name, socket.gethostname(), platform.node()} - {""}
    return Redactor(
        library.salt, files=names.files, folders=names.folders, people=people, words=names.words, places=places
    )
