"""Measurements of speed and scale, with the peer beside us in the same run."""

import engine  # noqa: F401  # before any module here loads ONNX Runtime: see there
