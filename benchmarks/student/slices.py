"""Does the score treat people alike? Slices of one collection by what can be measured of its pictures.

The manifest says nothing of appearance, sex or age, so no appearance group can be reported. What the London Set allows
is one measured proxy: all its portraits were taken before one wall in one light, so the typology angle (ITA) of the
face's middle, arctan((L* - 50) / b*) in CIELAB, orders people by how light their skin is in these pictures. The thirds
of that order are the slices. They are no ethnic groups, and each holds few people: only large differences would show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from benchmarks.student.measures import SAMPLES, srcc, taken
from benchmarks.student.pictures import Source
from engine import resample
from engine.manifest import Manifest
from engine.metrics import FloatArray

COLLECTION: Final = "london/"
ABOUT: Final = (
    "Fairness: the manifest has no appearance groups, so none can be reported. As a measured stand-in, people of the "
    "London Set outside split train (one wall, one light) by thirds of the skin's typology angle in their pictures; no "
    "ethnic groups, and few people each, so only large differences would show."
)
THIRDS: Final = ("darkest third", "middle third", "lightest third")


def typology_angle(rgb: FloatArray) -> float:
    """ITA in degrees of a mean colour, sRGB [3] in [0, 255]: about 55 and above is very light, below -30 dark."""
    share = rgb / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    y = float(np.dot(linear, (0.2126, 0.7152, 0.0722)))
    z = float(np.dot(linear, (0.0193, 0.1192, 0.9505))) / 1.089
    fy, fz = (np.cbrt(v) if v > 216 / 24389 else v * (24389 / 27 / 116) + 16 / 116 for v in (y, z))
    return float(np.degrees(np.arctan2(116 * fy - 66, max(200 * (fy - fz), 1e-6))))


def skin(source: Source) -> float:
    """ITA of the middle of the face box (half its sides: cheeks and nose)."""
    x, y, w, h = (float(source.row.extra[name]) for name in ("face_x", "face_y", "face_w", "face_h"))
    picture = source.load()
    middle = picture.crop((round(x + w / 4), round(y + h / 4), round(x + 3 * w / 4), round(y + 3 * h / 4)))
    return typology_angle(np.median(np.asarray(middle, dtype=np.float64).reshape(-1, 3), axis=0))


def thirds(sources: Sequence[Source]) -> dict[str, str]:
    """Person -> slice, among the people of the collection (the mean over a person's pictures)."""
    angles: dict[str, list[float]] = {}
    for source in sources:
        if source.name.startswith(COLLECTION):
            angles.setdefault(source.row.group, []).append(skin(source))
    people = sorted(angles, key=lambda person: float(np.mean(angles[person])))
    return {person: THIRDS[k * len(THIRDS) // len(people)] for k, person in enumerate(people)}


def slices(scores: FloatArray, rows: Manifest, third_of: Mapping[str, str]) -> dict[str, Any]:
    """Per slice: people, images, SRCC with the labels, and mean of score less label, with intervals over people."""
    out: dict[str, Any] = {}
    for name in THIRDS:
        chosen = np.array(
            [third_of.get(r.group) == name and r.extra["reference"].startswith(COLLECTION) for r in rows.rows]
        )
        if chosen.sum() < 3:
            continue
        part, values = taken(rows, chosen), scores[chosen]
        drawn = resample.draws("bias", values, part.mos, part.groups, samples=SAMPLES, seed=0)
        bias = resample.interval(float(np.mean(values - part.mos)), drawn)
        out[name] = {
            "people": len(np.unique(part.groups)),
            "images": len(part),
            "srcc": srcc(values, part),
            "score less label": [bias.value, bias.low, bias.high],
        }
    return out
