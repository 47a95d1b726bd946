"""From a folder or a manifest of good faces to a training set: degraded images, weak labels, groups, splits.

For each source: the clean crop, a ladder (one kind, rising severity, the same crop and the same nuisances), single
degradations and chains with crops of their own. Kinds and severities go round by quota over the sources.

The work is cut by source. Each finished source leaves a small record under `.parts`, so a build that was stopped goes
on where it was, and a second build with the same arguments does nothing. Results depend on the arguments and the bytes
of the sources only, not on the order of the work or the number of processes.

Images are JPEG, quality 95 without colour subsampling: a fifth of PNG's size, and it moves a label by less than 0.02.
"""

from __future__ import annotations

import csv
import hashlib
import itertools
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from PIL import Image

from engine import groups, image, manifest
from engine.degrade import KINDS, SEVERITIES, Pixels, Step, degrade_chain, draw_chain, parse_steps, rng_for
from engine.run import read_json, write_json
from engine.train import weak_labels
from engine.train.degrade_sources import DegradeError, Source, crop_around, find_sources, in_turn, to_size

CONTENT: Final = 1  # raise when the same arguments give other pixels or rows, so that old parts are made again
EXTRA: Final = ("kind", "severity", "steps", "ladder", "reference", "crop", "cap")
JPEG_QUALITY: Final = 95
SMALLEST_SIDE: Final = 32
_LADDERS: Final = {n: tuple(itertools.combinations(SEVERITIES, n)) for n in range(1, 6)}
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Item:
    """One image to make: `view` numbers the crop and the nuisances, which the rungs of a ladder share."""

    index: int
    view: int
    steps: str  # '' = clean, 'drawn' = a chain drawn from the generator, else 'kind:severity'
    ladder: bool = False


@dataclass(frozen=True)
class Task:
    """All that a worker process needs."""

    source: Source
    items: tuple[Item, ...]
    out: Path
    seed: int
    size: int

    def fingerprint(self) -> str:
        """Changes whenever the source or what is to be made from it changes (groups and splits are decided later)."""
        stat = self.source.path.stat()
        known = (CONTENT, weak_labels.RULE, self.seed, self.size, self.source.name, self.source.face, self.items)
        return hashlib.sha256(repr((*known, stat.st_size, stat.st_mtime_ns)).encode()).hexdigest()

    @property
    def part(self) -> Path:
        return self.out / ".parts" / f"{self.source.key}.json"


def plan(rank: int, per_image: int) -> tuple[Item, ...]:
    """What is made from the source whose turn is `rank`: clean, a ladder of three, then singles and chains in turn.

    Over `len(KINDS)` sources every kind is a ladder once, and a single equally often; severities go round behind them.
    """
    items = [Item(0, 0, "")]
    kind, turn = KINDS[rank % len(KINDS)], rank // len(KINDS)
    rungs = min(3, per_image - 1)
    if rungs > 0:
        severities = _LADDERS[rungs][turn % len(_LADDERS[rungs])]
        items += [Item(i, 0, str(Step(kind, s)), ladder=True) for i, s in enumerate(severities, start=1)]
    for index in range(len(items), per_image):
        nth = index - 4
        if nth % 2:
            items.append(Item(index, index, "drawn"))
        else:
            other = KINDS[(rank + 3 + nth) % len(KINDS)]
            items.append(Item(index, index, str(Step(other, (turn + nth + rank) % 5 + 1))))
    return tuple(items)


def build(
    source: Path,
    out: Path,
    *,
    seed: int = 0,
    per_image: int = 8,
    size: int = 512,
    limit: int | None = None,
    exclude: Sequence[str] = (),
    fractions: Mapping[groups.Split, float] = groups.DEFAULT_FRACTIONS,
    workers: int | None = None,
    on_progress: Progress | None = None,
    on_note: Callable[[str], None] | None = None,
) -> manifest.Manifest:
    """Make `out/images/*.jpg`, `out/manifest.csv` and `out/errors.csv` (path, reason; only the header if all is well).

    Args:
        source: a folder (a `manifest.csv` in it or above it gives groups and face boxes) or a manifest.
        per_image: images per source, the clean one included.
        size: longest side of the images at most, in pixels.
        limit: only so many sources, chosen by seed.
        exclude: globs on the path below the folder or manifest, such as 'snapshots/*'.
        on_progress: called in this process with (sources done, sources in all); an exception it raises, such as
            `Cancelled`, stops the build, and a later call goes on from there.
        on_note: told what a person should know, such as that no groups were found.

    Raises:
        DegradeError: no usable image, or wrong arguments.
    """
    if per_image < 1 or size < SMALLEST_SIDE or (limit is not None and limit < 1):
        raise DegradeError(f"per_image, size and limit must be at least 1, {SMALLEST_SIDE} and 1.")
    note = on_note or (lambda message: None)
    sources = in_turn(find_sources(source, exclude=exclude, note=note), seed)[:limit]
    if not sources:
        raise DegradeError(f"{source} has no images to degrade.", "Check the folder and the --exclude patterns.")
    try:
        (out / "images").mkdir(parents=True, exist_ok=True)
        (out / ".parts").mkdir(exist_ok=True)
    except OSError as error:
        raise DegradeError(f"Cannot write to {out}: {error.strerror}.", "Choose another folder.") from error
    tasks = [Task(s, plan(s.rank, per_image), out, seed, size) for s in sources]
    parts = _run(tasks, workers or os.cpu_count() or 1, on_progress or (lambda done, total: None))
    return _write(tasks, parts, out, salt=str(seed), fractions=fractions, note=note)


def read_errors(out: Path) -> list[tuple[str, str]]:
    """(path, reason) of every source that was left out of the last build in this folder."""
    with (out / "errors.csv").open(encoding="utf-8", newline="") as stream:
        return [(record["path"], record["reason"]) for record in csv.DictReader(stream)]


def _finished(task: Task) -> dict[str, Any] | None:
    """The record of a source that is already made just so, with its files."""
    part = read_json(task.part)
    try:
        same = isinstance(part, dict) and part["fingerprint"] == task.fingerprint()
    except (OSError, KeyError):
        return None  # a vanished source is reported by the work itself
    if not same or any(not (task.out / r["path"]).is_file() for r in part["rows"]):
        return None
    return part if part["rows"] else None  # what failed is tried again


def _run(tasks: Sequence[Task], workers: int, on_progress: Progress) -> dict[str, dict[str, Any]]:
    parts = {t.source.key: part for t in tasks if (part := _finished(t)) is not None}
    todo = [t for t in tasks if t.source.key not in parts]
    on_progress(len(parts), len(tasks))
    made = _here(todo) if workers == 1 or len(todo) < 2 else _in_processes(todo, min(workers, len(todo)))
    for key, part in made:
        parts[key] = part
        on_progress(len(parts), len(tasks))
    return parts


def _here(todo: Sequence[Task]) -> Iterator[tuple[str, dict[str, Any]]]:
    """In this process, on one thread as in the others: sums in another order would change a label's last digits."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield from map(make_source, todo)
    finally:
        torch.set_num_threads(threads)


def _in_processes(todo: Sequence[Task], workers: int) -> Iterator[tuple[str, dict[str, Any]]]:
    pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_start_worker)
    try:
        waiting: set[Future[tuple[str, dict[str, Any]]]] = set()
        for task in todo:
            waiting.add(pool.submit(make_source, task))
            if len(waiting) >= 2 * workers:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (f.result() for f in done)
        while waiting:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (f.result() for f in done)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _start_worker() -> None:
    """One thread each; Ctrl-C is the parent's to handle; nobody works on for a parent that was killed."""
    torch.set_num_threads(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def make_source(task: Task) -> tuple[str, dict[str, Any]]:
    """Make all images of one source and its record. An unreadable source gives a record with the reason and no rows."""
    try:
        fingerprint = task.fingerprint()
        file = image.read_file(task.source.path)
        picture = image.decode(file.data, path=task.source.path)
        rows = [_make_item(task, item, picture, file.sha256) for item in task.items]
        part: dict[str, Any] = {"fingerprint": fingerprint, "rows": rows, "error": ""}
    except (image.ImageError, FileNotFoundError) as error:
        part = {"fingerprint": "", "rows": [], "error": str(error)}
    write_json(task.part, part)
    return task.source.key, part


def _make_item(task: Task, item: Item, picture: Image.Image, sha256: str) -> dict[str, str]:
    framing, nuisances = np.random.SeedSequence(rng_for(task.seed, sha256, item.view).integers(2**32)).spawn(2)
    box = crop_around(task.source.face, picture.size, np.random.default_rng(framing))
    clean = to_size(picture.crop(box), task.size)
    if min(clean.size) < SMALLEST_SIDE:
        raise image.ImageError(task.source.path, f"the face crop is only {clean.width} x {clean.height} pixels")
    rng = np.random.default_rng(nuisances)
    steps = draw_chain(rng) if item.steps == "drawn" else parse_steps(item.steps)
    reference: Pixels = np.asarray(clean)
    pixels = degrade_chain(reference, steps, rng)
    label = weak_labels.weak_label(reference, pixels, native_side=min(clean.size))
    kind = "clean" if not steps else steps[0].kind if len(steps) == 1 else "chain"
    name = f"images/{task.source.key}-{item.index:02d}-{kind}.jpg"
    return {
        "path": name,
        "mos": repr(label),
        "sha256": _save(pixels, task.out / name),
        "kind": kind,
        "severity": str(steps[0].severity) if len(steps) == 1 else "",
        "steps": "+".join(map(str, steps)),
        "ladder": f"{task.source.key}:{kind}" if item.ladder else "",
        "reference": task.source.name,
        "crop": f"{box[0]} {box[1]} {box[2] - box[0]} {box[3] - box[1]}",
        "cap": f"{weak_labels.native_cap(min(clean.size)):.4f}",
    }


def _save(pixels: Pixels, path: Path) -> str:
    """Write atomically; returns the file's sha256."""
    partial = path.with_suffix(".partial")
    Image.fromarray(pixels).save(partial, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    digest = hashlib.sha256(partial.read_bytes()).hexdigest()
    os.replace(partial, path)
    return digest


def _write(
    tasks: Sequence[Task],
    parts: Mapping[str, dict[str, Any]],
    out: Path,
    *,
    salt: str,
    fractions: Mapping[groups.Split, float],
    note: Callable[[str], None],
) -> manifest.Manifest:
    rows, errors = [], []
    for task in sorted(tasks, key=lambda t: t.source.name):
        part, group = parts[task.source.key], task.source.group
        if part["error"]:
            errors.append((str(task.source.path), part["error"]))
        split = groups.split_of(group, salt=salt, fractions=fractions)
        rows += [_row(record, out.resolve(), group, split) for record in part["rows"]]
    with (out / "errors.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([("path", "reason"), *errors])
    if not rows:
        raise DegradeError(f"None of the {len(tasks)} images can be read.", f"The reasons are in {out / 'errors.csv'}.")
    if errors:
        note(f"{len(errors)} of {len(tasks)} images were left out; the reasons are in {out / 'errors.csv'}.")
    made = manifest.Manifest(tuple(rows))
    manifest.write(made, out / "manifest.csv")
    return made


def _row(record: Mapping[str, str], out: Path, group: str, split: groups.Split) -> manifest.Row:
    return manifest.Row(
        path=out / record["path"],
        mos=float(record["mos"]),
        split=split,
        source="labeled",
        provenance=weak_labels.PROVENANCE,
        group=group,
        sha256=record["sha256"],
        extra={name: record[name] for name in EXTRA},
    )
