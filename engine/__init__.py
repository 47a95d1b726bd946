"""The quality engine: images in, numbers out. Imports no Qt and no SQL (see tests/test_floors.py)."""

import os

from engine import blas as blas

__version__ = "0.1.0"

# The wheels of ONNX Runtime (Linux and macOS since 1.29) send usage to their maker unless this is set before they are
# first loaded: the program's path, names and hashes of models, and an id of the machine that they keep in the cache
# folder. Whatever imports ONNX Runtime in this program therefore imports this package first.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
