"""NumPy's linear algebra on one thread; imported before NumPy, since OpenBLAS looks once, when it is loaded.

What is solved here is small (a head of some hundred weights), and the threads of OpenBLAS wait for each other by
spinning: on two cores that other work shares, the fits of Personalise took 7.8 s of the processor so, and 0.02 s on one
thread. torch and ONNX Runtime have threads of their own. Whoever sets OPENBLAS_NUM_THREADS keeps what they set.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
