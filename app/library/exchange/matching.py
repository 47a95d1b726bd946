"""Which image a line of a label file means: by path, name, stem or hash, whatever system wrote the file."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import select

from app.library.library import Library
from app.library.schema import Folder, Image

Rule = Literal["auto", "path", "name", "stem", "hash"]
RULES: Final[tuple[Rule, ...]] = ("auto", "path", "name", "stem", "hash")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An image of the library, as far as a match needs it."""

    id: int
    path: str
    parts: tuple[str, ...]
    """Of the absolute path, in NFC."""
    depth: int
    """How many of them are under the folder."""
    sha256: str | None
    mos: float | None
    provenance: str
    split: str


@dataclass(frozen=True)
class Found:
    """One image and the rule that found it, or the reason why there is none."""

    image: Candidate | None
    how: str
    ambiguous: bool = False


class Index:
    """All images of a library, ready to be looked up."""

    def __init__(self, library: Library) -> None:
        self._names: dict[str, list[Candidate]] = defaultdict(list)
        self._stems: dict[str, list[Candidate]] = defaultdict(list)
        self._hashes: dict[str, list[Candidate]] = defaultdict(list)
        columns = (Image.id, Image.rel_path, Image.sha256, Image.mos, Image.provenance, Image.split, Folder.path)
        folders: dict[str, tuple[str, ...]] = {}
        with library.read() as session:
            for row in session.execute(select(*columns).join(Folder).order_by(Image.id)):
                if row.path not in folders:
                    folders[row.path] = _parts(row.path)
                under = _parts(row.rel_path)
                parts = folders[row.path] + under
                path = f"{row.path}/{row.rel_path}"
                said = (row.mos, row.provenance or "", row.split or "")
                image = Candidate(row.id, path, parts, len(under), row.sha256, *said)
                self._names[under[-1]].append(image)
                self._stems[_stem(under[-1])].append(image)
                if row.sha256:
                    self._hashes[row.sha256].append(image)

    @property
    def empty(self) -> bool:
        """Whether the library has no image at all."""
        return not self._names

    def find(self, text: str, rule: Rule, sha256: str = "") -> Found:
        """The image that a cell means. Where the file also tells the hash, `auto` tries it first, and no image is meant
        that is known to have another."""
        if rule == "hash" and sha256:
            text = sha256
        if rule == "hash":
            return _only(self._hashes.get(text.strip().lower(), []), "hash")
        parts = _parts(text)
        if not parts:
            return Found(None, "the name is empty")
        if rule == "auto" and sha256 and (same := _only(self._hashes.get(sha256, []), "hash")).image:
            return same
        other = sha256 if rule == "auto" else ""
        same_name = _without_others(self._names.get(parts[-1], []), other)
        if rule in ("auto", "path"):
            found = _by_path(same_name, parts)
            if found.image or found.ambiguous or rule == "path":
                return found
        if rule in ("auto", "name"):
            found = _only(same_name, "name")
            if found.image or found.ambiguous or rule == "name":
                return found
        same_stem = self._stems.get(parts[-1]) or self._stems.get(_stem(parts[-1]), [])
        return _only(_without_others(same_stem, other), "stem")


def _without_others(candidates: list[Candidate], sha256: str) -> list[Candidate]:
    """Those that may hold these bytes ('': any)."""
    return [c for c in candidates if not sha256 or not c.sha256 or c.sha256 == sha256]


def _by_path(candidates: list[Candidate], parts: tuple[str, ...]) -> Found:
    """The image whose path ends as the given one, or whose path under its folder is the given one's end."""
    exact = [c for c in candidates if c.depth == len(parts) and c.parts[-c.depth :] == parts]
    if len(exact) == 1:
        return Found(exact[0], "path")
    fits = [(n, c) for c in candidates if (n := _common_end(c.parts, parts)) >= min(len(parts), c.depth)]
    longest = max((n for n, _ in fits), default=0)
    return _only([c for n, c in fits if n == longest], "path")


def _common_end(a: tuple[str, ...], b: tuple[str, ...]) -> int:
    count = 0
    for x, y in zip(reversed(a), reversed(b), strict=False):
        if x != y:
            break
        count += 1
    return count


def _only(candidates: list[Candidate], how: str) -> Found:
    if len(candidates) == 1:
        return Found(candidates[0], how)
    if candidates:
        return Found(None, f"{len(candidates)} images have this {how}", ambiguous=True)
    return Found(None, "no image has this name, whatever its ending" if how == "stem" else f"no image has this {how}")


def _parts(text: str) -> tuple[str, ...]:
    plain = text.strip().replace("\\", "/")
    if not plain.isascii():
        plain = unicodedata.normalize("NFC", plain)
    return tuple(part for part in plain.split("/") if part not in ("", "."))


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name
