"""Which filters may be asked by somebody who must not see scores and labels."""

from __future__ import annotations

import pytest

from app.library.query import compile_query
from app.ui.rating.blind import tells

TELLING = """
score:>0.5 | student:any | score@old:<0.3 | mos:none | diff:>0.1 | suspect:>3 | spread:any | ratings:>1 | n:0
rater:anna | rater:none | provenance:human | rated:>2026 | sharpness:<0.3 | noise:any | is:rated | is:mine | is:labelled
is:edited | is:suspect | -is:unlabelled | NOT (name:a OR is:unlabelled) | name:a (flag:reject OR mos:<0.3)
"""
SILENT = """
| score_001.jpg | name:score* | path:mos/suspect | "edited" | note:"mos too low" | flag:reject | reason:duplicate
person:anna | split:test | problem:any | width:>200 | pixels:>5000 | size:>2MB | date:>2026-11-01 | is:unlabelled
is:flagged -is:problem OR is:missing | is:scored
"""


def filters(listed):
    return [text.strip() for line in listed.strip().split("\n") for text in line.split("|")]


@pytest.mark.parametrize("text", filters(TELLING))
def test_a_filter_that_tells_is_known(text):
    assert tells(compile_query(text).tree)


@pytest.mark.parametrize("text", filters(SILENT))
def test_a_filter_that_tells_nothing_may_be_asked(text):
    assert not tells(compile_query(text).tree)
