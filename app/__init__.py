"""The desktop program, from the library's tables to the window."""

import engine  # noqa: F401  # before any module here loads ONNX Runtime: see there
