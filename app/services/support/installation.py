"""Facts about this program and this machine, for About and for the diagnostics."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path
from typing import Any

import onnxruntime
import psutil
from PySide6.QtCore import QLibraryInfo, QLocale, QSysInfo, qVersion

from app.services.support import licences
from engine import __version__, edition


def program() -> dict[str, Any]:
    """Versions, and what scores."""
    return {
        "version": __version__,
        "edition": edition.edition(),
        "python": platform.python_version(),
        "qt": qVersion(),
        "qt build": QLibraryInfo.build(),
        "onnxruntime": onnxruntime.__version__,
        "providers": onnxruntime.get_available_providers(),
        "command line": sys.argv,
        "parts": {part.name: part.version for part in licences.components()},
    }


def machine(place: Path) -> dict[str, Any]:
    """System, processor, memory, and the disk that a place lies on."""
    memory, disk = psutil.virtual_memory(), psutil.disk_usage(str(place))
    return {
        "system": QSysInfo.prettyProductName(),
        "kernel": platform.platform(),
        "architecture": platform.machine(),
        "cores": {"logical": psutil.cpu_count(), "physical": psutil.cpu_count(logical=False)},
        "memory_mb": {"total": memory.total >> 20, "available": memory.available >> 20},
        "used by this program_mb": psutil.Process().memory_info().rss >> 20,
        "library disk_mb": {"total": disk.total >> 20, "free": disk.free >> 20},
        "language": QLocale.system().name(),
        "display": {k: os.environ.get(k, "") for k in ("QT_QPA_PLATFORM", "XDG_SESSION_TYPE", "QT_SCALE_FACTOR")},
    }
