"""What the disk allows: the time of a durable write, to judge ours by."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Final

import numpy as np

COMMITS: Final = 200


def bare_commits(place: Path, name: str) -> dict[str, float]:
    """Milliseconds of one row and one commit, with the safety of a library (WAL, `synchronous=FULL`), by percentile."""
    took = []
    with tempfile.TemporaryDirectory(dir=place) as folder, closing(sqlite3.connect(f"{folder}/bare.sqlite")) as bare:
        bare.isolation_level = None
        for statement in ("pragma journal_mode=WAL", "pragma synchronous=FULL", "create table bare (said text)"):
            bare.execute(statement)
        for _ in range(COMMITS):
            began = time.perf_counter()
            bare.execute("begin immediate")
            bare.execute("insert into bare values ('a label')")
            bare.execute("commit")
            took.append(1000 * (time.perf_counter() - began))
    return {f"{name}: a bare commit p{at}, ms": float(np.percentile(took, at)) for at in (50, 95)}
