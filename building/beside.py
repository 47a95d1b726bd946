"""What lies beside the executable: licences, and on Linux the icon and a menu entry."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

import resources
from building import contents
from building.contents import Build

_HERE: Final = Path(__file__).resolve().parent
_ICONS: Final = {"win32": _HERE / "fiqa-desktop.ico", "darwin": _HERE / "fiqa-desktop.icns"}
_INSTALLER: Final = _HERE / "add-to-menu.sh"


def icon() -> str | None:
    """The file that this system wants in the executable; Linux takes it from the menu entry."""
    found = _ICONS.get(sys.platform)
    return str(found) if found else None


def put(build: Build, folder: Path, licences: Path) -> None:
    """Into the folder that was built."""
    shutil.copyfile(contents.ROOT / "LICENSE", folder / "LICENSE.txt")
    shutil.copyfile(licences, folder / "LICENCES.txt")
    if sys.platform == "linux":
        shutil.copyfile(resources.icon(), folder / "fiqa-desktop.png")
        shutil.copy2(_INSTALLER, folder / _INSTALLER.name)
        (folder / "fiqa-desktop.desktop").write_text(desktop_entry(build, "@FOLDER@"), encoding="utf-8")


def desktop_entry(build: Build, folder: str) -> str:
    """A menu entry after the freedesktop.org specification; `add-to-menu.sh` puts the real folder in."""
    return f"""[Desktop Entry]
Type=Application
Version=1.5
Name={build.title}
GenericName=Face image quality
GenericName[zh_CN]=人脸图像质量
Comment=Judge, curate and relabel face images by perceptual quality
Exec="{folder}/{contents.NAME}" %f
Icon={folder}/fiqa-desktop.png
Terminal=false
Categories=Graphics;Photography;Science;
MimeType=inode/directory;
StartupWMClass={contents.NAME}
"""
