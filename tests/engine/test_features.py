"""Tables of features on disk."""

from __future__ import annotations

import numpy as np

from engine.features import Key, Table
from tests.at_once import at_once


def test_a_run_and_forget_may_write_a_table_at_once(tmp_path):
    file = tmp_path / "features.npz"
    table = Table(Key("backbone", "preprocessing"), {f"{k:064}": np.full(64, k, np.float32) for k in range(500)})

    def write():
        for _ in range(10):
            table.write(file)

    assert at_once(write) == []
    assert Table.read(file).rows.keys() == table.rows.keys()
    assert [found.name for found in tmp_path.iterdir()] == [file.name]
