"""Real small pictures for tests: face-like drawings, and the broken files of design section 6."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter


def face(seed: int = 0, size: tuple[int, int] = (96, 96)) -> Image.Image:
    """An upright, asymmetric, face-like picture with fine texture; other seeds give other people."""
    rng = np.random.default_rng(seed)
    width, height = size
    ramp = np.add.outer(np.linspace(0, 90, height), np.linspace(40, 120, width))
    noise = rng.normal(0, 6, (height, width))
    backdrop = np.stack([ramp * w + noise for w in rng.uniform(0.5, 1.2, 3)], -1)
    image = Image.fromarray(np.clip(backdrop, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)

    def at(*points: float) -> list[float]:
        return [p * (width, height)[i % 2] for i, p in enumerate(points)]

    skin = tuple(int(v) for v in rng.integers((150, 100, 80), (240, 190, 160)))
    draw.ellipse(at(0.22, 0.12, 0.78, 0.92), fill=skin)
    draw.ellipse(at(0.33, 0.38, 0.43, 0.46), fill=(30, 30, 40))
    draw.ellipse(at(0.57, 0.38, 0.67, 0.46), fill=(30, 30, 40))
    draw.line(at(0.5, 0.45, 0.46, 0.62, 0.52, 0.64), fill=(90, 50, 40), width=max(1, width // 64))
    draw.arc(at(0.36, 0.6, 0.64, 0.8), 20, 160, fill=(150, 30, 40), width=max(1, width // 40))
    draw.rectangle(at(0.0, 0.0, 0.15, 0.1), fill=(220, 20, 20))  # a corner mark: orientation can be told
    return image


def blurred(seed: int = 0, radius: float = 2.0, size: tuple[int, int] = (96, 96)) -> Image.Image:
    """The same face out of focus."""
    return face(seed, size).filter(ImageFilter.GaussianBlur(radius))


def save(image: Image.Image, path: Path, **options: object) -> Path:
    """Save and give the path back."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, **options)
    return path


def folder(path: Path, count: int = 6, size: tuple[int, int] = (96, 96)) -> list[Path]:
    """`count` distinct JPEG faces, every third one out of focus; sorted."""
    made = []
    for i in range(count):
        image = blurred(i, 1.0 + i % 4, size) if i % 3 == 2 else face(i, size)
        made.append(save(image, path / f"face_{i:03d}.jpg", quality=90))
    return made


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def truncated_jpeg(path: Path) -> Path:
    data = encoded(face(1, (128, 128)), "JPEG", quality=95)
    path.write_bytes(data[: len(data) // 2])
    return path


def text_named_jpg(path: Path) -> Path:
    path.write_text("this is no picture\n")
    return path


def empty(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def png(path: Path, width: int, height: int, *, depth: int, colour: int, rows: bytes) -> Path:
    """A PNG written by hand, for what Pillow cannot write (16-bit colour). `rows` without filter bytes."""
    channels = {0: 1, 2: 3}[colour]
    stride = width * channels * depth // 8
    raw = b"".join(b"\0" + rows[i * stride : (i + 1) * stride] for i in range(height))
    path.write_bytes(_png(struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0), zlib.compress(raw)))
    return path


def _png(header: bytes, data: bytes) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def bomb_png(path: Path, side: int = 30_000) -> Path:
    """A valid 1-bit PNG of `side` x `side` pixels in some kilobytes."""
    squeeze = zlib.compressobj(9)
    row = bytes(1 + (side + 7) // 8)
    data = b"".join(squeeze.compress(row) for _ in range(side)) + squeeze.flush()
    path.write_bytes(_png(struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0), data))
    return path


def broken_folder(path: Path) -> list[Path]:
    """A folder with one of each file that cannot be scored; sorted."""
    path.mkdir(parents=True, exist_ok=True)
    made = [
        truncated_jpeg(path / "truncated.jpg"),
        text_named_jpg(path / "text.jpg"),
        empty(path / "empty.jpg"),
        bomb_png(path / "bomb.png"),
    ]
    (path / "dangling.jpg").symlink_to(path / "nowhere.jpg")
    return sorted([*made, path / "dangling.jpg"])
