"""The window and the label library."""

import engine as engine  # before anything that imports NumPy, see `engine.blas`
