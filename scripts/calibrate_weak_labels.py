"""Measure the fixed numbers of the weak label: `ANCHORS` of engine/train/weak_labels.py and the knots of
engine/train/reference_caps.py.

    python scripts/calibrate_weak_labels.py MANIFEST [--match 'london/*'] [--count 8]

MANIFEST lists pristine portraits with a face box (face_x, face_y, face_w, face_h).
Prints what to compare and to paste, and the mean label of every kind and severity; changes nothing.
A change of these numbers is a new rule and needs a new name in `RULE`.
"""

from __future__ import annotations

import argparse
import fnmatch
import io
from pathlib import Path

import numpy as np
from PIL import Image

from engine import image, manifest
from engine.degrade import KINDS, SEVERITIES, VIEW, Pixels, degrade, rng_for
from engine.train import reference_caps, weak_labels
from engine.train.degrade_sources import FaceBox, crop_around, to_size

SIDES = (16, 24, 46, 76, 112, 160, 220, 288)
QUALITIES = (95, 80, 60, 40, 18, 11, 7)


def portraits(path: Path, match: str, count: int) -> list[Pixels]:
    """Head crops of `count` portraits spread over the manifest, short side at least VIEW."""
    rows = [r for r in manifest.read(path).rows if fnmatch.fnmatch(r.path.relative_to(path.parent).as_posix(), match)]
    out = []
    for index in np.linspace(0, len(rows) - 1, count).round().astype(int):
        row = rows[index]
        picture = image.decode(image.read_file(row.path).data, path=row.path)
        box = crop_around(FaceBox.of(row.extra), picture.size, rng_for(0, row.path.name, 0))
        out.append(np.asarray(to_size(picture.crop(box), 448)))
    return out


def median_label(pairs: list[tuple[Pixels, Pixels]]) -> float:
    return round(float(np.median([weak_labels.weak_label(clean, worn) for clean, worn in pairs])), 3)


def anchors(faces: list[Pixels]) -> None:
    """What each measure reads on the ladder of blurs: the columns of `ANCHORS` between its two ends."""
    read = [[weak_labels.measure(f, degrade(f, "blur", s, rng_for(0, "", 0))) for f in faces] for s in SEVERITIES]
    for name in weak_labels.ANCHORS:
        print(f"{name:8}", [round(float(np.median([getattr(m, name) for m in ms])), 4) for ms in read])


def caps(faces: list[Pixels]) -> None:
    """What the faults of a source read, and the label that they would cost."""
    for side in SIDES:
        print("size", side, median_label([(f, _shrunk(f, side)) for f in faces]))
    for kind, read in (("blur", reference_caps.softness), ("noise", reference_caps.grain)):
        for severity in SEVERITIES:
            pairs = [(f, degrade(f, kind, severity, rng_for(0, "", 0))) for f in faces]
            found = [read(reference_caps.view(Image.fromarray(worn))) for _, worn in pairs]
            print(read.__name__, round(float(np.median(found)), 4), median_label(pairs))
    for quality in QUALITIES:
        small = [np.asarray(to_size(Image.fromarray(f), VIEW)) for f in faces]
        pairs = [(f, _saved(f, quality)) for f in small]
        found = [reference_caps.block_steps(Image.fromarray(worn)) for _, worn in pairs]
        print("blocks", round(float(np.median(found)), 3), median_label(pairs))


def kinds(faces: list[Pixels]) -> None:
    """The mean label of each kind at each severity: about 0.8, 0.6, 0.4, 0.25, 0.1 if the severities agree."""
    for kind in KINDS:
        labels = [
            [weak_labels.weak_label(f, degrade(f, kind, s, rng_for(0, str(k), 1))) for s in SEVERITIES]
            for k, f in enumerate(faces)
        ]
        means = np.mean(labels, axis=0)
        print(f"{kind:15}", " ".join(f"{m:.2f}" for m in means))


def _shrunk(pixels: Pixels, side: int) -> Pixels:
    """What a camera with `side` pixels would have left of it."""
    picture = Image.fromarray(pixels)
    factor = side / min(picture.size)
    small = picture.resize((round(picture.width * factor), round(picture.height * factor)), Image.Resampling.LANCZOS)
    return np.asarray(small.resize(picture.size, Image.Resampling.BICUBIC))


def _saved(pixels: Pixels, quality: int) -> Pixels:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--match", default="*")
    parser.add_argument("--count", type=int, default=8)
    given = parser.parse_args()
    faces = portraits(given.manifest.resolve(), given.match, given.count)
    anchors(faces)
    caps(faces)
    kinds(faces[:2])


if __name__ == "__main__":
    main()
