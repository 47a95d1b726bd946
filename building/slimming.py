"""From what the analysis found to what goes in: no waste, no library that nothing left needs, no symbols."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from building import contents
from building.contents import Build

Entry = tuple[str, str, str]
"""Place inside the build, source, kind (BINARY, EXTENSION, DATA, SYMLINK)."""


def slim(binaries: Iterable[Entry], workpath: Path) -> list[Entry]:
    """The binaries that go in; stripped ones are copies under `workpath`."""
    left = [entry for entry in binaries if not contents.is_waste(entry[0])]
    return [_stripped(entry, workpath) for entry in _needed(left)]


def without_waste(datas: Iterable[Entry], build: Build) -> list[Entry]:
    """The files that go in."""
    return [entry for entry in datas if not contents.is_waste(entry[0]) and not build.leaves_out(entry[0])]


def _needed(binaries: list[Entry]) -> list[Entry]:
    """Without the libraries of the system and of Qt that only came for something that is waste."""
    if sys.platform != "linux":
        return binaries
    from PyInstaller.depend.bindepend import get_imports

    roots = [entry for entry in binaries if entry[2] != "SYMLINK" and not _is_shared(entry)]
    wanted = {Path(name).name for _, source, _ in roots for name, _ in get_imports(source)}
    return [entry for entry in binaries if not _is_shared(entry) or PurePosixPath(entry[0]).name in wanted]


def _is_shared(entry: Entry) -> bool:
    """A library of the system (they lie at the top), or one of Qt's: loaded by others only, by its name."""
    place = PurePosixPath(entry[0])
    at_top = len(place.parts) == 1 and not place.name.startswith("libpython") and entry[2] != "EXTENSION"
    return ".so" in place.name and (at_top or str(place.parent).endswith("Qt/lib"))


def _stripped(entry: Entry, workpath: Path) -> Entry:
    place, source, kind = entry
    tool = shutil.which("strip")
    if kind == "SYMLINK" or tool is None or sys.platform != "linux" or not contents.is_stripped(place):
        return entry
    copy = workpath / "stripped" / place
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, copy)
    subprocess.run([tool, "--strip-unneeded", str(copy)], check=True)
    return place, str(copy), kind
