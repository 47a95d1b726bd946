"""Views: filters under a name. Some stand always, others a curator saves."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from app.library import models
from app.library.errors import LibraryError
from app.library.library import Library
from app.library.query import rescaled
from app.library.schema import SavedView
from engine.run import now

_FALLING: Final = "-"
"""Before the stored sort key: from the highest down."""
_Scale = tuple[float, float]


@dataclass(frozen=True)
class NamedView:
    """A filter (`app.library.query`) and a sort (`SORT_KEYS` or `name`; '' = leave it as it is).

    Numbers in the filter are on the library's display scale. They are stored with the scale of that day and read back
    on the present one, so that a view goes on asking for the same quality.
    """

    name: str
    query: str
    sort: str = ""
    descending: bool = True


STANDING: Final = (
    NamedView("All", ""),
    NamedView("Unlabelled", "is:unlabelled"),
    NamedView("Rated by me", "is:mine"),
    NamedView("Disagreement", "difference:any -split:test", "difference"),
    NamedView("Suspect", "is:suspect", "suspect"),
    NamedView("Flagged", "is:flagged"),
    NamedView("Problems", "is:problem"),
    NamedView("Missing", "is:missing"),
)
"""Disagreement and Suspect leave test images out: a model's disagreement never chooses which test labels are edited."""


def saved(library: Library) -> list[NamedView]:
    """The saved views, by name."""
    not_as_mos = models.not_as_mos(library)
    with library.read() as session:
        return [
            NamedView(
                v.name,
                _read(v.query, library.display_scale, not_as_mos),
                v.sort.removeprefix(_FALLING),
                v.sort.startswith(_FALLING),
            )
            for v in session.scalars(select(SavedView).order_by(SavedView.name))
        ]


def _read(stored: str, scale: _Scale, not_as_mos: Callable[[str], bool]) -> str:
    """A stored filter on this scale; a bare one is from the days when its scale was not noted: it stays as it is."""
    try:
        found = json.loads(stored)
        low, high = found["scale"]
        return rescaled(str(found["filter"]), (float(low), float(high)), scale, not_as_mos=not_as_mos)
    except (ValueError, TypeError, KeyError):
        return stored


def save(library: Library, view: NamedView) -> None:
    """Store a view; one of the same name is replaced.

    Raises:
        LibraryError: it has no name, or that of a standing view.
    """
    name = _free(view.name)
    with library.write() as session:
        row = session.scalars(select(SavedView).where(SavedView.name == name)).first()
        if row is None:
            row = SavedView(name=name, created_at=now())
            session.add(row)
        row.query = json.dumps({"filter": view.query, "scale": library.display_scale})
        row.sort = (_FALLING if view.descending else "") + view.sort


def rename(library: Library, name: str, to: str) -> None:
    """Give a saved view another name.

    Raises:
        LibraryError: there is no such view, or the new name is taken.
    """
    wanted = _free(to)
    with library.write() as session:
        row = session.scalars(select(SavedView).where(SavedView.name == name)).first()
        if row is None:
            raise LibraryError(f"There is no saved view '{name}'.", "Another window may have removed it.")
        if wanted != name and session.scalars(select(SavedView).where(SavedView.name == wanted)).first() is not None:
            raise LibraryError(f"There is a view '{wanted}' already.", "Choose another name.")
        row.name = wanted


def delete(library: Library, name: str) -> None:
    """Remove a saved view; one that is gone already is fine."""
    with library.write() as session:
        row = session.scalars(select(SavedView).where(SavedView.name == name)).first()
        if row is not None:
            session.delete(row)


def _free(name: str) -> str:
    wanted = " ".join(name.split())
    if not wanted:
        raise LibraryError("A view needs a name.", "Type any name.")
    if wanted.casefold() in {v.name.casefold() for v in STANDING}:
        raise LibraryError(f"'{wanted}' is the name of a view that is always there.", "Choose another name.")
    return wanted
