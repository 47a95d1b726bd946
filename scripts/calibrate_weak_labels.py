"""Measure the fixed numbers of the weak label: `ANCHORS` and `NATIVE_CAP` of engine/train/weak_labels.py.

    python scripts/calibrate_weak_labels.py MANIFEST [--match 'london/*'] [--count 24]

MANIFEST lists pristine portraits with a face box (face_x, face_y, face_w, face_h).
Prints what to paste; changes nothing.
A change of these numbers is a new rule and needs a new name in `RULE`.
"""

from __future__ import annotations

import argparse
import fnmatch
from pathlib import Path

import numpy as np
from PIL import Image

from engine import image, manifest
from engine.degrade import BLUR_SIGMA, SEVERITIES, VIEW, degrade, rng_for
from engine.train import weak_labels
from engine.train.degrade_sources import FaceBox, crop_around, to_size

SIDES = (16, 24, 46, 76, 112, 160, 220, 288)


def portraits(path: Path, match: str, count: int) -> list[np.ndarray]:
    """Head crops of `count` portraits spread over the manifest, short side at least VIEW."""
    rows = [r for r in manifest.read(path).rows if fnmatch.fnmatch(r.path.relative_to(path.parent).as_posix(), match)]
    out = []
    for index in np.linspace(0, len(rows) - 1, count).round().astype(int):
        row = rows[index]
        picture = image.decode(image.read_file(row.path).data, path=row.path)
        box = crop_around(FaceBox.of(row.extra), picture.size, rng_for(0, row.path.name, 0))
        out.append(np.asarray(to_size(picture.crop(box), 448)))
    return out


def shrunk(pixels: np.ndarray, side: int) -> np.ndarray:
    """What a camera with `side` pixels would have left of it."""
    picture = Image.fromarray(pixels)
    factor = side / min(picture.size)
    small = picture.resize((round(picture.width * factor), round(picture.height * factor)), Image.Resampling.LANCZOS)
    return np.asarray(small.resize(picture.size, Image.Resampling.BICUBIC))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--match", default="*")
    parser.add_argument("--count", type=int, default=24)
    given = parser.parse_args()
    faces = portraits(given.manifest.resolve(), given.match, given.count)
    for name in weak_labels.ANCHORS:
        values = [
            np.median([getattr(weak_labels.measure(f, degrade(f, "blur", s, rng_for(0, "", 0))), name) for f in faces])
            for s in SEVERITIES
        ]
        print(f"{name:8}", dict(zip(BLUR_SIGMA, np.round(values, 3).tolist(), strict=True)))
    caps = {
        side: round(float(np.median([weak_labels.join(weak_labels.measure(f, shrunk(f, side))) for f in faces])), 3)
        for side in SIDES
    }
    print("native cap (with the present anchors)", caps | {VIEW: 1.0})


if __name__ == "__main__":
    main()
