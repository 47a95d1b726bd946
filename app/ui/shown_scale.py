"""On which scale the scores are shown, in words: beside the model's name in the status bar, and in its tip."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.library.calibrators import PERCENTILE
from app.services.rooms.desk_scale import ShownAs
from app.ui import words


def _tr(text: str) -> str:
    return QCoreApplication.translate("shown_scale", text)


def name(shown: ShownAs) -> str:
    """A few words; empty: raw scores."""
    if shown.kind == PERCENTILE:
        return _tr("percentiles of {0}").format(shown.reference)
    return _tr("calibrated to {0} labels").format(words.thousands(shown.labels)) if shown.kind else ""


def told(shown: ShownAs) -> str:
    """What the numbers under the faces are, and how to see others; empty where they are the scores themselves."""
    if shown.kind != PERCENTILE:
        return ""
    return _tr(
        "The numbers from 0 to 100 say how many of every hundred of {0} score no higher. The menu Model shows the "
        "scores themselves instead."
    ).format(shown.reference)
