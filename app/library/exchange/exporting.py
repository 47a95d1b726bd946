"""Writes the labels of a library in any layout, and says what the layout cannot take along."""

from __future__ import annotations

from pathlib import Path

from app.library.exchange.gathering import gather
from app.library.exchange.layout import Written
from app.library.exchange.registry import LAYOUTS, named
from app.library.exchange.scale import Scale
from app.library.library import Library


def export_labels(library: Library, file: Path, layout: str | None = None, scale: Scale | None = None) -> Written:
    """Write the labels, whole or not at all. Without a layout the suffix decides; without a scale, the layout.

    Raises:
        LibraryError: there is no such layout, or the file cannot be written; one that was there stays.
    """
    chosen = named(layout or layout_of(file))
    with library.read() as session:
        records = gather(session)
    images = chosen.write(records, file, scale or chosen.scale)
    left = len(records) - images
    said = [f"{left:,} images of which something is known do not fit this layout"] if left else []
    said += [f"left out: {chosen.loses}"] if chosen.loses else []
    return Written(images, "; ".join(said))


def layout_of(file: Path) -> str:
    """The general layout that a suffix stands for; CSV where it stands for none."""
    general = ("native", "parquet", "json", "csv")
    return next((name for name in general if file.suffix.lower() in LAYOUTS[name].suffixes), "csv")
