"""From a folder or a manifest of good faces to a training set: degraded images, weak labels, groups, splits.

What is made of each source says `engine.train.degrade_plan`; the choices are in `engine.train.degrade_recipe`.

The work is cut by source. Each finished source leaves a small record under `.parts`, so a build that was stopped goes
on where it was, and a second build with the same arguments does nothing. Results depend on the arguments and the bytes
of the sources only, not on the order of the work or the number of processes.

Images are JPEG, quality 95 without colour subsampling: a fifth of PNG's size, and it moves a label by less than 0.02.
"""

from __future__ import annotations

import csv
import hashlib
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
from engine.atomic import replacing
from engine.degrade import Pixels, degrade_chain, draw_chain, parse_steps, rng_for
from engine.run import read_json, write_json
from engine.train import reference_caps, weak_labels
from engine.train.degrade_plan import DRAWN, Item, plan
from engine.train.degrade_recipe import SMALLEST_SIDE, DataRecipe
from engine.train.degrade_sources import DegradeError, Source, crop_around, find_sources, in_turn, to_size

CONTENT: Final = 2  # raise when the same arguments give other pixels or rows, so that old parts are made again
EXTRA: Final = ("kind", "severity", "steps", "ladder", "reference", "crop", "cap", "measured")
JPEG_QUALITY: Final = 95
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Task:
    """All that a worker process needs."""

    source: Source
    items: tuple[Item, ...]
    split: groups.Split
    out: Path
    recipe: DataRecipe

    def fingerprint(self) -> str:
        """Changes whenever the source or what is to be made from it changes (its group is written down later)."""
        stat, recipe = self.source.path.stat(), self.recipe
        choices = (recipe.seed, recipe.size, recipe.kinds, recipe.frames, recipe.whole)
        known = (CONTENT, weak_labels.RULE, choices, self.source.name, self.source.face, self.items)
        return hashlib.sha256(repr((*known, stat.st_size, stat.st_mtime_ns)).encode()).hexdigest()

    @property
    def part(self) -> Path:
        return self.out / ".parts" / f"{self.source.key}.json"


def build(
    source: Path,
    out: Path,
    recipe: DataRecipe | None = None,
    *,
    workers: int | None = None,
    on_progress: Progress | None = None,
    on_note: Callable[[str], None] | None = None,
) -> manifest.Manifest:
    """Make `out/images/*.jpg`, `out/manifest.csv` and `out/errors.csv` (path, reason; only the header if all is well).

    Args:
        source: a folder (a `manifest.csv` in it or above it gives groups and face boxes) or a manifest.
        on_progress: called in this process with (sources done, sources in all); an exception it raises, such as
            `Cancelled`, stops the build, and a later call goes on from there.
        on_note: told what a person should know, such as that no groups were found.

    Raises:
        DegradeError: no usable image, or an impossible recipe.
    """
    recipe = recipe or DataRecipe()
    recipe.check()
    note = on_note or (lambda message: None)
    sources = in_turn(find_sources(source, exclude=recipe.exclude, note=note), recipe.seed)[: recipe.limit or None]
    if not sources:
        raise DegradeError(f"{source} has no images to degrade.", "Check the folder and the --exclude patterns.")
    try:
        (out / "images").mkdir(parents=True, exist_ok=True)
        (out / ".parts").mkdir(exist_ok=True)
    except OSError as error:
        raise DegradeError(f"Cannot write to {out}: {error.strerror}.", "Choose another folder.") from error
    tasks = [_task(s, recipe, out) for s in sources if not recipe.splits or recipe.split_of(s.group) in recipe.splits]
    parts = _run(tasks, workers or os.cpu_count() or 1, on_progress or (lambda done, total: None))
    return _write(tasks, parts, out, note=note)


def _task(source: Source, recipe: DataRecipe, out: Path) -> Task:
    split = recipe.split_of(source.group)
    pooled = recipe.pool_per_image if split == "train" and recipe.is_pooled(source.name) else 0
    return Task(source, plan(source.rank, recipe.per_image, recipe.kinds, pooled), split, out, recipe)


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
        blocks = reference_caps.block_steps(picture)
        rows = [_make_item(task, item, picture, blocks, file.sha256) for item in task.items]
        _order_ladders(rows)
        part: dict[str, Any] = {"fingerprint": fingerprint, "rows": rows, "error": ""}
    except (image.ImageError, FileNotFoundError) as error:
        part = {"fingerprint": "", "rows": [], "error": str(error)}
    write_json(task.part, part)
    return task.source.key, part


def _make_item(task: Task, item: Item, picture: Image.Image, blocks: float, sha256: str) -> dict[str, str]:
    recipe = task.recipe
    framing, nuisances = np.random.SeedSequence(rng_for(recipe.seed, sha256, item.view).integers(2**32)).spawn(2)
    box = _frame(task, picture.size, np.random.default_rng(framing))
    own = picture.crop(box)
    clean = to_size(own, recipe.size)
    if min(clean.size) < SMALLEST_SIDE:
        raise image.ImageError(task.source.path, f"the face crop is only {clean.width} x {clean.height} pixels")
    rng = np.random.default_rng(nuisances)
    steps = draw_chain(rng, recipe.held_out) if item.steps == DRAWN else parse_steps(item.steps)
    reference: Pixels = np.asarray(clean)
    pixels = degrade_chain(reference, steps, rng)
    kind = "clean" if not steps else steps[0].kind if len(steps) == 1 else "chain"
    name = f"images/{task.source.key}-{item.index:02d}-{kind}.jpg"
    row = {
        "path": name,
        "mos": "",
        "sha256": _save(pixels, task.out / name),
        "kind": kind,
        "severity": f"{steps[0].severity:g}" if len(steps) == 1 else "",
        "steps": "+".join(map(str, steps)),
        "ladder": f"{task.source.key}:{kind}" if item.ladder else "",
        "reference": task.source.name,
        "crop": f"{box[0]} {box[1]} {box[2] - box[0]} {box[3] - box[1]}",
        "pool": item.pool,
    }
    if not item.pool:
        cap = reference_caps.cap(blocks, own)
        label = weak_labels.weak_label(reference, pixels, cap=cap)
        row |= {"mos": repr(label), "measured": f"{label:.4f}", "cap": f"{cap:.4f}"}
    return row


def _frame(task: Task, size: tuple[int, int], rng: np.random.Generator) -> tuple[int, int, int, int]:
    """What of the picture is shown (left, top, right, bottom): a crop around the face, or all of it."""
    box = crop_around(task.source.face, size, rng, task.recipe.frames)
    return (0, 0, *size) if rng.random() < task.recipe.whole else box


def _order_ladders(rows: Sequence[dict[str, str]]) -> None:
    """Step 7 of the rule, in place: the clean view stands above the ladder that was made from it."""
    rungs = sorted((r for r in rows if r["ladder"]), key=lambda r: float(r["severity"]))
    clean = [r for r in rows if r["kind"] == "clean" and not r["pool"]]
    chain = [*clean[:1], *rungs]
    for row, label in zip(chain, weak_labels.in_order([float(r["mos"]) for r in chain]), strict=True):
        row["mos"] = repr(label)


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
    note: Callable[[str], None],
) -> manifest.Manifest:
    rows, errors = [], []
    for task in sorted(tasks, key=lambda t: t.source.name):
        part = parts[task.source.key]
        if part["error"]:
            errors.append((str(task.source.path), part["error"]))
        rows += [_row(record, out.resolve(), task) for record in part["rows"]]
    with replacing(out / "errors.csv") as partial, partial.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([("path", "reason"), *errors])
    if not rows:
        raise DegradeError(f"None of the {len(tasks)} images can be read.", f"The reasons are in {out / 'errors.csv'}.")
    if errors:
        note(f"{len(errors)} of {len(tasks)} images were left out; the reasons are in {out / 'errors.csv'}.")
    made = manifest.Manifest(tuple(rows))
    manifest.write(made, out / "manifest.csv")
    return made


def _row(record: Mapping[str, str], out: Path, task: Task) -> manifest.Row:
    labelled = not record["pool"]
    return manifest.Row(
        path=out / record["path"],
        mos=float(record["mos"]) if labelled else None,
        split=task.split,
        source="labeled" if labelled else "unlabeled",
        provenance=weak_labels.PROVENANCE if labelled else "",
        pool=record["pool"],
        group=task.source.group,
        sha256=record["sha256"],
        extra={name: record.get(name, "") for name in EXTRA},
    )
