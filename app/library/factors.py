"""Quality factors in the library: which contents still lack them, and storing what was measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import exists, insert, select

from app.library.changes import Changes
from app.library.events import chunks
from app.library.library import Library
from app.library.schema import Content, Factors, Folder, Image
from engine import factors


@dataclass(frozen=True)
class Unmeasured:
    """A content without factors, and one file that has it."""

    sha256: str
    path: Path


def unmeasured(library: Library) -> list[Unmeasured]:
    """The contents whose bytes were read before and that are there, without factors of the present formulas."""
    done = exists().where(Factors.version == factors.VERSION, Factors.sha256 == Image.sha256)
    columns = select(Image.sha256, Image.rel_path, Folder.path).join(Folder)
    query = columns.where(Image.sha256.is_not(None), Image.missing.is_(False), Image.problem.is_(None), ~done)
    with library.read() as session:
        found = {row.sha256: Path(row.path, row.rel_path) for row in session.execute(query.order_by(Image.id.desc()))}
    return [Unmeasured(sha256, path) for sha256, path in reversed(found.items())]


def record(library: Library, measured: Iterable[tuple[str, factors.Factors]]) -> Changes:
    """Store factors by content, in one transaction; names the images that have these contents."""
    found = dict(measured)
    ids: list[int] = []
    with library.write() as session:
        for part in chunks(found):
            known = set(session.scalars(select(Content.sha256).where(Content.sha256.in_(part))))
            same = (Factors.version == factors.VERSION, Factors.sha256.in_(part))
            known -= set(session.scalars(select(Factors.sha256).where(*same)))
            rows = [{"version": factors.VERSION, "sha256": s, **asdict(found[s])} for s in part if s in known]
            if rows:
                session.execute(insert(Factors), rows)
            ids += session.scalars(select(Image.id).where(Image.sha256.in_(part)))
    return Changes(0, "factors", tuple(ids))
