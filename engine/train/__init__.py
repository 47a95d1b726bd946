"""Training: everything that needs torch. Importing it decides how torch's threads wait, before torch is loaded."""

import os

# Threads that spin while they wait for each other starve on a machine that does anything else: beside a window that
# scores, two spinning threads learned 4 images a second, two sleeping ones 21. Read once, when OpenMP is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("KMP_BLOCKTIME", "0")
