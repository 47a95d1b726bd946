"""Extra scores: baselines of a library, each a model of its own that gives scores beside the one in use.

An extra score lies in `models/` as the folder that `engine.baselines.registry` writes, and in the tables as a `Model`
that is never active. What it cannot judge is no problem of the image: others can.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import exists, insert, select

from app.library import models
from app.library.changes import Changes
from app.library.errors import LibraryError
from app.library.events import chunks
from app.library.library import Library
from app.library.models import EXTRA, ModelRow
from app.library.schema import Content, Folder, Image, Model, Score
from engine.baselines import registry
from engine.baselines.by_picture import PREPROCESSING, ByPicture
from engine.baselines.contract import NETWORK_FILE, Baseline, BaselineCard, NotFittedError
from engine.run import now

BUILT_IN: Final = ("niqe", "sharpness", "filesize")
"""Baselines that score without having been fitted, by their names in the registry."""
NETWORK_PREPROCESSING: Final = "as-the-network-does-v1"
"""What a picture goes through before a network of the comparison sees it: whatever its options say."""
_DIGITS: Final = 32
_BLOCK: Final = 2**20


@dataclass(frozen=True)
class Unscored:
    """A content without a score of one model: a file that has it, its size, and the images that have it."""

    sha256: str
    path: Path
    width: int
    height: int
    image_ids: tuple[int, ...]


@dataclass(frozen=True)
class _Offered:
    """A baseline that somebody wants as an extra score."""

    name: str
    card: BaselineCard
    preprocessing: str
    keep: Callable[[Path], None]
    """Writes what `registry.load` needs to a folder."""


# -- which there are ---------------------------------------------------------------------------------------------------


def register(library: Library, place: str) -> ModelRow:
    """Bring a baseline into the library: a name of `BUILT_IN`, the folder of a fitted one (or a file in it), an .npz
    with a model of NIQE. A network is copied as it lies, and never loaded here.

    Raises:
        NotFittedError: there is none, it is damaged, it has not learned, or its packages are not installed.
        LibraryError: it is one that the window cannot score with, or it cannot be copied.
    """
    offered = _offered(place)
    folder = Path(tempfile.mkdtemp(prefix=".extra-", dir=library.models_dir))
    try:
        offered.keep(folder)
        digest = _digest(folder)
        model_id = f"{offered.name}:{digest}"
        known = models.find(library, model_id)
        target = library.models_dir / model_id.replace(":", "-")
        if not target.exists():
            os.replace(folder, target)
        return known or _insert(library, offered, model_id, target.name)
    except OSError as error:
        raise LibraryError(f"Cannot copy {place} to {library.models_dir}: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _offered(place: str) -> _Offered:
    if place in BUILT_IN:
        return _of(registry.make(place))
    path = Path(place)
    path = path.parent if path.is_file() and registry.is_kept(path.parent) else path
    entry = registry.entry_of(path)
    if entry.kind == "network":
        return _network(path, entry)
    if entry.name == "constant":
        raise LibraryError(
            f"{entry.title} cannot be an extra score of the window: it gives every face the same number.",
            "Choose another baseline.",
        )
    return _of(registry.load(path))


def _of(baseline: Baseline) -> _Offered:
    assert isinstance(baseline, ByPicture)
    baseline.require()
    return _Offered(baseline.name, baseline.card(), PREPROCESSING, lambda folder: registry.save(baseline, folder))


def _network(path: Path, entry: registry.Entry) -> _Offered:
    registry.require_packages(entry)
    card, weights = registry.kept_card(path), path / NETWORK_FILE
    if not weights.is_file():
        raise NotFittedError(f"The weights of {entry.title} are missing: {weights}.", "Fit it again.")

    def keep(folder: Path) -> None:
        for name in registry.NETWORK_FILES:  # beside them lie checkpoints and caches of its fit, which nobody needs
            shutil.copyfile(path / name, folder / name)

    return _Offered(entry.name, card, NETWORK_PREPROCESSING, keep)


def is_network(model: ModelRow) -> bool:
    """Whether an extra score comes from a network, which runs in a process of its own."""
    return model.preprocessing_id == NETWORK_PREPROCESSING


def _digest(folder: Path) -> str:
    found = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        found.update(file.name.encode() + b"\0")
        with file.open("rb") as stream:
            while block := stream.read(_BLOCK):
                found.update(block)
    return found.hexdigest()[:_DIGITS]


def _insert(library: Library, offered: _Offered, model_id: str, file: str) -> ModelRow:
    card = offered.card
    with library.write() as session:
        taken = set(session.scalars(select(Model.name)))
        title = registry.ENTRIES[offered.name].title
        name = title if title not in taken else f"{title} {model_id.partition(':')[2][:4]}"
        row = Model(
            id=model_id, name=name, file=file, checkpoint=None, arch=offered.name, input_size=0,
            preprocessing_id=offered.preprocessing, card=_card(card, name, model_id), run_id=None, created_at=now(),
        )  # fmt: skip
        session.add(row)
    registered = models.find(library, model_id)
    assert registered is not None
    return registered


def _card(card: BaselineCard, name: str, model_id: str) -> dict[str, Any]:
    """As a bundle's card, and `as_mos`: whether its scores are on the scale of MOS."""
    return {
        "kind": EXTRA,
        "name": name,
        "as_mos": card.as_mos,
        "label_provenance": f"labels of manifest {card.fitted_on[:12]}" if card.as_mos else "no labels",
        "licence": card.licence,
        "card": _words(card, name, model_id),
    }


def _words(card: BaselineCard, name: str, model_id: str) -> str:
    turned = "lower is better in the raw value, which is reported with its sign turned: "
    direction = turned if card.raw_lower_is_better else ""
    lines = [
        f"# {name}",
        "",
        "An extra score beside that of the model in use; it is never in use itself.",
        "",
        f"- Direction: {direction}higher is better.",
        f"- Range: {card.range}." + ("" if card.as_mos else " It is shown as it is: it is no MOS."),
        *([f"- Source: {card.source}."] if card.source else []),
        f"- Parameters: {'none that were trained' if card.params is None else f'{card.params:,}'}.",
        *(f"- {note[:1].upper()}{note[1:]}." for note in card.notes),
        f"- Hash: `{model_id}`.",
    ]
    return "\n".join(lines) + "\n"


def all_extras(library: Library) -> list[ModelRow]:
    """The extra scores of a library, the oldest first."""
    return [row for row in models.all_models(library) if row.is_extra]


# -- scores ------------------------------------------------------------------------------------------------------------


def unscored(library: Library, model: ModelRow) -> list[Unscored]:
    """The contents whose bytes were read before and that are there, without a score of this model."""
    same = (Score.model_id == model.id, Score.preprocessing_id == model.preprocessing_id)
    done = exists().where(*same, Score.sha256 == Image.sha256)
    columns = select(Image.id, Image.sha256, Image.width, Image.height, Image.rel_path, Folder.path).join(Folder)
    query = columns.where(Image.sha256.is_not(None), Image.missing.is_(False), Image.problem.is_(None), ~done)
    found: dict[str, Unscored] = {}
    with library.read() as session:
        for row in session.execute(query.order_by(Image.id)):
            before = found[row.sha256].image_ids if row.sha256 in found else ()
            path = Path(row.path, row.rel_path)
            found[row.sha256] = Unscored(row.sha256, path, row.width or 0, row.height or 0, (*before, row.id))
    return list(found.values())


def record(library: Library, model: ModelRow, scores: Mapping[str, float]) -> Changes:
    """Store scores by content, in one transaction; names the images that have these contents."""
    key = {"model_id": model.id, "preprocessing_id": model.preprocessing_id}
    ids: list[int] = []
    with library.write() as session:
        if session.get(Model, model.id) is None:
            return Changes(0, "score")  # deleted meanwhile
        for part in chunks(scores):
            known = set(session.scalars(select(Content.sha256).where(Content.sha256.in_(part))))
            same = (Score.model_id == model.id, Score.preprocessing_id == model.preprocessing_id)
            known -= set(session.scalars(select(Score.sha256).where(*same, Score.sha256.in_(part))))
            rows = [key | {"sha256": sha256, "value": scores[sha256]} for sha256 in part if sha256 in known]
            if rows:
                session.execute(insert(Score), rows)
            ids += session.scalars(select(Image.id).where(Image.sha256.in_(part)))
    return Changes(0, "score", tuple(ids), scores=True)
