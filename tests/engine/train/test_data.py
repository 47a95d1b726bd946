"""The pixel cache shows training what scoring sees; batches are fair, repeatable and safe for small sets."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from engine import image
from engine.errors import Cancelled
from engine.manifest import Row
from engine.recipes import Training
from engine.train import data
from engine.train.data import PixelCache
from engine.train.sampling import epoch_batches
from engine.train.schedule import crop_in, learning_rate, work_left
from tests import pictures

pytestmark = pytest.mark.train
SIZE = 48


def rows_of(folder, sizes):
    return [Row(pictures.save(pictures.face(k, size), folder / f"{k}.png")) for k, size in enumerate(sizes)]


def test_the_centre_is_what_scoring_sees(tmp_path):
    sizes = [(80, 80), (97, 60), (61, 130), (400, 60), (61, 333), (48, 48), (30, 20), (1000, 37)]
    rows = rows_of(tmp_path, sizes)
    cache = PixelCache(tmp_path / "cache", rows, SIZE)
    cache.ensure(range(len(rows)))
    found = cache.center_crops(np.arange(len(rows)))
    for pixels, row in zip(found, rows, strict=True):
        decoded = image.decode(row.path.read_bytes(), path=row.path)
        np.testing.assert_array_equal(pixels, image.preprocess(decoded, SIZE))


def test_random_crops_are_those_of_the_image_module(tmp_path):
    rows = rows_of(tmp_path, [(80, 61), (60, 95)])
    cache = PixelCache(tmp_path / "cache", rows, SIZE)
    cache.ensure([0, 1])
    found = cache.random_crops(np.array([0, 1]), np.random.default_rng(5))
    rng = np.random.default_rng(5)
    for pixels, row in zip(found, rows, strict=True):
        small = image.resize_short_side(image.decode(row.path.read_bytes(), path=row.path), SIZE)
        np.testing.assert_array_equal(pixels, np.asarray(image.random_crop(small, SIZE, rng)))


def test_smaller_crops_are_windows_of_the_picture_at_full_size(tmp_path):
    cache = PixelCache(tmp_path / "cache", rows_of(tmp_path, [(SIZE, SIZE)]), SIZE)
    cache.ensure([0])
    picture = cache.center_crops(np.array([0]))[0]
    windows = np.lib.stride_tricks.sliding_window_view(picture, (20, 20, 3)).reshape(-1, 20, 20, 3)
    places = {w.tobytes(): k for k, w in enumerate(windows)}
    found = [places[crop.tobytes()] for crop in cache.random_crops(np.zeros(200, np.intp), _rng(), side=20)]
    rows, columns = np.divmod(found, SIZE - 20 + 1)
    assert {0, SIZE - 20} <= set(rows)  # from edge to edge
    assert {0, SIZE - 20} <= set(columns)
    with pytest.raises(ValueError, match="49 pixels"):
        cache.random_crops(np.array([0]), _rng(), side=SIZE + 1)


def _rng():
    return np.random.default_rng(3)


def test_flips_are_flips(tmp_path):
    cache = PixelCache(tmp_path / "cache", rows_of(tmp_path, [(SIZE, SIZE)]), SIZE)
    cache.ensure([0])
    plain = cache.center_crops(np.array([0]))[0]
    many = cache.random_crops(np.zeros(40, np.intp), np.random.default_rng(0), flip=True)
    kinds = Counter("plain" if np.array_equal(p, plain) else "flipped" for p in many)
    assert np.array_equal(next(p for p in many if not np.array_equal(p, plain)), plain[:, ::-1])
    assert min(kinds.values()) > 10


def test_unreadable_and_changed_pictures_are_left_out_with_the_reason(tmp_path):
    rows = rows_of(tmp_path, [(60, 60)] * 4)
    pictures.truncated_jpeg(rows[1].path)
    rows[2] = Row(rows[2].path, sha256="0" * 64)
    rows[3].path.unlink()
    cache = PixelCache(tmp_path / "cache", rows, SIZE)
    cache.ensure(range(4))
    assert cache.readable(np.arange(4)).tolist() == [0]
    reasons = [cache.unreadable[k].reason for k in (1, 2, 3)]
    assert reasons == ["the file is truncated", "the file changed since it was labelled", "the file is gone"]
    data.write_errors(tmp_path / "errors.csv", list(cache.unreadable.values()))
    with (tmp_path / "errors.csv").open(newline="") as stream:
        assert [r["path"] for r in csv.DictReader(stream)] == [str(r.path) for r in rows[1:]]


def test_what_could_not_be_read_is_tried_again_by_the_next_process(tmp_path):
    rows = rows_of(tmp_path, [(60, 60), (70, 60)])
    whole = rows[1].path.read_bytes()
    pictures.truncated_jpeg(rows[1].path)
    first = PixelCache(tmp_path / "cache", rows, SIZE)
    first.ensure([0, 1])
    assert list(first.unreadable) == [1]
    rows[1].path.write_bytes(whole)
    again = PixelCache(tmp_path / "cache", rows, SIZE)
    again.ensure([0, 1])
    assert again.unreadable == {}
    decoded = image.decode(whole, path=rows[1].path)
    np.testing.assert_array_equal(again.center_crops(np.array([1]))[0], image.preprocess(decoded, SIZE))
    third = PixelCache(tmp_path / "cache", rows, SIZE)
    assert third.decoded() == [0, 1]


def test_another_process_learns_from_what_the_first_could_read_and_no_more(tmp_path):
    rows = rows_of(tmp_path, [(60, 60), (70, 60)])
    whole = rows[1].path.read_bytes()
    pictures.truncated_jpeg(rows[1].path)
    PixelCache(tmp_path / "cache", rows, SIZE).ensure([0, 1])
    rows[1].path.write_bytes(whole)
    other = PixelCache(tmp_path / "cache", rows, SIZE)
    other.attach()
    assert other.readable(np.arange(2)).tolist() == [0]
    assert other.center_crops(np.array([0])).shape == (1, SIZE, SIZE, 3)


def test_the_list_of_errors_can_be_read_back(tmp_path):
    listed = [data.Unreadable(tmp_path / "a, b.jpg", 'it is "odd"'), data.Unreadable(tmp_path / "c.jpg", "gone")]
    data.write_errors(tmp_path / "errors.csv", listed)
    assert data.read_errors(tmp_path / "errors.csv") == listed
    assert data.read_errors(tmp_path / "none.csv") == []


def test_an_interrupted_cache_goes_on(tmp_path, monkeypatch):
    rows = rows_of(tmp_path, [(60, 60), (70, 60), (60, 75), (90, 90)])

    def stop(done, _):
        if done >= 2:
            raise Cancelled

    monkeypatch.setattr(data, "_CHUNK", 2)
    with pytest.raises(Cancelled):
        PixelCache(tmp_path / "cache", rows, SIZE).ensure(range(4), on_progress=stop)
    with (tmp_path / "cache" / f"{SIZE}.u8").open("ab") as stream:
        stream.write(b"torn")  # pixels whose index line was never written
    with (tmp_path / "cache" / f"{SIZE}.csv").open("a") as stream:
        stream.write("3,99")
    asked = []
    again = PixelCache(tmp_path / "cache", rows, SIZE)
    again.ensure(range(4), on_progress=lambda _, total: asked.append(total))
    assert set(asked) == {2}
    fresh = PixelCache(tmp_path / "other", rows, SIZE)
    fresh.ensure(range(4))
    np.testing.assert_array_equal(again.center_crops(np.arange(4)), fresh.center_crops(np.arange(4)))


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "cache").symlink_to(tmp_path / "gone")
    with pytest.raises(data.DataError, match="cache for decoded images cannot be made"):
        PixelCache(tmp_path / "cache", [], 32)


def test_one_source_every_image_once_and_the_rest_left_out():
    batches = list(epoch_batches([np.arange(21)], 8, np.random.default_rng(0)))
    assert [len(rows) for rows, _ in batches] == [8, 8]
    seen = np.concatenate([rows for rows, _ in batches])
    assert len(set(seen.tolist())) == 16
    again = list(epoch_batches([np.arange(21)], 8, np.random.default_rng(0)))
    np.testing.assert_array_equal(seen, np.concatenate([rows for rows, _ in again]))


@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_set_smaller_than_a_batch_is_one_batch(count):
    batches = list(epoch_batches([np.arange(count)], 32, np.random.default_rng(0)))
    assert [sorted(rows.tolist()) for rows, _ in batches] == [list(range(count))]


def test_sources_have_equal_quotas_whatever_their_size():
    small, large, third = np.arange(3), np.arange(100, 160), np.arange(200, 220)
    batches = list(epoch_batches([small, large, third], 8, np.random.default_rng(0)))
    assert len(batches) == 83 // 8
    for rows, counts in batches:
        assert counts == (3, 3, 2)
        assert set(rows[:3]) <= set(small)
        assert set(rows[3:6]) <= set(large)
        assert set(rows[6:]) <= set(third)
    seen = Counter(int(r) for rows, _ in batches for r in rows[:3])
    assert max(seen.values()) - min(seen.values()) <= 1


def test_an_empty_source_is_refused_and_does_not_hang():
    with pytest.raises(ValueError, match="no images"):
        next(epoch_batches([np.arange(4), np.arange(0)], 4, np.random.default_rng(0)))


def test_prefetched_keeps_order_and_errors():
    def numbers():
        yield from range(3)
        raise OSError("gone")

    found = []
    with pytest.raises(OSError, match="gone"):
        found.extend(data.prefetched(numbers()))
    stream = data.prefetched(iter(range(5)))
    assert next(stream) == 0
    stream.close()


def rates(total=100, **values):
    training = Training(lr=1.0, **values)
    return [learning_rate(training, k, steps_per_epoch=10, total=total) for k in range(total)]


def test_the_paper_s_schedule_falls_every_ten_epochs():
    found = rates(300, schedule="step")
    assert found[99] == 1.0
    assert found[100] == pytest.approx(0.1)
    assert found[299] == pytest.approx(0.01)


def test_onecycle_is_torch_s():
    import torch

    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    expected, cycle = (
        [],
        torch.optim.lr_scheduler.OneCycleLR(
            optimizer, 1.0, total_steps=101, pct_start=0.2, final_div_factor=400, cycle_momentum=False
        ),
    )
    for _ in range(100):
        expected.append(cycle.get_last_lr()[0])
        optimizer.step()
        cycle.step()
    found = rates(schedule="onecycle", warmup=0.19)
    np.testing.assert_allclose(found, expected, atol=0.03)
    assert max(found) == pytest.approx(1.0, abs=1e-3)
    assert found[-1] < 0.01


def test_cosine_rises_and_falls_to_nothing():
    found = rates(schedule="cosine", warmup=0.1)
    assert found[:10] == pytest.approx([0.1 * k for k in range(1, 11)])
    assert found[10] == 1.0
    assert found[-1] < 1e-3
    assert found[10:] == sorted(found[10:], reverse=True)


def test_the_last_epochs_learn_from_whole_views_and_are_counted_by_their_area():
    training = Training(epochs=5, crop=50, whole_epochs=2)
    assert [crop_in(training, epoch) for epoch in range(5)] == [50, 50, 50, 0, 0]

    def left(step: int) -> float:
        return work_left(training, step, size=100, steps_per_epoch=10, total=50)

    assert left(0) == 30 + 20 * 4
    assert left(30) == 20 * 4  # the last step was one of crops
    assert left(31) == 19
    assert left(50) == 0
    every = replace(training, whole_epochs=5)
    assert work_left(every, 0, size=100, steps_per_epoch=10, total=50) == 50
    plain = replace(training, whole_epochs=0)
    assert work_left(plain, 20, size=100, steps_per_epoch=10, total=50) == 30
