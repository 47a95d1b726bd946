"""The engine's terminal commands (`fiqa ...`, `python -m engine ...`). Each is thin: parse, call, print, exit."""

from __future__ import annotations

from engine import console
from engine.cli import (
    baselines,
    benchmark,
    calibration,
    checkup,
    data,
    evaluation,
    models,
    pseudo_labels,
    scoring,
    training,
)
from engine.cli._app import app

__all__ = [
    "app",
    "baselines",
    "benchmark",
    "calibration",
    "checkup",
    "data",
    "evaluation",
    "main",
    "models",
    "pseudo_labels",
    "scoring",
    "training",
]


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns its exit status."""
    return console.guard(lambda: app(args=arguments))
