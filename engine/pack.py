"""A run taken to another machine and back: a folder (or .zip) that needs nothing outside itself.

Packed, the manifest names images by paths inside the folder (or, where the other machine sees the same files, by the
paths they have), the model to compare with and the first weights lie beside it, and `fiqa run FOLDER` does the work
there. What comes back is checked before it takes the place of the waiting run: same labels and recipe, a whole bundle.
"""

from __future__ import annotations

import csv
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final, Literal

from engine import manifest as manifests
from engine import weights
from engine.atomic import replacing
from engine.bundle import read_bundle
from engine.errors import UserError
from engine.manifest import Manifest
from engine.run import RunDirectory, State, read_json, write_json

Images = Literal["include", "by path"]
OnImage = Callable[[int, int], None]
_BESIDE: Final = {"baseline": "baseline.onnx", "initial": "initial.safetensors"}
_RESULTS: Final = ("model.onnx", "report.json", "calibrator.json", "errors.csv", "log.txt", "events.jsonl")
_CHECKPOINT: Final = "student-best.safetensors"
_NOT_TAKEN: Final = "The result cannot be taken back: "


class PackError(UserError):
    """The run cannot be packed, or what came back is not its result."""


def pack(run: RunDirectory, out: Path, *, images: Images = "include", on_image: OnImage | None = None) -> Path:
    """Write all that a run needs into a new folder, or into a file where `out` ends in .zip.

    Args:
        images: `include` copies them; `by path` leaves them where they are, for a machine that sees the same drive.
        on_image: called with (done, total) after each copied image; may raise to stop, and then nothing is left.

    Raises:
        PackError: `out` exists, an image cannot be read, or the drive cannot be written.
    """
    if out.exists():
        raise PackError(f"{out} exists already.", "Choose a new name.")
    partial = out.with_name(out.name + ".partial")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(partial, ignore_errors=True)
        _fill(run, partial, images, on_image)
        if out.suffix.lower() == ".zip":
            _zip(partial, out)
        else:
            os.replace(partial, out)
    except OSError as error:
        raise PackError(f"Cannot pack the run: {error}.", "Check the drive and the images.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return out


def _fill(run: RunDirectory, folder: Path, images: Images, on_image: OnImage | None) -> None:
    folder.mkdir()
    (folder / "checkpoints").mkdir()
    rows = manifests.read(run.manifest_file)
    if images == "include":
        rows = _copy_images(rows, folder, on_image)
    manifests.write(rows, folder / "manifest.csv")
    if run.features_file.is_file():
        shutil.copyfile(run.features_file, folder / run.features_file.name)
    job = run.job
    beside = {k: name for k, name in _BESIDE.items() if (v := getattr(job, k)) and not weights.is_by_id(v)}
    for key, name in beside.items():
        shutil.copyfile(getattr(job, key), folder / name)
    write_json(folder / "state.json", asdict(State()))
    write_json(folder / "job.json", asdict(job) | beside)


def _copy_images(rows: Manifest, folder: Path, on_image: OnImage | None) -> Manifest:
    """Each image under its own name in a numbered folder: the names, and so the manifest's hash, stay."""
    placed = []
    for number, row in enumerate(rows.rows, start=1):
        target = folder / "images" / f"{number:06}" / row.path.name
        target.parent.mkdir(parents=True)
        shutil.copyfile(row.path, target)
        placed.append(replace(row, path=target))
        if on_image:
            on_image(number, len(rows))
    return Manifest(tuple(placed))


def _zip(folder: Path, out: Path) -> None:
    partial = out.with_name(out.name + ".writing")
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:  # JPEGs do not shrink
            for file in sorted(folder.rglob("*")):
                archive.write(file, Path(out.stem) / file.relative_to(folder))
        os.replace(partial, out)
    finally:
        partial.unlink(missing_ok=True)


# -- the way back ------------------------------------------------------------------------------------------------------


def take_back(source: Path, run: RunDirectory) -> None:
    """Put the result of a packed run (its folder, or a .zip of it) into the run that was packed; then the gate decides.

    Raises:
        PackError: it is not finished, or belongs to another run; the waiting run stays as it is.
    """
    with _opened(source) as folder:
        try:
            done = RunDirectory.open(folder)
            _check(done, run)
            _copy_results(done, run)
        except OSError as error:
            raise PackError(f"{_NOT_TAKEN}{error}.", "Check the drive.") from error


@contextmanager
def _opened(source: Path) -> Iterator[Path]:
    """The folder with job.json, unzipped where it must be."""
    if source.is_dir():
        yield source
        return
    try:
        with tempfile.TemporaryDirectory() as room, zipfile.ZipFile(source) as archive:
            for name in archive.namelist():
                target = (Path(room) / name).resolve()
                if not target.is_relative_to(Path(room).resolve()):
                    raise PackError(f"{_NOT_TAKEN}{source.name} names files outside itself.")
                if "images" not in Path(name).parts:
                    archive.extract(name, room)
            found = next(iter(sorted(Path(room).rglob("job.json"))), None)
            if found is None:
                raise PackError(f"{_NOT_TAKEN}{source.name} holds no run.")
            yield found.parent
    except (OSError, zipfile.BadZipFile) as error:
        raise PackError(f"{_NOT_TAKEN}{error}.", "Choose the run's folder or a .zip of it.") from error


def _check(done: RunDirectory, run: RunDirectory) -> None:
    theirs, ours = done.job, run.job
    if (theirs.manifest_hash, theirs.recipe, theirs.kind) != (ours.manifest_hash, ours.recipe, ours.kind):
        raise PackError(f"{_NOT_TAKEN}it belongs to another run (other labels or another recipe).")
    if manifests.read(done.manifest_file).digest() != ours.manifest_hash:
        raise PackError(f"{_NOT_TAKEN}its labels were changed on the way.")
    if done.state.status != "done":
        raise PackError(f"{_NOT_TAKEN}it is not finished ({done.state.status}).", "Run 'fiqa resume' on it there.")
    report = done.report or {}
    if ours.kind != "calibrate" and read_bundle(done.model_file).id != report.get("candidate"):
        raise PackError(f"{_NOT_TAKEN}its report speaks of another model than the one beside it.")


def _copy_results(done: RunDirectory, run: RunDirectory) -> None:
    for name in _RESULTS:
        if (done.path / name).is_file():
            _copy(done.path / name, run.path / name)
    if (done.checkpoints / _CHECKPOINT).is_file():
        _copy(done.checkpoints / _CHECKPOINT, run.checkpoints / _CHECKPOINT)
    if done.pseudo.is_dir():
        shutil.copytree(done.pseudo, run.pseudo, dirs_exist_ok=True)
    _copy_predictions(done, run)
    write_json(run.path / "state.json", read_json(done.path / "state.json"))  # last: now it is done here too


def _copy(file: Path, to: Path) -> None:
    with replacing(to) as partial:
        shutil.copyfile(file, partial)


def _copy_predictions(done: RunDirectory, run: RunDirectory) -> None:
    """With the paths of this machine again."""
    if not done.predictions_file.is_file():
        return
    pairs = zip(manifests.read(done.manifest_file).rows, manifests.read(run.manifest_file).rows, strict=True)
    both = [(there.path, str(here.path)) for there, here in pairs]
    home = {str(there): here for there, here in both}  # images that were left where they are
    packed = {_key(there): here for there, here in both if there.is_relative_to(done.path / "images")}
    with done.predictions_file.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        fields, rows = list(reader.fieldnames or ()), list(reader)
    with replacing(run.predictions_file) as partial, partial.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=fields, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            path = row["path"]
            writer.writerow(row | {"path": home.get(path) or packed.get(_key(Path(path)), path)})


def _key(path: Path) -> tuple[Any, ...]:
    """The end of a path that is the same wherever the packed folder lay."""
    return path.parts[-3:]
