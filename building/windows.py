"""What Windows shows of the executable under Properties > Details."""

from __future__ import annotations

from typing import Any

from building import contents
from building.contents import Build


def version_info(build: Build, version: str) -> Any:
    """PyInstaller's form of a version resource."""
    from PyInstaller.utils.win32 import versioninfo as form

    numbers = (*(int(n) for n in version.split(".")[:3]), 0)
    words = {
        "CompanyName": "The FIQA Desktop authors",
        "FileDescription": build.title,
        "FileVersion": version,
        "InternalName": contents.NAME,
        "LegalCopyright": "Apache License 2.0; see LICENCES.txt",
        "OriginalFilename": f"{contents.NAME}.exe",
        "ProductName": build.title,
        "ProductVersion": version,
    }
    table = form.StringTable("040904B0", [form.StringStruct(key, text) for key, text in words.items()])
    return form.VSVersionInfo(
        ffi=form.FixedFileInfo(filevers=numbers, prodvers=numbers),
        kids=[form.StringFileInfo([table]), form.VarFileInfo([form.VarStruct("Translation", [0x0409, 1200])])],
    )
