"""Who belongs together, and which split a group falls into.

A *group* is one person, or one cluster of near-duplicates. All images of a group land on one side of
every split, otherwise a model is tested on faces that it was trained on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Split = Literal["train", "val", "cal", "test"]
SPLITS: Final[tuple[Split, ...]] = ("train", "val", "cal", "test")
DEFAULT_FRACTIONS: Final[Mapping[Split, float]] = {"train": 0.7, "val": 0.1, "cal": 0.05, "test": 0.15}


def position(group: str, salt: str) -> float:
    """A number in [0, 1) that depends on the group and the salt alone, so splits stay as images arrive."""
    digest = hashlib.sha256(f"{salt}\0{group}".encode(errors="surrogateescape")).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def split_of(group: str, *, salt: str, fractions: Mapping[Split, float] = DEFAULT_FRACTIONS) -> Split:
    """The split of a group: a salted hash cut at the cumulated `fractions` (which must sum to 1)."""
    if abs(sum(fractions.values()) - 1.0) > 1e-9:
        raise ValueError(f"split fractions must sum to 1, got {dict(fractions)}")
    at, edge = position(group, salt), 0.0
    last: Split = "train"
    for name, share in fractions.items():
        if share <= 0:
            continue
        edge += share
        last = name
        if at < edge:
            break
    return last


def assign(groups: Sequence[str], *, salt: str, fractions: Mapping[Split, float] = DEFAULT_FRACTIONS) -> list[Split]:
    """`split_of` for many rows."""
    known = {g: split_of(g, salt=salt, fractions=fractions) for g in dict.fromkeys(groups)}
    return [known[g] for g in groups]


def train_and_val(groups: Sequence[str], *, salt: str, val_fraction: float) -> list[Split]:
    """80/20 as the paper (section 4.1), but by group: the share `val_fraction` of the groups becomes `val`."""
    return assign(groups, salt=salt, fractions={"train": 1.0 - val_fraction, "val": val_fraction})


def folds(groups: npt.ArrayLike, count: int) -> npt.NDArray[np.intp]:
    """intp [N]: the fold 0..k-1 of each row, k = min(count, groups); whole groups, folds of about equal size.

    The largest groups are dealt first, each to the fold that holds fewest rows; equal sizes go by the hash of the name,
    so that the order of the rows decides nothing.
    """
    names, codes, sizes = np.unique(np.asarray(groups, dtype=np.str_), return_inverse=True, return_counts=True)
    order = sorted(range(len(names)), key=lambda g: (-sizes[g], position(str(names[g]), "folds")))
    filled = np.zeros(max(1, min(count, len(names))), dtype=np.intp)
    fold_of = np.zeros(len(names), dtype=np.intp)
    for group in order:
        fold_of[group] = int(np.argmin(filled))
        filled[fold_of[group]] += sizes[group]
    return fold_of[codes]
