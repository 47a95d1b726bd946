"""The quality engine: images in, numbers out. Imports no Qt and no SQL (see tests/test_floors.py)."""

from engine import blas as blas

__version__ = "0.1.0"
