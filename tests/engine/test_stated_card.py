"""The card that a file states: the same as that of the verified bundle, and nothing but None from anything else."""

from __future__ import annotations

import subprocess
import sys

import pytest

import resources
from engine.bundle import read_bundle
from engine.stated_card import stated_card
from tests import bundles


def test_it_is_the_card_of_the_bundle(tmp_path):
    made = bundles.write(tmp_path / "m.onnx", name="größer als 127 Zeichen: " + 200 * "x")
    assert stated_card(made.path) == made.card
    for bundled in resources.BUNDLED.values():
        assert stated_card(bundled.bundle) == read_bundle(bundled.bundle).card


@pytest.mark.parametrize(
    "data", [b"", b"no model", b"\x80\x05pickle", b"PK\x03\x04zip", b"\xff" * 64, b"\x72\x05\x0a\x00\x12\x90\x01"]
)
def test_what_states_none_is_none(tmp_path, data):
    (tmp_path / "m.onnx").write_bytes(data)
    assert stated_card(tmp_path / "m.onnx") is None
    assert stated_card(tmp_path / "none.onnx") is None
    assert stated_card(tmp_path) is None


def test_a_file_that_is_cut_off_states_none(tmp_path):
    whole = bundles.write(tmp_path / "m.onnx").path.read_bytes()
    for length in range(0, len(whole) - 1, len(whole) // 50):
        (tmp_path / "cut.onnx").write_bytes(whole[:length])
        assert stated_card(tmp_path / "cut.onnx") is None


def test_the_window_s_start_does_not_pay_for_onnx():
    code = (
        "import sys, resources; from engine.stated_card import stated_card; "
        "sys.exit(stated_card(resources.default_model()) is None or 'onnx' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
