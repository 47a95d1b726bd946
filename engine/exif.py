"""What the camera wrote into a picture: EXIF facts that help to judge it. Only the header is read, no pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from PIL.ExifTags import IFD, Base


@dataclass(frozen=True)
class Exif:
    """Facts in words, empty where the file has none."""

    camera: str = ""
    lens: str = ""
    exposure: str = ""
    """Shutter time and aperture, e.g. '1/125 s  f/2.8  50 mm'."""
    iso: str = ""
    taken: str = ""
    """Local time of the camera, 'YYYY-MM-DD hh:mm:ss'."""


def read_exif(path: Path) -> Exif:
    """The facts of a file; all empty where it has none, or cannot be read (whoever decodes it says why)."""
    try:
        with Image.open(path) as image:
            head = image.getexif()
            photo = head.get_ifd(IFD.Exif)
    except Exception:  # Pillow raises many kinds on damaged headers, and none of them matters here
        return Exif()
    return Exif(
        camera=_camera(_text(head.get(Base.Make)), _text(head.get(Base.Model))),
        lens=_text(photo.get(Base.LensModel)),
        exposure=_exposure(photo),
        iso=_iso(photo.get(Base.ISOSpeedRatings)),
        taken=_date(_text(photo.get(Base.DateTimeOriginal)) or _text(head.get(Base.DateTime))),
    )


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return " ".join(str(value or "").replace("\0", " ").split())


def _number(value: Any) -> float | None:
    """A positive finite number, else None: cameras write 0/0 for what they do not know."""
    try:
        number = float(value)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return number if math.isfinite(number) and number > 0 else None


def _camera(make: str, model: str) -> str:
    """'Canon', 'Canon EOS 5D' -> 'Canon EOS 5D': the maker is not said twice."""
    return model if not make or model.casefold().startswith(make.casefold()) else f"{make} {model}".strip()


def _exposure(photo: Any) -> str:
    parts = []
    if (seconds := _number(photo.get(Base.ExposureTime))) is not None:
        parts.append(f"{seconds:g} s" if seconds >= 0.3 else f"1/{round(1 / seconds)} s")
    if (stop := _number(photo.get(Base.FNumber))) is not None:
        parts.append(f"f/{stop:g}")
    if (length := _number(photo.get(Base.FocalLength))) is not None:
        parts.append(f"{round(length, 1):g} mm")
    return "  ".join(parts)


def _iso(value: Any) -> str:
    number = _number(value[0] if isinstance(value, tuple) and value else value)
    return f"{number:.0f}" if number is not None else ""


def _date(text: str) -> str:
    """EXIF writes 'YYYY:MM:DD hh:mm:ss'."""
    day, _, rest = text.partition(" ")
    if len(day) != 10 or not day.replace(":", "").isdigit() or not int(day[:4]):
        return ""
    return f"{day.replace(':', '-')} {rest}".strip()
