"""A run directory: the contract between whoever starts a training and whoever watches it.

    job.json  state.json  control.json  manifest.csv  events.jsonl  log.txt
    checkpoints/  errors.csv  model.onnx  report.json  predictions.csv
    features.npz  calibrator.json                       (of a job of kind `calibrate` or `personalise`)

The job writes `state.json` and appends to `events.jsonl`; watchers write `control.json` and read. Nothing
is a pipe, so the job outlives the window and a window opened later finds it again.
"""

from __future__ import annotations

from engine.run.directory import SCHEMA, Job, Kind, Listener, Request, RunDirectory
from engine.run.events import EventTail, EventType
from engine.run.files import RunError, now, read_json, write_json
from engine.run.state import State, Status, process_started

__all__ = [
    "SCHEMA",
    "EventTail",
    "EventType",
    "Job",
    "Kind",
    "Listener",
    "Request",
    "RunDirectory",
    "RunError",
    "State",
    "Status",
    "now",
    "process_started",
    "read_json",
    "write_json",
]
