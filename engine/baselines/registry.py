"""The systems by name: how each is made, kept in a folder, and found again.

Networks are reached by an import inside a function, so that the others need no torch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, cast

import resources
from engine import edition, named_models
from engine.baselines.brisque import Brisque
from engine.baselines.by_picture import ByPicture
from engine.baselines.contract import NETWORK_FILE, Baseline, BaselineCard, Kind, NotFittedError
from engine.baselines.floors import Constant, FileSize, Sharpness
from engine.baselines.niqe import Niqe
from engine.baselines.pristine import Pristine
from engine.errors import UserError
from engine.plain_data import as_tuples
from engine.run import RunError, read_json, write_json

_FILE: Final = "baseline.json"
NETWORK_FILES: Final = (NETWORK_FILE, _FILE)
"""All that `load` needs of a network's folder."""
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
    """Keep a fitted system in a folder; the note of its name comes last, so that half a folder is none.

    With a network the note holds its card, which can then be read where there is no torch.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        baseline.save(folder)
        card = {"card": asdict(baseline.card())} if ENTRIES[baseline.name].kind == "network" else {}
        write_json(folder / _FILE, {"name": baseline.name, **card})
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
    name = _note(path).get("name", "")
    if name not in ENTRIES:
        raise NotFittedError(
            f"{path} holds no fitted baseline.", "Make one with 'fiqa baseline fit NAME MANIFEST --out DIR'."
        )
    return ENTRIES[name]


def kept_card(path: Path) -> BaselineCard:
    """The card of the network that is kept in a folder; nothing of it is loaded, so that no torch is needed.

    Raises:
        NotFittedError: there is none, or an earlier version kept it, which noted no card.
    """
    entry, told = entry_of(path), _note(path).get("card") or {}
    known = {f.name for f in fields(BaselineCard)}
    try:
        return BaselineCard(**{name: as_tuples(value) for name, value in told.items() if name in known})
    except TypeError as error:  # fields without a default are missing
        raise NotFittedError(
            f"The {entry.title} in {path} was kept by an earlier version, which noted nothing of it.",
            "Fit it again into a new folder.",
        ) from error


def require_packages(entry: Entry) -> None:
    """Raises NotFittedError where the packages of a network are not installed; none of them is imported."""
    wanted = ["torch", "torchvision", "timm", "safetensors", "pydantic", *["open_clip"] * (entry.name == "liqe")]
    lacking = [name for name in wanted if find_spec(name) is None]
    if entry.kind == "network" and lacking:
        raise NotFittedError(
            f"{entry.title} needs packages that are not installed ({', '.join(lacking)}).",
            edition.install("train", "baselines"),
        )


def _note(path: Path) -> Mapping[str, Any]:
    try:
        found = read_json(path / _FILE)
    except RunError as error:
        raise NotFittedError(f"{path} holds no fitted baseline ({error}).") from error
    return found if isinstance(found, Mapping) else {}


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
    """The system that a person names in place of a bundle: a name, a fitted folder, a pristine model.

    None for a bundle: the name of one that ships with the program, or a file.

    Raises:
        NotFittedError: a folder that holds none, or a damaged one.
        UserError: neither a baseline nor a file.
    """
    path = Path(name)
    if name in resources.BUNDLED:
        return None
    if name not in ENTRIES and not is_kept(path) and not path.is_dir():
        if not path.exists() and not path.suffix:
            raise named_models.unknown(name, ENTRIES)
        return None
    found = make(name) if name in ENTRIES else load(Path(name))
    if isinstance(found, ByPicture):
        found.workers = workers
    return found


def model_id(baseline: Baseline) -> str:
    """How tables of scores name it: the name, and what it learned from."""
    digest = baseline.card().fitted_on
    return f"{baseline.name}:{digest[:12]}" if digest else baseline.name
