"""Everything in a library that names a person or a file, so that a report about the program can leave it out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath

from sqlalchemy import select

from app.library.library import Library
from app.library.schema import Folder, Image, LabelSet, NoteEvent, Rater, SavedView


@dataclass(frozen=True)
class Names:
    """`files` are names and paths of images, `folders` of what holds them; `words` what people typed."""

    files: frozenset[str]
    folders: frozenset[str]
    people: frozenset[str]
    words: frozenset[str]


def private_names(library: Library) -> Names:
    """All of them; a second for a hundred thousand images, so for a worker."""
    with library.read() as session:
        roots = {folder.id: folder.path for folder in session.scalars(select(Folder))}
        images = session.execute(select(Image.folder_id, Image.rel_path)).all()
        groups = session.scalars(select(Image.group_name).union(select(Image.manifest_group))).all()
        raters = session.scalars(select(Rater.name)).all()
        typed = [
            *session.scalars(select(NoteEvent.value)),
            *session.scalars(select(SavedView.name)),
            *session.scalars(select(LabelSet.name)),
        ]
    files, folders = set[str](), set(roots.values())
    for folder_id, rel in images:
        path = PurePosixPath(rel)
        files |= {rel, path.name, str(PurePath(roots.get(folder_id, ""), *path.parts))}
        folders |= set(path.parts[:-1])
        folders |= {str(PurePath(roots.get(folder_id, ""), *parent.parts)) for parent in path.parents[:-1]}
    people = {str(name) for name in (*raters, *groups) if name}
    return Names(frozenset(files), frozenset(folders), frozenset(people), frozenset(str(t) for t in typed if t))
