"""The systems by name: how each is made, kept in a folder, and found again.

Networks are reached by an import inside a function, so that the others need no torch.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final, cast

from engine import edition
from engine.baselines.brisque import Brisque
from engine.baselines.by_picture import ByPicture
from engine.baselines.contract import Baseline, Kind, NotFittedError
from engine.baselines.floors import Constant, FileSize, Sharpness
from engine.baselines.niqe import Niqe
from engine.baselines.pristine import Pristine
from engine.errors import UserError
from engine.run import RunError, read_json, write_json

_FILE: Final = "baseline.json"
Make = Callable[[], type[Baseline]]


@dataclass(frozen=True)
class Entry:
    """A system that can be made by name."""

    name: str
    title: str
    kind: Kind
    make: Make


def _network(module: str, cls: str) -> Make:
    def load() -> type[Baseline]:
        try:
            found = import_module(f"engine.baselines.networks.{module}")
        except ImportError as error:
            raise NotFittedError(
                f"It needs the package {error.name}, which is not installed.",
                edition.install("train", "baselines"),
            ) from error
        return cast(type[Baseline], getattr(found, cls))

    return load


ENTRIES: Final[Mapping[str, Entry]] = {
    entry.name: entry
    for entry in (
        Entry("constant", "Constant", "floor", lambda: Constant),
        Entry("sharpness", "Laplacian sharpness", "floor", lambda: Sharpness),
        Entry("filesize", "File size", "floor", lambda: FileSize),
        Entry("niqe", "NIQE", "classic", lambda: Niqe),
        Entry("brisque", "BRISQUE", "classic", lambda: Brisque),
        Entry("musiq", "MUSIQ", "network", _network("musiq", "MUSIQ")),
        Entry("stairiqa", "StairIQA", "network", _network("stairiqa", "StairIQA")),
        Entry("liqe", "LIQE", "network", _network("liqe", "LIQE")),
        Entry("mobilenetv2", "MobileNetV2", "network", _network("mobilenetv2", "MobileNetV2")),
    )
}


def make(name: str) -> Baseline:
    """A new system.

    Raises:
        UserError: there is no such name.
        NotFittedError: its packages are not installed.
    """
    if name not in ENTRIES:
        raise UserError(f"There is no baseline '{name}'.", f"Use one of {', '.join(ENTRIES)}.")
    return ENTRIES[name].make()()


def save(baseline: Baseline, folder: Path) -> None:
    """Keep a fitted system in a folder; the note of its name comes last, so that half a folder is none."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        baseline.save(folder)
        write_json(folder / _FILE, {"name": baseline.name})
    except OSError as error:
        raise UserError(f"Cannot write {folder}: {error.strerror or error}.") from error


def is_kept(path: Path) -> bool:
    """Whether `load` would find something there."""
    return (path / _FILE).is_file() or path.suffix.lower() == ".npz"


def entry_of(path: Path) -> Entry:
    """Which system is kept at a path; nothing of it is loaded.

    Raises:
        NotFittedError: there is none.
    """
    if _is_pristine(path):
        return ENTRIES["niqe"]
    try:
        name = (read_json(path / _FILE) or {}).get("name", "")
    except (RunError, AttributeError) as error:
        raise NotFittedError(f"{path} holds no fitted baseline ({error}).") from error
    if name not in ENTRIES:
        raise NotFittedError(
            f"{path} holds no fitted baseline.", "Make one with 'fiqa baseline fit NAME MANIFEST --out DIR'."
        )
    return ENTRIES[name]


def _is_pristine(path: Path) -> bool:
    return path.suffix.lower() == ".npz" and not path.is_dir()


def load(path: Path) -> Baseline:
    """A system from the folder that `save` wrote, or NIQE with the pristine model of an .npz file.

    Raises:
        NotFittedError: there is nothing, or it is damaged.
    """
    entry = entry_of(path)
    return Niqe(Pristine.load(path)) if _is_pristine(path) else entry.make().load(path)


def find(name: str, *, workers: int = 0) -> Baseline | None:
    """The system that a person names in place of a bundle: a name, a fitted folder, a pristine model; else None.

    Raises:
        NotFittedError: a folder that holds none, or a damaged one.
        UserError: neither a baseline nor a file.
    """
    path = Path(name)
    if name not in ENTRIES and not is_kept(path) and not path.is_dir():
        if not path.exists() and not path.suffix:
            near = difflib.get_close_matches(name, ENTRIES, n=1)
            hint = f"Did you mean '{near[0]}'? " if near else ""
            raise UserError(f"There is no model '{name}'.", f"{hint}Give a bundle, or one of {', '.join(ENTRIES)}.")
        return None
    found = make(name) if name in ENTRIES else load(Path(name))
    if isinstance(found, ByPicture):
        found.workers = workers
    return found


def model_id(baseline: Baseline) -> str:
    """How tables of scores name it: the name, and what it learned from."""
    digest = baseline.card().fitted_on
    return f"{baseline.name}:{digest[:12]}" if digest else baseline.name
