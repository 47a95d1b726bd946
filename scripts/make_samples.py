"""Make resources/samples: two dozen openly licensed faces, some of them degraded by our own kinds.

    python scripts/make_samples.py FACES_FOLDER [OUT]

FACES_FOLDER holds london/, canada/ and snapshots/ and their manifest.csv. The same input gives the same pixels.
No face here may be trained on: the London people fall into the test split of seed 0, the others are kept for judging.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from pathlib import Path

import numpy as np
from PIL import Image

import resources
from engine import image, manifest
from engine.degrade import degrade_chain, parse_steps, rng_for
from engine.train.degrade_sources import FaceBox, to_size

LONGEST_SIDE = 480
JPEG_QUALITY = 90
COLUMNS = ("path", "group", "licence", "origin", "kind", "severity", "steps", "sha256")

# The order is shuffled by hand, so that neither name nor number tells the quality.
SAMPLES = (
    ("london/london_smiling_0024.jpg", "motion_blur:3"),
    ("canada/canada_0008.jpg", ""),
    ("london/london_neutral_0007.jpg", "jpeg:5"),
    ("snapshots/zoom_0001.jpg", ""),
    ("london/london_smiling_0092.jpg", ""),
    ("london/london_neutral_0035.jpg", "blur:4"),
    ("canada/canada_0003.jpg", "noise:3"),
    ("london/london_smiling_0033.jpg", ""),
    ("london/london_neutral_0046.jpg", "under_exposure:3"),
    ("canada/canada_0018.jpg", "low_resolution:4"),
    ("london/london_neutral_0006.jpg", ""),
    ("london/london_smiling_0075.jpg", "noise:5"),
    ("snapshots/lisa_0000.jpg", ""),
    ("canada/canada_0002.jpg", "blur:2"),
    ("london/london_smiling_0048.jpg", "over_exposure:4"),
    ("london/london_neutral_0028.jpg", ""),
    ("canada/canada_0011.jpg", "jpeg:3"),
    ("london/london_smiling_0088.jpg", "low_resolution:2"),
    ("london/london_neutral_0039.jpg", ""),
    ("canada/canada_0014.jpg", "motion_blur:5"),
    ("london/london_smiling_0008.jpg", ""),
    ("snapshots/lisa_0003.jpg", "blur:2+noise:2+jpeg:2"),
    ("london/london_neutral_0011.jpg", "defocus:5"),
    ("canada/canada_0006.jpg", ""),
)

CREDITS = """# Credits of the sample faces

These {count} pictures show real people. The researchers named below published them under these licences.
Please treat them with respect. They are here to try the program; the bundled model was not trained on these people.

- **Face Research Lab London Set**, Lisa DeBruine and Benedict Jones (2017), doi:10.6084/m9.figshare.5047666.v5,
  licence CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/).
- **Young Adult White Faces** ("Canada" below), Lisa DeBruine and Benedict Jones (2017),
  doi:10.6084/m9.figshare.4220517.v1, licence CC BY 4.0.
- **Snapshots**, Lisa DeBruine, from the webmorphR.stim collection, CC0 (public domain).

What was changed: the London portraits were cropped to head and shoulders; all were scaled to at most {side} pixels and
saved again as JPEG; those marked below were degraded on purpose by this program (`scripts/make_samples.py`;
severity 1 to 5). No endorsement by the authors is implied.

| file | original | set and licence | degraded by |
|---|---|---|---|
"""


def head_and_shoulders(picture: Image.Image, face: FaceBox | None) -> Image.Image:
    """A square of two faces' height, the head a little above the middle."""
    if face is None:
        return picture
    side = min(2 * face.h, *picture.size)
    left = min(max(face.x + face.w / 2 - side / 2, 0), picture.width - side)
    top = min(max(face.y + face.h * 0.55 - side / 2, 0), picture.height - side)
    return picture.crop((round(left), round(top), round(left + side), round(top + side)))


def make(row: manifest.Row, name: str, steps_text: str, out: Path) -> None:
    """Write one sample."""
    file = image.read_file(row.path)
    picture = image.decode(file.data, path=row.path)
    if name.startswith("london/"):
        picture = head_and_shoulders(picture, FaceBox.of(row.extra))
    pixels = np.asarray(to_size(picture, LONGEST_SIDE))
    pixels = degrade_chain(pixels, parse_steps(steps_text), rng_for(0, file.sha256, 0))
    Image.fromarray(pixels).save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faces", type=Path)
    parser.add_argument("out", type=Path, nargs="?", default=resources.samples())
    given = parser.parse_args()
    faces: Path = given.faces.resolve()
    rows = {r.path.relative_to(faces).as_posix(): r for r in manifest.read(faces / "manifest.csv").rows}
    records, table = [], ""
    given.out.mkdir(parents=True, exist_ok=True)
    for number, (name, steps_text) in enumerate(SAMPLES, start=1):
        row, file = rows[name], f"face-{number:02d}.jpg"
        make(row, name, steps_text, given.out / file)
        steps = parse_steps(steps_text)
        kind = "clean" if not steps else steps[0].kind if len(steps) == 1 else "chain"
        severity = str(steps[0].severity) if len(steps) == 1 else ""
        licence, origin = row.extra["licence"], row.extra["origin"]
        digest = hashlib.sha256((given.out / file).read_bytes()).hexdigest()
        records.append((file, row.group, licence, origin, kind, severity, steps_text, digest))
        short = f"{name.split('/')[0].capitalize()}, {licence.split(' - ')[0]}"
        table += f"| {file} | `{origin.split(':')[1]}` | {short} | {steps_text.replace('+', ', ') or 'nothing'} |\n"
    with (given.out / "manifest.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([COLUMNS, *records])
    credits = CREDITS.format(count=len(SAMPLES), side=LONGEST_SIDE) + table
    (given.out / "CREDITS.md").write_text(credits, encoding="utf-8")
    total = sum(p.stat().st_size for p in given.out.glob("*.jpg"))
    print(f"{len(SAMPLES)} samples, {total / 1e6:.2f} MB, in {given.out}")


if __name__ == "__main__":
    main()
