"""Which distributions a build holds, found from its modules; their metadata and licences go in with it."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path, PurePosixPath
from typing import Final

from PyInstaller.utils.hooks import copy_metadata

from app.services.support import licences
from building.slimming import Entry

Data = tuple[str, str]
TEXT: Final = "LICENCES.txt"


def distributions(pure: Iterable[Entry], binaries: Iterable[Entry]) -> list[str]:
    """Names of the distributions that modules or libraries of the build belong to."""
    tops = {name.split(".")[0] for name, _, _ in pure}
    tops |= {PurePosixPath(place.replace("\\", "/")).parts[0].split(".")[0] for place, _, _ in binaries}
    owners = packages_distributions()
    return sorted({owner for top in tops for owner in owners.get(top, ()) if owner != licences.OWN})


def metadata(names: Iterable[str]) -> list[Data]:
    """What `importlib.metadata` reads of them at run time."""
    return [entry for name in names for entry in copy_metadata(name)]


def note_licences(names: Iterable[str], folder: Path) -> list[Data]:
    """Write what `app.services.support.licences` reads in a build (it is data of the build), and the same as a text."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = licences.describe(names)
    (folder / "licences.json").write_text(licences.as_json(parts), encoding="utf-8")
    (folder / TEXT).write_text(licences.written(parts), encoding="utf-8")
    return [(str(folder / "licences.json"), "resources")]


def as_entries(found: Iterable[Data]) -> list[Entry]:
    """Files, and folders with all they hold, as entries of a table of contents."""
    entries = []
    for source, place in found:
        path = Path(source)
        files = [f for f in path.rglob("*") if f.is_file()] if path.is_dir() else [path]
        root = path if path.is_dir() else path.parent
        entries += [(str(PurePosixPath(place, f.relative_to(root).as_posix())), str(f), "DATA") for f in files]
    return entries
