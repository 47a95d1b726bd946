"""Which split each labelled image falls into: whole groups, by salted hash, so that it stays as images come."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from engine.groups import DEFAULT_FRACTIONS, Split, position, split_of

LEAST_GROUPS: Final = 2
"""Groups that train, val and test need each."""
NEEDED: Final[tuple[Split, ...]] = ("train", "val", "test")
Cut = Literal["hash", "quota"]


def join_groups(groups: Sequence[str], contents: Sequence[str]) -> list[str]:
    """Per row, the cluster it belongs to: groups that share a content (two copies of a file) are one.

    A cluster is named after its first group in the alphabet.
    """
    parent: dict[str, str] = {}

    def root(group: str) -> str:
        parent.setdefault(group, group)
        while parent[group] != group:
            parent[group] = group = parent[parent[group]]
        return group

    first: dict[str, str] = {}
    for group, content in zip(groups, contents, strict=True):
        a, b = sorted((root(group), root(first.setdefault(content, group) if content else group)))
        parent[b] = a
    return [root(group) for group in groups]


def assign_splits(
    groups: Sequence[str], clusters: Sequence[str], stored: Sequence[str], salt: str
) -> tuple[list[Split], Cut]:
    """Per row, its split, and how it was cut.

    A split that a person stored goes before the hash. A cluster that joins two splits goes wholly to test. Where the
    hash leaves train, val or test with fewer than two clusters, though there are six or more, clusters are ordered by
    their hash and cut by quota (then a split may move as images arrive; the summary says so).
    """
    fixed = _fixed(clusters, stored)
    members: dict[str, set[str]] = defaultdict(set)
    for group, cluster in zip(groups, clusters, strict=True):
        members[cluster].add(group)
    free = sorted(members.keys() - fixed.keys())
    split = fixed | {cluster: _by_hash(members[cluster], salt) for cluster in free}
    cut: Cut = "hash"
    if _lacking(split) and len(members) >= LEAST_GROUPS * len(NEEDED):
        by_quota = fixed | _by_quota(free, fixed, salt)
        if len(_lacking(by_quota)) < len(_lacking(split)):
            split, cut = by_quota, "quota"
    return [split[c] for c in clusters], cut


def _fixed(clusters: Sequence[str], stored: Sequence[str]) -> dict[str, Split]:
    wanted: dict[str, set[str]] = defaultdict(set)
    for cluster, split in zip(clusters, stored, strict=True):
        if split:
            wanted[cluster].add(split)
    known: Mapping[str, Split] = {s: s for s in DEFAULT_FRACTIONS}
    return {c: known[next(iter(s))] if len(s) == 1 else "test" for c, s in wanted.items()}


def _by_hash(groups: set[str], salt: str) -> Split:
    splits = {split_of(g, salt=salt) for g in groups}
    return splits.pop() if len(splits) == 1 else "test"


def _lacking(split: Mapping[str, Split]) -> list[Split]:
    counts = Counter(split.values())
    return [name for name in NEEDED if counts[name] < LEAST_GROUPS]


def _by_quota(free: Sequence[str], fixed: Mapping[str, Split], salt: str) -> dict[str, Split]:
    total = len(free) + len(fixed)
    there = Counter(fixed.values())
    quota: dict[Split, int] = {}
    for name in ("val", "test", "cal"):
        least = LEAST_GROUPS if name in NEEDED else 0
        quota[name] = max(0, max(least, round(DEFAULT_FRACTIONS[name] * total)) - there[name])
    if total < 2 * LEAST_GROUPS * len(NEEDED):
        quota["cal"] = 0  # a calibrator needs more than such a set can spare
    by_position = sorted(free, key=lambda group: (position(group, salt), group))
    cut: list[Split] = [name for name in ("val", "cal", "test") for _ in range(quota[name])]
    train: list[Split] = ["train"] * max(0, len(by_position) - len(cut))
    return dict(zip(by_position, train + cut, strict=False))
