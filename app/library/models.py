"""The models of a library: which there are, and which one is in use."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from sqlalchemy import delete, select, update

from app.library import calibrators
from app.library.changes import Changes
from app.library.errors import LibraryError
from app.library.library import Library
from app.library.schema import Calibrator, Model, Run
from engine import reference_scale
from engine.atomic import replacing
from engine.run import now

EXTRA: Final = "extra"
"""`kind` on the card of an extra score (`app.library.extras`)."""


class BundleLike(Protocol):
    """What is needed of `engine.bundle.Bundle`."""

    @property
    def path(self) -> Path: ...
    @property
    def id(self) -> str: ...
    @property
    def card(self) -> Any: ...
    @property
    def input_size(self) -> int: ...
    @property
    def preprocessing_id(self) -> str: ...


@dataclass(frozen=True)
class ModelRow:
    """A model of the library. `path` is its bundle, `checkpoint` its weights for fine-tuning, where it has them."""

    id: str
    name: str
    path: Path
    checkpoint: Path | None
    arch: str
    input_size: int
    preprocessing_id: str
    card: dict[str, Any]
    run_id: int | None
    active: bool
    created_at: str

    @property
    def is_extra(self) -> bool:
        """Whether it only ever gives an extra score; `path` is then the folder of a baseline."""
        return self.card.get("kind") == EXTRA

    @property
    def as_mos(self) -> bool:
        """Whether its scores are on the scale of MOS."""
        return bool(self.card.get("as_mos", True))


def register(
    library: Library, bundle: BundleLike, *, name: str = "", run_id: int | None = None, checkpoint: Path | None = None
) -> ModelRow:
    """Copy a bundle into the library (once: its id is its content) and list it; it does not become active.

    A model that comes with percentiles of a reference set is shown by them until somebody chooses otherwise.
    `checkpoint`, or else a `.safetensors` file beside the bundle with its name, is copied with it.

    Raises:
        LibraryError: the files cannot be copied.
        CalibrationError: the percentiles on its card are damaged.
    """
    known = find(library, bundle.id)
    if known is not None and known.path.exists():
        return _offering(library, known, bundle)
    with suppress(OSError):  # beside a listed model the mark means nothing
        _deleted_mark(library, bundle.id).unlink(missing_ok=True)
    source = Path(bundle.path)
    weights = checkpoint or source.with_suffix(".safetensors")
    stem = bundle.id.replace(":", "-")
    _copy(source, library.models_dir / f"{stem}.onnx")
    if weights.exists():
        _copy(weights, library.models_dir / f"{stem}.safetensors")
    if known is not None:
        return known
    card = bundle.card.model_dump(mode="json")
    scale = reference_scale.of_card(card)
    row = Model(
        id=bundle.id,
        name=name or str(card.get("name") or source.stem),
        file=f"{stem}.onnx",
        checkpoint=f"{stem}.safetensors" if weights.exists() else None,
        arch=str(card.get("arch") or ""),
        input_size=bundle.input_size,
        preprocessing_id=bundle.preprocessing_id,
        card=card,
        created_at=now(),
    )
    with library.write() as session:
        if session.get(Model, bundle.id) is None:
            # One that was deleted and comes again still knows the labels that it learned from.
            row.run_id = run_id or session.scalar(select(Run.id).where(Run.model_after == bundle.id))
            session.add(row)
            if scale is not None:
                calibrators.first_in(session, bundle.id, scale)
    registered = find(library, bundle.id)
    assert registered is not None
    return registered


def _offering(library: Library, known: ModelRow, bundle: BundleLike) -> ModelRow:
    """The same weights have come again with percentiles: they are offered from now on, and nothing shown changes."""
    scale = dict(bundle.card.percentiles)
    if not scale or known.card.get("percentiles"):
        return known
    with library.write() as session:
        row = session.get(Model, known.id)
        assert row is not None
        row.card = {**row.card, "percentiles": scale}
    found = find(library, known.id)
    assert found is not None
    return found


def activate(library: Library, model_id: str, *, initiator: object | None = None) -> Changes:
    """Use this model from now on; the others stay selectable. Scores shown are then its own, so all is read again.

    Raises:
        LibraryError: the library has no such model.
    """
    with library.write() as session:
        model = session.get(Model, model_id)
        if model is None:
            raise LibraryError(f"The library has no model {model_id[:12]}.", "Register its bundle first.")
        if model.card.get("kind") == EXTRA:
            raise LibraryError(f"{model.name} is an extra score and cannot be the model in use.")
        session.execute(update(Model).values(active=False))
        session.execute(update(Model).where(Model.id == model_id).values(active=True))
        text = f"model {model.name} in use"
    return Changes(0, "model", scores=True, models=True, everything=True, text=text, initiator=initiator)


def remove(library: Library, model_id: str) -> Changes:
    """Take a model out of the library, with its files and calibrators.

    Its scores stay, for the day when the same bundle is registered again; until then no filter or view names them.
    What models that came from it have learned can no longer be said in full (`lineage`).

    Raises:
        LibraryError: it is in use, or there is no such model.
    """
    with library.write() as session:
        model = session.get(Model, model_id)
        if model is None:
            raise LibraryError(f"The library has no model {model_id[:12]}.")
        if model.active:
            raise LibraryError(f"{model.name} is in use.", "Use another model first.")
        files = [library.models_dir / name for name in (model.file, model.checkpoint) if name]
        session.execute(delete(Calibrator).where(Calibrator.model_id == model_id))
        session.delete(model)
        text = f"model {model.name} deleted"
    with suppress(OSError):  # without the mark a bundled model comes back at the next start, which is no reason to stop
        _deleted_mark(library, model_id).touch()
    for file in files:  # after the row: a crash in between leaves a file too many, never a model without its file
        if file.is_dir():
            shutil.rmtree(file, ignore_errors=True)
        else:
            file.unlink(missing_ok=True)
    return Changes(0, "model", models=True, text=text)


def was_deleted(library: Library, model_id: str) -> bool:
    """Whether somebody deleted it and it has not come back since, by being added or by a backup that lists it."""
    return find(library, model_id) is None and _deleted_mark(library, model_id).exists()


def _deleted_mark(library: Library, model_id: str) -> Path:
    return library.models_dir / f"{model_id.replace(':', '-')}.deleted"


def export(library: Library, model_id: str, target: Path) -> Path:
    """Copy a model's bundle, and beside it its weights where it has them, to `target`.

    Raises:
        LibraryError: there is no such model, or the copy cannot be written.
    """
    row = find(library, model_id)
    if row is None or row.is_extra:
        raise LibraryError(f"The library has no bundle {model_id[:12]}.")
    _copy(row.path, target)
    if row.checkpoint is not None and row.checkpoint.exists():
        _copy(row.checkpoint, target.with_suffix(".safetensors"))
    return target


def active(library: Library) -> ModelRow | None:
    """The model in use, None before the first was activated."""
    with library.read() as session:
        row = session.scalars(select(Model).where(Model.active.is_(True))).first()
        return _row(library, row) if row else None


def find(library: Library, model_id: str) -> ModelRow | None:
    """One model by its id."""
    with library.read() as session:
        row = session.get(Model, model_id)
        return _row(library, row) if row else None


def all_models(library: Library) -> list[ModelRow]:
    """All models, the oldest first."""
    with library.read() as session:
        return [_row(library, row) for row in session.scalars(select(Model).order_by(Model.created_at, Model.id))]


def best_match(known: Sequence[tuple[str, str]], name: str) -> int | None:
    """Which of (id, name) somebody means who writes `name`: the latest that is it, else the latest that contains it."""
    wanted = name.casefold()
    exact = [k for k, (id_, title) in enumerate(known) if title.casefold() == wanted or id_ == name]
    fits = exact or [k for k, (_, title) in enumerate(known) if wanted in title.casefold()]
    return fits[-1] if fits else None


def not_as_mos(library: Library) -> Callable[[str], bool]:
    """Asks whether a name after `score@` means a model whose scores are not on the scale of MOS."""
    rows = all_models(library)
    known = [(row.id, row.name) for row in rows]

    def ask(name: str) -> bool:
        found = best_match(known, name)
        return found is not None and not rows[found].as_mos

    return ask


def _row(library: Library, m: Model) -> ModelRow:
    checkpoint = library.models_dir / m.checkpoint if m.checkpoint else None
    return ModelRow(
        m.id,
        m.name,
        library.models_dir / m.file,
        checkpoint,
        m.arch,
        m.input_size,
        m.preprocessing_id,
        m.card,
        m.run_id,
        m.active,
        m.created_at,
    )


def _copy(source: Path, target: Path) -> None:
    try:
        with replacing(target) as partial:
            shutil.copyfile(source, partial)
    except OSError as error:
        raise LibraryError(f"Cannot copy {source.name} to {target.parent}: {error.strerror or error}.") from error
