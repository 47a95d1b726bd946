"""Runs first in a packaged program: an empty module in the place of PySide6.QtOpenGL (9 MB).

pyqtgraph imports it for curves and meshes that OpenGL draws, which it does only when asked to; nothing here asks.
"""

import sys
import types

sys.modules["PySide6.QtOpenGL"] = types.ModuleType("PySide6.QtOpenGL")
