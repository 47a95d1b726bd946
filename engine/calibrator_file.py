"""A calibrator as a file: plain JSON that also says whose scores it maps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine.calibrate import CalibrationError, Calibrator
from engine.run import write_json


def write(path: Path, found: Calibrator, model_id: str) -> None:
    """Write atomically.

    Raises:
        CalibrationError: the file cannot be written.
    """
    try:
        write_json(path, {"model": model_id, **found.to_json()})
    except OSError as error:
        raise CalibrationError(f"Cannot write {path}: {error.strerror or error}.") from error


def read_for(path: Path, model_id: str) -> Calibrator:
    """The calibrator in a file.

    Raises:
        CalibrationError: it cannot be read, or it maps the scores of another model than `model_id`.
    """
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CalibrationError(f"Cannot read the calibrator {path}: {error}.") from error
    if not isinstance(data, dict):
        raise CalibrationError(f"{path} is no calibrator.", "Make one with 'fiqa calibrate'.")
    found = Calibrator.from_json(data)
    if data.get("model") != model_id:
        whose = f"of model {data['model']}" if data.get("model") else "of a model that it does not name"
        raise CalibrationError(
            f"{path} maps the scores {whose}, and these are of {model_id}: each model has a scale of its own.",
            "Give the model with --model, or make a calibrator for this one with 'fiqa calibrate'.",
        )
    return found
