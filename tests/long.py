"""Tests that take minutes run with FIQA_LONG_TESTS=1; each has a small version that always runs."""

from __future__ import annotations

import os

import pytest

LONG = pytest.mark.skipif(not os.environ.get("FIQA_LONG_TESTS"), reason="takes minutes; set FIQA_LONG_TESTS=1")
