"""From a file to pixels: the one preprocessing, used by training, evaluation and scoring alike.

Scoring sees: the first frame, upright by EXIF, 8-bit RGB (alpha over white, ICC profiles ignored), short side
resized to S, centre crop S x S, bit for bit what torchvision's `Resize(S)` and `CenterCrop(S)` give on a Pillow
image. The display goes its own way (`display_pixels`), because a curator wants the profile honoured.

JPEG scaled decoding (Pillow's `draft`) is not used for scores, because it is not the same picture: on 60 faces of
1350 px at S = 352 it moved pixels by 0.17 levels of 255 on average and by 10 at most. The display may use it.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import (
    AvifImagePlugin,
    Image,
    ImageCms,
    Jpeg2KImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from engine.errors import UserError

try:
    import pi_heif as heif  # what builds hold: the same reader without a GPL encoder
except ImportError:
    import pillow_heif as heif

_KINDS: Final = "jpg jpeg jpe jfif png apng webp tif tiff bmp gif jp2 j2k jpx avif heic heif hif"
IMAGE_SUFFIXES: Final = frozenset("." + kind for kind in _KINDS.split())
MAX_PIXELS: Final = 200_000_000
"""Larger pictures are refused before they are decoded; a 200-megapixel phone picture still fits."""
MAX_ASPECT: Final = 100
"""Pictures whose long side is more than so many times the short one are refused."""
MAX_BYTES: Final = 2**31
"""Larger files are refused before they are read."""

# What may be opened, by content, not by extension. The rest of Pillow's plugins stay out: some start other programs.
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "JPEG2000", "AVIF", "HEIF")
_PLUGINS: Final = (AvifImagePlugin, Jpeg2KImagePlugin, TiffImagePlugin, WebPImagePlugin)  # registered by their import
_ORIENTATION: Final = 0x0112
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
Pixels = npt.NDArray[np.uint8]

heif.register_heif_opener(thumbnails=False)
# Our own limit (`_open`) replaces Pillow's: its warning at 89 megapixels cannot be silenced safely in threads.
Image.MAX_IMAGE_PIXELS = None


class ImageError(UserError):
    """A picture cannot be used: `path` and, in words, `reason`."""

    def __init__(self, path: Path, reason: str, remedy: str = "") -> None:
        super().__init__(f"{path}: {reason}.", remedy)
        self.path = path
        self.reason = reason

    def __reduce__(self) -> tuple[Any, ...]:
        return ImageError, (self.path, self.reason, self.remedy)


@dataclass(frozen=True)
class FileBytes:
    """A file as it was at one moment; one read gives both the content and its hash."""

    data: bytes
    sha256: str
    size: int
    mtime_ns: int


def _why(error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return "the file is gone"
        case PermissionError():
            return "permission denied"
        case IsADirectoryError():
            return "it is a folder"
        case NotADirectoryError():
            return "its folder is gone (a file stands in its place)"
    return (error.strerror or str(error)).lower()


def read_file(path: Path) -> FileBytes:
    """Read a file once.

    Raises:
        ImageError: gone, not permitted, a folder, a device or pipe, empty, or larger than `MAX_BYTES`.
    """
    try:
        if not stat.S_ISREG((found := os.stat(path)).st_mode):  # before opening: a pipe would wait for ever
            raise ImageError(path, "it is a folder" if stat.S_ISDIR(found.st_mode) else "it is no regular file")
        with open(path, "rb") as stream:
            status = os.fstat(stream.fileno())
            if status.st_size > MAX_BYTES:
                raise ImageError(path, f"the file has {status.st_size:,} bytes, more than {MAX_BYTES:,}")
            data = stream.read(MAX_BYTES)
    except OSError as error:
        raise ImageError(path, _why(error)) from error
    if not data:
        raise ImageError(path, "the file is empty")
    return FileBytes(data, hashlib.sha256(data).hexdigest(), len(data), status.st_mtime_ns)


def _open(data: bytes, path: Path) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except UnidentifiedImageError:
        raise ImageError(path, "it is no image, or of an unknown kind") from None
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise ImageError(path, f"{width:,} x {height:,} pixels are more than the limit of {MAX_PIXELS:,}")
    if max(width, height) > MAX_ASPECT * min(width, height):
        # With its short side enlarged to the input size, a line of pixels would take gigabytes.
        raise ImageError(path, f"{width:,} x {height:,} pixels are too narrow for a face image")
    return image


def _broken(path: Path, error: Exception) -> ImageError:
    if isinstance(error, MemoryError):
        return ImageError(path, "there is not enough memory to decode it")
    text = str(error)
    if "truncated" in text.lower():
        return ImageError(path, "the file is truncated")
    return ImageError(path, f"it cannot be decoded ({text or type(error).__name__})")


def _turned(image: Image.Image, source: Image.Image) -> Image.Image:
    """`image` upright by the EXIF orientation of `source`, the picture as loaded that it was made from."""
    try:
        orientation = source.getexif().get(_ORIENTATION)
    except Exception:  # hostile EXIF raises anything, and says nothing about the pixels: they stay as stored
        return image
    method = _UPRIGHT.get(orientation) if isinstance(orientation, int) else None
    return image if method is None else image.transpose(method)


def _unit_to_rgb(values: npt.NDArray[np.float64]) -> Image.Image:
    return Image.fromarray(np.rint(values * 255.0).astype(np.uint8)).convert("RGB")


def _wide_to_rgb(image: Image.Image, path: Path) -> Image.Image:
    """16-bit, 32-bit and float grey. White is 65535 in 16-bit and 1.0 in float files; elsewhere nobody knows it."""
    values = np.asarray(image).astype(np.float64)
    if image.mode == "F":
        if not (np.isfinite(values).all() and values.min() >= 0.0 and values.max() <= 1.0):
            raise ImageError(path, "its floating-point pixels are not in [0, 1], so white is unknown")
        return _unit_to_rgb(values)
    if image.mode == "I" and image.format != "PNG":
        raise ImageError(path, "its pixels are 32-bit integers, so white is unknown")
    return _unit_to_rgb(np.clip(values, 0, 65535) / 65535.0)  # the same as dividing by 257 to 8 bit, rounded


def _to_rgb(image: Image.Image, path: Path) -> Image.Image:
    """Any mode as RGB. Alpha is laid over white, what viewers show and what prints; black would darken soft edges."""
    if image.mode == "RGB" and "transparency" not in image.info:
        return image
    if image.mode.startswith("I") or image.mode == "F":
        return _wide_to_rgb(image, path)
    if "A" in image.getbands() or "a" in image.getbands() or "transparency" in image.info:
        if image.mode == "La":  # premultiplied grey has no direct way to RGBA
            image = image.convert("LA")
        rgba = image.convert("RGBA")
        white = Image.new("RGB", rgba.size, (255, 255, 255))
        white.paste(rgba, mask=rgba.getchannel("A"))
        return white
    return image.convert("RGB")


def decode(data: bytes, *, path: Path) -> Image.Image:
    """The picture as scoring sees it: first frame, upright, mode RGB, 8 bit, ICC ignored.

    Args:
        path: named in errors only.

    Raises:
        ImageError: no image, truncated, broken, or more than `MAX_PIXELS`.
    """
    if not data:
        raise ImageError(path, "the file is empty")
    try:
        with _open(data, path) as image:
            image.load()
            # TIFF turns itself while loading, so the orientation is asked for after it.
            return _turned(_to_rgb(image, path), image)
    except ImageError:
        raise
    except Exception as error:  # decoders raise anything on hostile bytes; none of it is about our code
        raise _broken(path, error) from error


def resize_short_side(image: Image.Image, size: int) -> Image.Image:
    """Short side to `size` pixels, bilinear with antialias, the long side truncated as torchvision does."""
    width, height = image.size
    short, long = sorted((width, height))
    if short == size:
        return image
    other = int(size * long / short)
    target = (size, other) if width <= height else (other, size)
    return image.resize(target, Image.Resampling.BILINEAR)


def _crop(image: Image.Image, left: int, top: int, size: int) -> Image.Image:
    if min(image.size) < size:
        raise ValueError(f"cannot crop {size} x {size} out of {image.width} x {image.height}")
    return image if image.size == (size, size) else image.crop((left, top, left + size, top + size))


def center_crop(image: Image.Image, size: int) -> Image.Image:
    """The middle `size` x `size`, rounded as torchvision does."""
    return _crop(image, round((image.width - size) / 2.0), round((image.height - size) / 2.0), size)


def random_crop(image: Image.Image, size: int, rng: np.random.Generator) -> Image.Image:
    """A `size` x `size` window drawn evenly (training; paper, section 4.2)."""
    left = int(rng.integers(0, max(image.width - size, 0) + 1))
    top = int(rng.integers(0, max(image.height - size, 0) + 1))
    return _crop(image, left, top, size)


def preprocess(image: Image.Image, size: int) -> Pixels:
    """THE scoring preprocessing: uint8 [size, size, 3] of an upright RGB picture; small pictures are enlarged."""
    return np.asarray(center_crop(resize_short_side(image, size), size))


def preprocessing_id(size: int) -> str:
    """The name under which scores are stored; changes whenever `preprocess` or `decode` would give other pixels."""
    return f"pillow-short{size}-center{size}-v1"


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if not profile or image.mode not in ("RGB", "CMYK", "L"):
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a broken profile: show the plain pixels, as browsers do
    return turned or image


def display_pixels(data: bytes, *, path: Path, max_side: int | None) -> Pixels:
    """The picture as a person should see it: uint8 [h, w, 3], upright, in sRGB, at most `max_side` pixels long.

    Raises:
        ImageError: as `decode`.
    """
    if not data:
        raise ImageError(path, "the file is empty")
    try:
        with _open(data, path) as image:
            if max_side is not None:
                image.draft(None, (max_side, max_side))
            image.load()
            profile = image.info.get("icc_profile")
            keep = profile and image.mode in ("CMYK", "L") and "transparency" not in image.info
            shown = image if keep else _to_rgb(image, path)
            if max_side is not None and max(shown.size) > max_side:
                shown = shown.copy() if shown is image else shown
                shown.thumbnail((max_side, max_side), Image.Resampling.BICUBIC, reducing_gap=2.0)
            return np.asarray(_turned(_to_srgb(shown, profile).convert("RGB"), image))
    except ImageError:
        raise
    except Exception as error:  # see decode
        raise _broken(path, error) from error


def _walk(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue  # AppleDouble twins ("._a.jpg"), thumbnail caches
            if entry.is_dir(follow_symlinks=False):
                try:
                    yield from _walk(entry.path)
                except OSError:
                    yield entry.path
            elif os.path.splitext(entry.name)[1].lower() in IMAGE_SUFFIXES and not os.path.isdir(entry.path):
                yield entry.path


def list_images(folder: Path) -> list[Path]:
    """Image files by extension, recursively, sorted by path. Hidden entries and linked folders are left out.

    A folder inside that cannot be listed stands in the result itself, so that whoever reads it reports it, as does
    a link that leads nowhere.

    Raises:
        ImageError: `folder` cannot be listed.
    """
    try:
        return sorted(Path(p) for p in _walk(str(folder)))
    except OSError as error:
        raise ImageError(folder, _why(error)) from error
