"""Unlabelled images as pools A and B of the paper (section 3.1): the teacher labels A, learns again, and labels B.

Nobody who is in a held-out split is in a pool, and a content that is in A is not in B as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from engine.groups import position
from engine.manifest import Row

Pool = Literal["a", "b"]
_POOL_A_SHARE: Final = 0.5


@dataclass(frozen=True)
class Place:
    """A folder of the library, or a folder right under it, that holds images without a label."""

    folder_id: int
    inside: str
    """Name of the folder under the library's one; empty: images that lie in that one itself."""
    path: Path
    images: int

    @property
    def key(self) -> tuple[int, str]:
        return self.folder_id, self.inside


@dataclass(frozen=True)
class Pools:
    """Which places are which pool; `by_group` takes all unlabelled images and cuts them by person instead."""

    places: Mapping[tuple[int, str], Pool] | None = None
    by_group: bool = False

    def pool_of(self, key: tuple[int, str], group: str, salt: str) -> Pool | None:
        """The pool of an image, None: in neither."""
        if self.by_group:
            return "a" if position(group, salt + "pools") < _POOL_A_SHARE else "b"
        return (self.places or {}).get(key)


@dataclass(frozen=True)
class Unlabelled:
    """Usable images without a label: `rows` as the snapshot read them, their `groups`, and what may not be touched."""

    rows: Sequence[Any]
    groups: Sequence[str]
    held_groups: frozenset[str]
    held_contents: frozenset[str]

    def is_held(self, at: int) -> bool:
        """Whether somebody of a held-out split is on it."""
        return self.groups[at] in self.held_groups or (self.rows[at].sha256 or "") in self.held_contents


def places(found: Unlabelled) -> list[Place]:
    """Where unlabelled images lie that may go into a pool, by path."""
    counts: Counter[tuple[int, str]] = Counter()
    folders: dict[int, str] = {}
    for at, row in enumerate(found.rows):
        if not found.is_held(at):
            counts[_key(row)] += 1
            folders[row.folder_id] = row.folder
    made = [Place(k, inside, Path(folders[k], inside), n) for (k, inside), n in counts.items()]
    return sorted(made, key=lambda p: str(p.path))


def rows(found: Unlabelled, pools: Pools, salt: str) -> list[Row]:
    """Manifest rows of both pools."""
    made: list[Row] = []
    taken: set[str] = set()
    for at, row in enumerate(found.rows):
        pool = None if found.is_held(at) else pools.pool_of(_key(row), found.groups[at], salt)
        if pool is None or (row.sha256 and row.sha256 in taken):
            continue
        taken.add(row.sha256 or "")
        made.append(
            Row(
                path=Path(row.folder, row.rel_path),
                source="unlabeled",
                pool=pool,
                group=found.groups[at],
                sha256=row.sha256 or "",
                extra={"image_id": str(row.id)},
            )
        )
    return made


def _key(row: Any) -> tuple[int, str]:
    return row.folder_id, row.rel_path.partition("/")[0] if "/" in row.rel_path else ""
