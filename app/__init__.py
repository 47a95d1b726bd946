"""The desktop program, from the library's tables to the window."""

import engine as engine  # before any module here loads NumPy or ONNX Runtime: see there
