"""What TensorBoard reads is what the run told."""

from __future__ import annotations

import sys

import pytest

from engine import tensorboard
from engine.errors import UserError

EVENTS = [
    {"type": "run", "at": "2026-11-24T10:00:00.000+00:00"},
    {"type": "step", "at": "2026-11-24T10:00:01.000+00:00", "stage": "student", "step": 7, "loss": 0.5, "lr": 0.001},
    {
        "type": "epoch",
        "at": "2026-11-24T10:00:02.000+00:00",
        "stage": "student",
        "epoch": 1,
        "srcc": 0.75,
        "plcc": None,
    },
]


def scalars(folder):
    from tensorboardX.proto.event_pb2 import Event

    found = {}
    for file in folder.glob("events.out.tfevents.*"):
        data = file.read_bytes()
        while data:  # a record: length (8 bytes), checksum (4), the event, checksum (4)
            size = int.from_bytes(data[:8], "little")
            event = Event.FromString(data[12 : 12 + size])
            data = data[16 + size :]
            for value in event.summary.value:
                found[value.tag] = (event.step, round(value.simple_value, 6), event.wall_time)
    return found


def test_values_steps_and_times(tmp_path):
    assert tensorboard.write(EVENTS, tmp_path / "run") == 3
    found = scalars(tmp_path / "run")
    assert found["student/train/loss"][:2] == (7, 0.5)
    assert found["student/validation/srcc"][:2] == (1, 0.75)
    assert found["student/validation/srcc"][2] - found["student/train/loss"][2] == pytest.approx(1.0)
    assert "student/validation/plcc" not in found  # a number that does not exist is no zero


def test_twice_into_one_folder_is_refused(tmp_path):
    tensorboard.write(EVENTS, tmp_path)
    with pytest.raises(UserError, match="already"):
        tensorboard.write(EVENTS, tmp_path)


def test_without_the_package_it_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    with pytest.raises(UserError, match="tensorboardX") as told:
        tensorboard.write(EVENTS, tmp_path)
    assert "pip install" in told.value.remedy
