"""Library -> immutable training manifest: what is trained on, what is held out, what is left out and why."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from app.library.errors import LibraryError
from app.library.grouping import groups_are_fresh, regrouping, store_groups
from app.library.library import Library
from app.library.pools import Place, Pools, Unlabelled, places
from app.library.pools import rows as pool_rows
from app.library.schema import EXCLUDING_FLAGS, Folder, Image
from app.library.splitting import LEAST_GROUPS, NEEDED, Cut, assign_splits, join_groups
from engine import manifest as manifests
from engine.groups import SPLITS, Split, split_of
from engine.manifest import Manifest, Row

LEAST_LABELS: Final = 20


@dataclass(frozen=True)
class Summary:
    """What a snapshot taken now would hold."""

    labelled: int
    """Images that would be used."""
    groups: int
    by_split: Mapping[Split, int]
    groups_by_split: Mapping[Split, int]
    provenance: Mapping[str, int]
    excluded: Mapping[str, int]
    """Reason -> images that are not used."""
    people_known: int
    """Images whose group comes from a person or a manifest; the others stand each for themselves."""
    cut: Cut
    text: str
    """For people, in sentences."""


@dataclass(frozen=True)
class Usable:
    """The labelled, usable images and how they were divided, and the usable ones without a label."""

    rows: Sequence[Any]
    clusters: Sequence[str]
    splits: Sequence[Split]
    cut: Cut
    excluded: Mapping[str, int]
    others: Sequence[Any]
    """The images that are not used."""
    unlabelled: Sequence[Any]
    """Those of them that lack nothing but a label."""
    groups: Sequence[str]
    """Of `rows`, before clusters were joined."""


def summarise(library: Library, usable: Usable | None = None) -> Summary:
    """Count what `take` would give."""
    return _summary(usable or look(library))


def take(library: Library, pools: Pools | None = None, *, usable: Usable | None = None) -> Manifest:
    """The labelled images as a manifest: `mos` is the effective MOS, `provenance` its origin, extra column `image_id`.

    `pools` adds images without a label for a teacher to label. Left out are images without a label otherwise, missing,
    unreadable, or flagged `unsure` or `reject`. One group (person, cluster, or two copies of a file) is wholly in one
    split. `usable` is what `look` gave, where it was asked before.
    """
    usable = usable or look(library)
    unlabelled = pool_rows(_unlabelled(usable), pools, library.salt) if pools else ()
    return Manifest((*map(_labelled, usable.rows, usable.clusters, usable.splits), *unlabelled))


def unlabelled_places(library: Library) -> list[Place]:
    """Where images without a label lie that may go into a pool; those of held-out people are not counted."""
    return places(_unlabelled(look(library)))


def _labelled(row: Any, cluster: str, split: Split) -> Row:
    return Row(
        path=Path(row.folder, row.rel_path),
        mos=row.mos,
        split=split,
        source="labeled",
        provenance=row.provenance or "",
        pool="library",
        group=cluster,
        sha256=row.sha256 or "",
        extra={"image_id": str(row.id), "person": str(int(_is_known(row)))},
    )


def splits(library: Library, *, only_labelled: bool = False) -> dict[int, Split]:
    """Image -> the split it is in; for an image that is not used now, the one that its own group falls into.

    `only_labelled`: of the images with a MOS, which are few and divided without a look at the others.
    """
    usable = look(library, only_labelled=only_labelled)
    names = {name: name for name in SPLITS}
    found: dict[int, Split] = {
        row.id: names.get(row.split) or split_of(_group(row), salt=library.salt) for row in usable.others
    }
    found.update((row.id, split) for row, split in zip(usable.rows, usable.splits, strict=True))
    return found


def unlabelled(library: Library, ids: Sequence[int]) -> list[Row]:
    """Manifest rows of those of `ids` that are usable and have no label, in the order of their ids."""
    usable, wanted = look(library), set(ids)
    return [
        Row(
            path=Path(row.folder, row.rel_path),
            source="unlabeled",
            group=_group(row),
            sha256=row.sha256 or "",
            extra={"image_id": str(row.id)},
        )
        for row in usable.unlabelled
        if row.id in wanted
    ]


def write(library: Library, manifest: Manifest | None = None) -> Path:
    """Store a snapshot as `snapshots/<hash>.csv`, never changed again; the same content is stored once.

    Args:
        manifest: default: what `take` gives now.

    Raises:
        LibraryError: the drive cannot be written.
    """
    manifest = take(library) if manifest is None else manifest
    partial = library.snapshots_dir / f"{uuid.uuid4().hex}.partial.csv"
    try:
        manifests.write(manifest, partial)
        data = partial.read_bytes()
        target = library.snapshots_dir / f"{manifest.digest()}.csv"
        if target.exists() and target.read_bytes() != data:  # the images have moved: same content, other paths
            target = target.with_name(f"{target.stem}-{hashlib.sha256(data).hexdigest()[:8]}.csv")
        if target.exists():
            partial.unlink()
        else:
            os.replace(partial, target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise LibraryError(f"Cannot store the snapshot: {error.strerror or error}.", "Check the drive.") from error
    return target


def shortage(summary: Summary) -> str | None:
    """What is lacking for a retraining, in one sentence; None: enough (20 labels, 2 groups in train, val and test)."""
    lacks = []
    if summary.labelled < LEAST_LABELS:
        lacks.append(f"{LEAST_LABELS - summary.labelled} more labelled images (there are {summary.labelled})")
    short = [name for name in NEEDED if summary.groups_by_split.get(name, 0) < LEAST_GROUPS]
    if short and summary.groups < LEAST_GROUPS * len(NEEDED):
        wanted = LEAST_GROUPS * len(NEEDED)
        lacks.append(f"labels on at least {wanted} different people or source images (there are {summary.groups})")
    elif short:
        lacks.append(f"at least {LEAST_GROUPS} groups each in {', '.join(short)}")
    return f"Retraining needs {' and '.join(lacks)}." if lacks else None


# -- what is usable --------------------------------------------------------------------------------------------------


def look(library: Library, *, only_labelled: bool = False) -> Usable:
    """Read all images once and divide them; `summarise` and `take` then work on the same state.

    With `only_labelled` nothing is known of images without a MOS.
    """
    with library.read() as session:
        stale = [f.id for f in session.scalars(select(Folder)) if not groups_are_fresh(f)]
        found = [regrouping(session, folder_id) for folder_id in stale]
    if found:
        with library.write() as session:
            for each in found:
                store_groups(session, each)
    columns = (Image.id, Image.rel_path, Image.sha256, Image.mos, Image.provenance, Image.flag, Image.problem)
    more = (Image.missing, Image.split, Image.group_name, Image.manifest_group, Image.folder_id)
    with library.read() as session:
        query = select(*columns, *more, Folder.path.label("folder"))
        if only_labelled:
            query = query.where(Image.mos.is_not(None))
        rows = session.execute(query.join(Folder).order_by(Image.id)).all()
    reasons = [_reason(row) for row in rows]
    used = [row for row, reason in zip(rows, reasons, strict=True) if reason is None]
    groups = [_group(row) for row in used]
    clusters = join_groups(groups, [row.sha256 or "" for row in used])
    splits, cut = assign_splits(groups, clusters, [row.split or "" for row in used], library.salt)
    others = [row for row, reason in zip(rows, reasons, strict=True) if reason is not None]
    free = [row for row, reason in zip(rows, reasons, strict=True) if reason == "no label"]
    excluded = Counter(r for r in reasons if r is not None)
    return Usable(used, clusters, splits, cut, excluded, others, free, groups)


def _unlabelled(usable: Usable) -> Unlabelled:
    """What a pool may be taken from: no group and no content of a held-out split."""
    held = [k for k, split in enumerate(usable.splits) if split != "train"]
    names = {usable.groups[k] for k in held} | {usable.clusters[k] for k in held}
    contents = frozenset(usable.rows[k].sha256 for k in held if usable.rows[k].sha256)
    return Unlabelled(usable.unlabelled, [_group(row) for row in usable.unlabelled], frozenset(names), contents)


def _reason(row: Any) -> str | None:
    if row.missing:
        return "missing"
    if row.problem:
        return "problem"
    if row.flag in EXCLUDING_FLAGS:
        return "flagged"
    return "no label" if row.mos is None else None


def _group(row: Any) -> str:
    if row.group_name or row.manifest_group:
        return str(row.group_name or row.manifest_group)
    name = row.rel_path.rpartition("/")[2]
    return str(name.rpartition(".")[0] or name)


def _is_known(row: Any) -> bool:
    """Whether somebody, or a manifest, has said who is on it."""
    return bool(row.group_name or row.manifest_group)


def _summary(usable: Usable) -> Summary:
    by_split = Counter(usable.splits)
    split_of_cluster = dict(zip(usable.clusters, usable.splits, strict=True))
    groups_by_split = Counter(split_of_cluster.values())
    known = sum(map(_is_known, usable.rows))
    return Summary(
        labelled=len(usable.rows),
        groups=len(split_of_cluster),
        by_split={name: by_split[name] for name in SPLITS},
        groups_by_split={name: groups_by_split[name] for name in SPLITS},
        provenance=dict(Counter(row.provenance or "" for row in usable.rows)),
        excluded=dict(usable.excluded),
        people_known=known,
        cut=usable.cut,
        text=_text(usable, by_split, groups_by_split, known),
    )


def _text(usable: Usable, images: Counter[Split], groups: Counter[Split], known: int) -> str:
    total = len(usable.rows)
    parts = [f"{total:,} labelled images"]
    parts += [f"{name}: {images[name]:,} images of {groups[name]:,} groups" for name in SPLITS if images[name]]
    said = "; ".join(parts) + "."
    if usable.cut == "quota":
        said += " So few groups are divided by quota, not by the lasting hash: a split may change as labels are added."
    if total and known < total:
        said += f" People unknown for {total - known:,} images: each stands for its own group."
    if usable.excluded:
        said += " Left out: " + ", ".join(f"{n:,} {why}" for why, n in sorted(usable.excluded.items())) + "."
    return said
