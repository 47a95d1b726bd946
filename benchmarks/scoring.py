"""Images per second from files to scores: the reference way, ONNX Runtime alone, ours; one run, the same files.

    python -m benchmarks.scoring [FOLDER] [--images 192] [--repeats 3] [--model BUNDLE] [--json]

The network is the paper's student (EdgeNeXt-XXS, 352 px) in every row, with the bundled student's weights where they
are there, so that the rows can be held against each other: the last column says how far their scores are apart.

reference      Pillow, torchvision transforms, eager torch, one image at a time, torch's own threads.
ready tensors  ONNX Runtime alone, one image at a time, its own threads: nothing is read, decoded or stored; once with
               the plain export, once with the rewritten one of our bundle.
ours           a folder is scanned into a new library; every file is read, hashed, decoded, scored, its score stored.

The ways alternate within each repeat; medians over repeats. Absolute speed depends on the machine, ratios count.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from rich.console import Console
from rich.table import Table

import resources
from app.library import catalog, models
from app.library.catalog import ScanEntry, ScoredImage
from app.library.library import Library
from engine.bundle import Bundle, read_bundle
from engine.image import decode, list_images, preprocess, read_file
from engine.scoring import Scorer, ScoreRow

SIZE = 352
ARCH = "edgenext_xx_small"
STORE_EVERY = 64
Scores = np.ndarray
Way = Callable[[], Scores]


@dataclass
class Row:
    """One way: images per second (median over repeats), its ratio to the reference, its largest score difference."""

    way: str
    images_per_s: float
    ratio: float
    apart: float | None


# -- the files and the network -------------------------------------------------------------------


def distinct_copies(sources: list[Path], count: int, folder: Path) -> list[Path]:
    """`count` files with the pictures of `sources` in turn, each with content of its own (bytes after the picture)."""
    folder.mkdir()
    made = []
    for number in range(count):
        source = sources[number % len(sources)]
        made.append(folder / f"{number:05d}{source.suffix}")
        made[-1].write_bytes(source.read_bytes() + f"copy {number}".encode())
    return made


def files(folder: Path | None, count: int, scratch: Path) -> list[Path]:
    """The files to score, all in one folder of their own."""
    found = list_images(folder or resources.samples())
    if not found:
        raise SystemExit(f"There is no image in {folder}.")
    step = max(1, len(found) // count) if folder else 1
    return distinct_copies(found[::step][:count], count, scratch / "images")


def paper_student():  # noqa: ANN201 - a torch module; torch is imported late
    from engine.recipes import Network
    from engine.train import checkpoints
    from engine.train.networks import build

    if resources.default_checkpoint().is_file():
        model = checkpoints.load_network(resources.default_checkpoint(), size=SIZE)
        if model.arch == ARCH:
            return model.eval()
    return build(Network(ARCH, size=SIZE), seed=0).eval()


# -- the ways -------------------------------------------------------------------------------------


def reference(model, paths: list[Path]) -> Way:  # noqa: ANN001 - see paper_student
    """As published code does it: everything in one thread but torch's operators."""
    import torch
    from PIL import Image

    from engine.train.networks import IMAGENET_MEAN, IMAGENET_STD
    from engine.train.torchvision_compat import torchvision

    t = torchvision.transforms
    steps = [t.Resize(SIZE), t.CenterCrop(SIZE), t.ToTensor(), t.Normalize(IMAGENET_MEAN, IMAGENET_STD)]
    transform = t.Compose(steps)

    def run() -> Scores:
        scores = []
        with torch.no_grad():
            for path in paths:
                pixels = transform(Image.open(path).convert("RGB"))
                scores.append(model.head(model.backbone(pixels[None])).item())
        return np.array(scores)

    return run


def ready(model: bytes, pixels: np.ndarray) -> Way:
    """ONNX Runtime alone."""
    session = ort.InferenceSession(model, providers=["CPUExecutionProvider"])
    return lambda: np.concatenate([session.run(["score"], {"image": p[None]})[0] for p in pixels])


def _stored(rows: Iterable[ScoreRow[tuple[int, Path]]]) -> Iterator[ScoredImage]:
    for row in rows:
        yield ScoredImage(row.item[0], row.sha256, row.width, row.height, row.score, row.error)


def ours(bundle: Bundle, paths: list[Path], scratch: Path) -> Way:
    """From a folder to scores in a library, read back from it in the end."""
    scorer = Scorer(bundle, provider="CPU")
    folder = paths[0].parent

    def run() -> Scores:
        with (
            tempfile.TemporaryDirectory(dir=scratch) as place,
            Library.open_or_create(Path(place) / "library") as library,
        ):
            models.register(library, bundle)
            return score_folder(library)

    def score_folder(library: Library) -> Scores:
        started = time.perf_counter()
        key = catalog.add_folder(library, folder)
        with os.scandir(folder) as entries:
            found = [(e.name, e.stat()) for e in entries]
        catalog.record_scan(library, key, [ScanEntry(n, s.st_size, s.st_mtime_ns) for n, s in found])
        places = catalog.paths(library, catalog.unscored(library, bundle.id, bundle.preprocessing_id))
        rows = _stored(scorer.stream(iter(places.items()), lambda item: item[1]))
        scores: dict[Path, float] = {}
        while batch := list(islice(rows, STORE_EVERY)):
            catalog.record_scores(library, bundle.id, bundle.preprocessing_id, batch)
            scores |= {places[s.image_id]: s.score for s in batch if s.score is not None}
        run.seconds = time.perf_counter() - started  # type: ignore[attr-defined]  # the library was made before
        if len(catalog.unscored(library, bundle.id, bundle.preprocessing_id)):
            raise SystemExit("Not every score was stored.")
        return np.array([scores[p] for p in paths])

    return run


# -- the measurement --------------------------------------------------------------------------------


def measure(ways: dict[str, Way], images: int, repeats: int) -> list[Row]:
    """All ways in turn, `repeats` times, after one turn that does not count. The first way is the reference."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    scores: dict[str, Scores] = {}
    for turn in range(repeats + 1):
        for name, way in ways.items():
            started = time.perf_counter()
            scores[name] = way()
            took = getattr(way, "seconds", time.perf_counter() - started)
            if turn:
                seconds[name].append(took)
    speed = {name: images / statistics.median(s) for name, s in seconds.items()}
    first = next(iter(ways))
    apart = {name: float(np.abs(s - scores[first]).max()) for name, s in scores.items()}
    return [Row(name, speed[name], speed[name] / speed[first], apart[name] if name != first else None) for name in ways]


def prepare(arguments: argparse.Namespace, scratch: Path) -> tuple[dict[str, Way], int]:
    """The ways to measure, and the number of images."""
    from engine.train.export import export_network, to_onnx

    paths = files(arguments.folder, arguments.images, scratch)
    pixels = np.stack([preprocess(decode(read_file(p).data, path=p), SIZE) for p in paths])
    student = paper_student()
    plain = to_onnx(student).SerializeToString()
    bundle = (
        read_bundle(arguments.model)
        if arguments.model
        else export_network(student, scratch / "student.onnx", pixels=pixels[:8], card={"name": "benchmark"})
    )
    if bundle.input_size != SIZE:
        raise SystemExit(f"The model takes {bundle.input_size} px; this measures {SIZE} px.")
    whole = onnx.load(str(bundle.path)).SerializeToString()
    return {
        "reference (Pillow, torchvision, eager torch)": reference(student, paths),
        "ready tensors, plain export": ready(plain, pixels),
        "ready tensors, our bundle": ready(whole, pixels),
        "ours, from files to stored scores": ours(bundle, paths, scratch),
    }, len(paths)


def show(rows: list[Row], images: int) -> None:
    """The table for people."""
    table = Table(title=f"{images} images, {SIZE} px, {os.cpu_count()} cores")
    for name in ("way", "images/s", "ratio", "score apart"):
        table.add_column(name, justify="left" if name == "way" else "right")
    for row in rows:
        apart = "" if row.apart is None else f"{row.apart:.1e}"
        table.add_row(row.way, f"{row.images_per_s:.1f}", f"{row.ratio:.2f} x", apart)
    Console().print(table)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scoring", description=__doc__.split("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, help="images to use; default: the bundled samples")
    parser.add_argument("--images", type=int, default=192, help="how many files (copies are made where needed)")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--model", type=Path, help="another bundle of 352 px for the rows that are ours")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    arguments = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="fiqa-benchmark-"))
    try:
        ways, images = prepare(arguments, scratch)
        rows = measure(ways, images, arguments.repeats)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    if arguments.json:
        print(json.dumps({"images": images, "size": SIZE, "cores": os.cpu_count(), "rows": [asdict(r) for r in rows]}))
    else:
        show(rows, images)


if __name__ == "__main__":
    main()
