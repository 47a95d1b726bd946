"""Contact sheets that a person can judge: the test images by score, and the largest mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from engine.manifest import Manifest, Row

_COLUMNS, _CELL, _LINE, _COLOURS = 10, 96, 12, 160
_EACH: Final = 20


def write(test: Manifest, scores: npt.NDArray[np.float64], stem: Path) -> None:
    """`stem`-worst, -middle, -best and -mistakes.png; under each picture its score and its weak label.

    Nothing is written where no picture may be shown.
    """
    if not len(test):
        return
    order = np.argsort(scores, kind="stable")
    middle = max(0, len(order) // 2 - _EACH // 2)
    ranks = [np.argsort(np.argsort(v, kind="stable")) for v in (scores, test.mos)]
    mistakes = np.argsort(-np.abs(ranks[0] - ranks[1]), kind="stable")
    for name, chosen in (
        ("worst", order[:_EACH]),
        ("middle", order[middle : middle + _EACH]),
        ("best", order[::-1][:_EACH]),
        ("mistakes", mistakes[:_EACH]),
    ):
        rows = [(test.rows[k], float(scores[k])) for k in chosen]
        _sheet(rows).save(stem.with_name(f"{stem.name}-{name}.png"), optimize=True)


def _sheet(rows: Sequence[tuple[Row, float]]) -> Image.Image:
    lines = -(-len(rows) // _COLUMNS)
    sheet = Image.new("RGB", (_COLUMNS * _CELL, lines * (_CELL + 2 * _LINE)), "white")
    draw = ImageDraw.Draw(sheet)
    for k, (row, score) in enumerate(rows):
        left, top = k % _COLUMNS * _CELL, k // _COLUMNS * (_CELL + 2 * _LINE)
        with Image.open(row.path) as picture:
            picture.thumbnail((_CELL - 2, _CELL))
            sheet.paste(picture, (left, top))
        draw.text((left, top + _CELL), f"{score:.2f} ({row.mos:.2f})", fill="black")
        draw.text((left, top + _CELL + _LINE), row.extra["kind"][:15], fill="black")
    return sheet.quantize(_COLOURS)
