"""A real library with a few images, and somebody to label them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from app.library import catalog, columns, people
from app.library.library import Library


@dataclass
class Desk:
    """A library and its rater, as the window has them."""

    library: Library
    rater_id: int
    session_id: int
    folder_id: int
    ids: list[int]

    @property
    def who(self) -> dict[str, int]:
        return {"rater_id": self.rater_id, "session_id": self.session_id}

    def other(self, name: str) -> dict[str, int]:
        rater = people.ensure_rater(self.library, name)
        return {"rater_id": rater.id, "session_id": people.start_session(self.library, rater.id)}

    def columns(self, model_id: str = "m", preprocessing_id: str = "p") -> columns.Columns:
        return columns.load(self.library, model_id=model_id, preprocessing_id=preprocessing_id)

    def mos(self) -> list[float | None]:
        return [None if np.isnan(v) else round(float(v), 6) for v in self.columns().mos]

    def add(self, *rel_paths: str, folder: Path | None = None) -> list[int]:
        folder_id = self.folder_id if folder is None else catalog.add_folder(self.library, folder)
        entries = [catalog.ScanEntry(name, 100, 1) for name in rel_paths]
        return list(catalog.record_scan(self.library, folder_id, entries).image_ids)


def open_desk(directory: Path, faces: Path, names: list[str]) -> Desk:
    library = Library.open_or_create(directory)
    rater = people.ensure_rater(library, "Ann")
    session_id = people.start_session(library, rater.id)
    desk = Desk(library, rater.id, session_id, catalog.add_folder(library, faces), [])
    desk.add(*names)
    desk.ids = [int(i) for i in desk.columns().id]
    return desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = open_desk(tmp_path / "library", tmp_path / "faces", [f"face_{i}.jpg" for i in range(6)])
    yield made
    made.library.close()
