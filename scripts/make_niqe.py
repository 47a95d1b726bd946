"""Make resources/baselines/niqe.npz: NIQE's pristine model from openly licensed faces.

    python scripts/make_niqe.py FACES_FOLDER [OUT]

FACES_FOLDER holds london/ and canada/ and their manifest.csv. Only people of split train (seed 0, as `fiqa degrade`
cuts it) are used, and none of the sample faces, so that sets degraded from the same folder can be judged fairly.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from make_samples import head_and_shoulders  # beside this file

import resources
from engine import groups, image, manifest
from engine.baselines import pristine
from engine.train.degrade_sources import FaceBox, to_size

LONGEST_SIDE = 512
KEPT_FOR_JUDGING = [f"canada/canada_{number:04d}.jpg" for number in range(20)]
ORIGIN = (
    "Face Research Lab London Set (DeBruine & Jones 2017, doi:10.6084/m9.figshare.5047666.v5) and Young Adult White "
    "Faces, Canada (DeBruine & Jones 2017, doi:10.6084/m9.figshare.4220517.v1), both CC BY 4.0, scaled to 512 pixels"
)

TEXT = """# NIQE's pristine model

`niqe.npz` holds the mean and the covariance of 36 natural scene statistics of sharp patches (96 pixels) in good
portraits: {images} pictures, {patches} patches. It holds no picture, and no opinion of anybody.

Pictures: **Face Research Lab London Set** (Lisa DeBruine and Benedict Jones, 2017, doi:10.6084/m9.figshare.5047666.v5)
and **Young Adult White Faces** ("Canada", the same authors, 2017, doi:10.6084/m9.figshare.4220517.v1), both under
CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/). The London portraits were cropped to head and shoulders, all
were scaled to at most {side} pixels. No endorsement by the authors is implied.

People of the splits val, cal and test of seed 0 (`fiqa degrade --seed 0`) and the sample faces are not in it.
Made by `scripts/make_niqe.py`; `fiqa niqe fit FOLDER --out FILE` makes another one from your own best pictures.
"""


def chosen(faces: Path) -> list[manifest.Row]:
    """The rows to learn from."""
    rows = []
    for row in manifest.read(faces / "manifest.csv").rows:
        name = row.path.relative_to(faces).as_posix()
        usable = name.startswith(("london/", "canada/")) and name not in KEPT_FOR_JUDGING
        if usable and groups.split_of(row.group, salt="0") == "train":
            rows.append(row)
    return rows


def scaled(row: manifest.Row, out: Path) -> Path:
    """The picture as it is learned from."""
    picture = image.decode(image.read_file(row.path).data, path=row.path)
    if row.path.parent.name == "london":
        picture = head_and_shoulders(picture, FaceBox.of(row.extra))
    target = out / f"{row.path.stem}.png"
    to_size(picture, LONGEST_SIDE).save(target)
    return target


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faces", type=Path)
    parser.add_argument("out", type=Path, nargs="?", default=resources.niqe_model())
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = [scaled(row, Path(folder)) for row in chosen(given.faces.resolve())]
        learned = pristine.learn(files, origin=ORIGIN)
    learned.model.save(given.out)
    text = TEXT.format(images=learned.model.images, patches=learned.model.patches, side=LONGEST_SIDE)
    (given.out.parent / "README.md").write_text(text, encoding="utf-8")
    print(f"{given.out}: {learned.model.images} pictures, {learned.model.patches} patches")


if __name__ == "__main__":
    main()
