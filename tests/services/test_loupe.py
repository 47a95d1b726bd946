"""The loupe's images: the latest wins, neighbours are ready, broken files say why."""

from __future__ import annotations

import numpy as np
import pytest

from app.services.images.loupe import ImageLoader
from tests import pictures, waiting


@pytest.fixture
def loader(qapp):
    made = ImageLoader()
    yield made
    assert made.close(waiting.LONG_S)


def test_full_resolution_and_only_the_latest_is_shown(qtbot, loader, tmp_path):
    paths = pictures.folder(tmp_path / "f", 10, size=(320, 240))
    shown = []
    loader.loaded.connect(lambda i, p: shown.append((i, p.shape)))
    for number, path in enumerate(paths):
        loader.load(number, path)
    qtbot.waitUntil(lambda: bool(shown))
    assert shown == [(9, (240, 320, 3))]


def test_prefetched_neighbours_are_shown_before_load_returns(qtbot, loader, tmp_path):
    paths = pictures.folder(tmp_path / "f", 3)
    with qtbot.waitSignal(loader.loaded):
        loader.load(1, paths[1])
    loader.prefetch([(2, paths[2]), (0, paths[0])])
    qtbot.waitUntil(lambda: all(loader.cached(i, paths[i]) is not None for i in (0, 2)))
    shown = []
    loader.loaded.connect(lambda i, _: shown.append(i))
    loader.load(2, paths[2])
    assert shown == [2]


def test_a_broken_file_says_why_and_a_broken_neighbour_is_silent(qtbot, loader, tmp_path):
    good = pictures.save(pictures.face(1), tmp_path / "good.png")
    broken = pictures.truncated_jpeg(tmp_path / "broken.jpg")
    with qtbot.waitSignal(loader.loaded), qtbot.assertNotEmitted(loader.failed):
        loader.prefetch([(1, broken)])
        loader.load(0, good)
    with qtbot.waitSignal(loader.failed) as failed:
        loader.load(1, broken)
    assert failed.args[0] == 1
    assert failed.args[1]


def test_a_changed_file_is_read_again(qtbot, loader, tmp_path):
    path = pictures.save(pictures.face(1, (50, 50)), tmp_path / "a.png")
    with qtbot.waitSignal(loader.loaded) as first:
        loader.load(0, path)
    pictures.save(pictures.face(2, (60, 60)), path)
    loader.forget([0])
    with qtbot.waitSignal(loader.loaded) as second:
        loader.load(0, path)
    assert first.args[1].shape == (50, 50, 3)
    assert second.args[1].shape == (60, 60, 3)
    assert second.args[1].dtype == np.uint8


def test_memory_is_bounded_and_keeps_the_image_on_show(qtbot, tmp_path):
    paths = pictures.folder(tmp_path / "f", 4, size=(100, 100))
    loader = ImageLoader(memory_bytes=30_000)
    for number, path in enumerate(paths):
        with qtbot.waitSignal(loader.loaded):
            loader.load(number, path)
    assert loader.cached(3, paths[3]) is not None
    assert loader.cached(0, paths[0]) is None
    assert loader.close(waiting.LONG_S)
