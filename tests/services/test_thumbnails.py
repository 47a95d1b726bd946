"""Thumbnails: order, memory, the cache on disk across restarts, what is broken, what changes."""

from __future__ import annotations

import io
import os
import sqlite3
import threading

import numpy as np
import pytest
from PIL import Image

from app.services.images.thumbnail_store import CacheError, ThumbnailStore, default_file, share
from app.services.images.thumbnails import Source, ThumbnailService
from app.services.memory import PixelMemory
from engine.image import read_file
from tests import pictures, waiting


@pytest.fixture
def make(qtbot, tmp_path):
    """`make(paths)` gives a service whose image ids are the positions in the list."""
    made = []

    def build(paths, resolve=None, **options):
        options = {"cache_file": tmp_path / "cache" / "thumbs.sqlite", "side": 48, **options}
        service = ThumbnailService(resolve or (lambda ids: {i: Source(paths[i]) for i in ids}), **options)
        made.append(service)
        return service

    yield build
    for service in made:
        assert service.close(waiting.LONG_S)


def _order(service):
    order = []
    service.ready.connect(lambda i, _: order.append(i))
    service.failed.connect(lambda i, _: order.append(i))
    return order


def _held(paths):
    """A resolver that lets nothing be decoded before `go` is set; `begun` says that a thread waits in it."""
    go, begun = threading.Event(), threading.Event()

    def resolve(ids):
        begun.set()
        assert go.wait(waiting.LONG_S)
        return {i: Source(paths[i]) for i in ids}

    return resolve, go, begun


def test_a_thumbnail_has_the_right_pixels_and_size(qtbot, make, tmp_path):
    path = pictures.save(pictures.face(1, (200, 100)), tmp_path / "wide.png")
    service = make([path])
    with qtbot.waitSignal(service.ready) as ready:
        service.want([0])
    image_id, pixels = ready.args
    assert image_id == 0
    assert (pixels.shape, pixels.dtype) == ((24, 48, 3), np.uint8)
    assert service.cached(0) is not None
    assert pixels[0, 0, 0] > 150 > pixels[0, 0, 1]  # the red corner mark is where it belongs


def test_the_screen_comes_first_and_the_last_wish_wins(qtbot, make, tmp_path):
    paths = pictures.folder(tmp_path / "f", 40)
    resolve, go, begun = _held(paths)
    service = make(paths, resolve, threads=1)
    order = _order(service)
    service.want(range(20))
    assert begun.wait(waiting.LONG_S)  # image 0 is under way
    service.want([30, 31], near=[35])
    service.request(39)
    service.request(38)
    go.set()
    qtbot.waitUntil(lambda: len(order) == 6)
    assert order == [0, 38, 39, 30, 31, 35]


def test_nothing_is_decoded_twice_and_memory_answers_at_once(qtbot, make, tmp_path):
    paths = pictures.folder(tmp_path / "f", 6)
    service = make(paths)
    order = _order(service)
    for _ in range(5):
        service.want(range(6))
    qtbot.waitUntil(lambda: len(order) == 6)
    service.want(range(6), near=range(6))
    service.request(3)
    assert not service._queue
    assert sorted(order) == list(range(6))


def test_the_cache_on_disk_serves_after_a_restart_without_the_files(qtbot, make, tmp_path):
    paths = pictures.folder(tmp_path / "f", 5)
    shas = [read_file(p).sha256 for p in paths]
    first = make(paths)
    order = _order(first)
    first.want(range(5))
    qtbot.waitUntil(lambda: len(order) == 5)
    before = [first.cached(i) for i in range(5)]
    assert first.close(waiting.LONG_S)
    for path in paths:
        path.unlink()
    second = make(paths, lambda ids: {i: Source(paths[i], shas[i]) for i in ids})
    order = _order(second)
    second.want(range(5))
    qtbot.waitUntil(lambda: len(order) == 5)
    for i in range(5):
        assert np.abs(second.cached(i).astype(int) - before[i]).mean() < 6  # JPEG


def test_without_a_known_sha256_an_unchanged_file_is_not_read_again(qtbot, make, tmp_path):
    path = pictures.save(pictures.face(1), tmp_path / "a.jpg")
    first = make([path])
    with qtbot.waitSignal(first.ready) as ready:
        first.want([0])
    assert first.close(waiting.LONG_S)
    status = path.stat()
    path.write_bytes(b"x" * status.st_size)  # same size, same time: only the cache can still know the picture
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    second = make([path])
    with qtbot.waitSignal(second.ready) as again:
        second.want([0])
    assert np.abs(again.args[1].astype(int) - ready.args[1]).mean() < 6


def test_broken_and_vanished_files_fail_once_until_forgotten(qtbot, make, tmp_path):
    broken = pictures.truncated_jpeg(tmp_path / "broken.jpg")
    service = make([broken, tmp_path / "gone.jpg"])
    reasons = {}
    service.failed.connect(lambda i, why: reasons.__setitem__(i, why))
    service.want([0, 1])
    qtbot.waitUntil(lambda: len(reasons) == 2)
    assert all(reasons.values())
    service.want([0, 1])
    assert not service._queue
    pictures.save(pictures.face(2), broken)
    service.forget([0])
    with qtbot.waitSignal(service.ready):
        service.want([0])


def test_a_file_that_changes_while_it_is_decoded_is_decoded_anew(qtbot, make, tmp_path):
    path = pictures.save(pictures.face(1), tmp_path / "a.png")
    entered, go = threading.Event(), threading.Event()

    def resolve(ids):
        entered.set()
        assert go.wait(waiting.LONG_S)
        return {i: Source(path) for i in ids}

    service = make([path], resolve, threads=1)
    shown = []
    service.ready.connect(lambda _, pixels: shown.append(pixels))
    service.want([0])
    assert entered.wait(waiting.LONG_S)
    service.forget([0])
    go.set()
    qtbot.waitUntil(lambda: len(shown) == 1)
    assert service.cached(0) is shown[0]


def test_a_cache_that_cannot_be_written_costs_a_warning_only(qtbot, make, tmp_path):
    paths = pictures.folder(tmp_path / "f", 2)
    (tmp_path / "file").write_text("no folder")
    service = make(paths, cache_file=tmp_path / "file" / "thumbs.sqlite")
    warned = []
    service.warned.connect(warned.append)
    order = _order(service)
    service.want([0, 1])
    qtbot.waitUntil(lambda: len(order) == 2)
    assert len(warned) == 1
    assert service.cached(0) is not None


def test_a_damaged_cache_file_is_replaced(tmp_path):
    file = tmp_path / "thumbs.sqlite"
    file.write_bytes(b"this is no database, it is far too wrong for that" * 100)
    store = ThumbnailStore(file)
    store.put("a", b"jpeg")
    store.close()
    again = ThumbnailStore(file)
    assert again.get("a") == b"jpeg"
    again.close()


def test_the_store_evicts_what_was_used_longest_ago(tmp_path):
    store = ThumbnailStore(tmp_path / "thumbs.sqlite", cap_bytes=10_000)
    for number in range(30):
        store.put(f"{number:02d}", bytes(1000))
        store.commit()
    assert store.total_bytes <= 10_000
    assert store.get("00") is None
    assert store.get("29") is not None
    store.forget(["29"])
    assert store.get("29") is None
    store.clear()
    assert store.total_bytes == 0
    assert store.get("28") is None
    store.close()


def test_what_the_store_forgets_is_not_in_its_file_either(tmp_path):
    face = b"the face of somebody" * 300
    file = tmp_path / "thumbs.sqlite"
    store = ThumbnailStore(file)
    store.put("a", face)
    store.put("b", bytes(1000))
    store.commit()
    store.forget(["a"])
    kept = b"".join(part.read_bytes() for part in tmp_path.iterdir())
    assert b"somebody" not in kept
    assert store.get("b") is not None
    assert store.total_bytes == 1000
    store.close()


def test_a_store_that_cannot_forget_says_so(tmp_path):
    file = tmp_path / "thumbs.sqlite"
    store = ThumbnailStore(file)
    store.put("a", b"jpeg")
    store.commit()
    other = sqlite3.connect(file)
    other.execute("drop table thumbnail")
    with pytest.raises(CacheError, match="still holds"):
        store.forget(["a"])
    other.close()
    store.close()


def test_each_size_has_a_file_of_its_own_and_none_is_served_for_another(qtbot, make, tmp_path):
    path = pictures.save(pictures.face(1, (1000, 500)), tmp_path / "large.png")
    service = make([path], cache_file=None, side=256)
    for side in (256, 512, 256):
        service.set_side(side)
        with qtbot.waitSignal(service.ready) as ready:
            service.want([0])
        assert max(ready.args[1].shape) == side
    files = {256: default_file(256), 512: default_file(512)}
    assert service.close(waiting.LONG_S)
    sha256 = read_file(path).sha256
    for side, file in files.items():
        with Image.open(io.BytesIO(ThumbnailStore(file).get(sha256))) as kept:
            assert max(kept.size) == side


def test_what_is_forgotten_is_gone_in_every_size(qtbot, make, tmp_path):
    path = pictures.save(pictures.face(1, (600, 600)), tmp_path / "face.png")
    service = make([path], cache_file=None, side=512)
    for side in (512, 256):
        service.set_side(side)
        with qtbot.waitSignal(service.ready):
            service.want([0])
    sha256 = read_file(path).sha256
    service.erase([sha256])
    assert service.close(waiting.LONG_S)
    assert [ThumbnailStore(default_file(side)).get(sha256) for side in (256, 512)] == [None, None]


def test_all_sizes_together_stay_near_the_bound(tmp_path):
    files = {side: tmp_path / f"thumbnails-{side}.sqlite" for side in (256, 512, 768)}
    assert share(files[512], 1000) == 1000
    files[256].write_bytes(b"x" * 600)
    assert share(files[512], 1000) == 400
    files[768].write_bytes(b"x" * 600)
    assert share(files[512], 1000) == 250, "a quarter is always left"
    os.utime(files[256], (0, 0))
    assert share(files[512], 1000) == 400
    assert not files[256].exists(), "nobody has needed it for a month"


def test_memory_is_bounded_in_number():
    memory = PixelMemory(1 << 20, 3)
    for key in range(5):
        memory.put(key, np.zeros((2, 2), np.uint8))
    assert list(memory) == [2, 3, 4]


def test_memory_is_bounded_in_bytes():
    memory = PixelMemory(3000)
    for key in range(5):
        memory.put(key, np.zeros((10, 100), np.uint8))
        memory.get(0)
    assert 0 in memory
    assert list(memory) == [3, 4, 0][-len(list(memory)) :] or len(list(memory)) == 3
    assert memory.total_bytes == 3000
    memory.put(9, np.zeros((100, 100), np.uint8))  # larger than the bound: kept, alone
    assert list(memory) == [9]
    memory.clear()
    assert memory.total_bytes == 0
