"""What every gate asks: shall the result of a run be used?"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget


class GatePage(QWidget):
    """A page on which a person decides about a result.

    Signals:
        use_requested(str): use the result of this run directory.
        keep_requested(str): all stays as it is.
        back_requested(str): use the former model (its id) again.
        image_clicked(int): show this image.
    """

    use_requested = Signal(str)
    keep_requested = Signal(str)
    back_requested = Signal(str)
    image_clicked = Signal(int)
