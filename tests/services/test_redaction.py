"""No name leaves the machine unasked: whatever a text says, and however a name is written in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from app.services.support.redaction import Redactor

ROOT = "/home/ann lee/My Faces"
NAMES = {
    "files": {f"{ROOT}/John Smith/img 1.jpg", "John Smith/img 1.jpg", "img 1.jpg", "face-01.jpg"},
    "folders": {ROOT, f"{ROOT}/John Smith", "John Smith"},
    "people": {"Ann Lee", "王伟", "René"},
    "words": {"nose is odd"},
}


@pytest.fixture
def redactor():
    places = {"library": Path("/home/ann lee/lib"), "program": Path("/opt/fiqa"), "home": Path("/home/ann lee")}
    return Redactor("a key", places=places, **NAMES)


@pytest.mark.parametrize(
    ("text", "private"),
    [
        (f"Cannot read {ROOT}/John Smith/img 1.jpg (img 1.jpg): broken", ("John", "img", "My Faces")),
        ("The end of face-01.jpg.", ("face-01",)),
        ("ann lee said 'nose is odd' of JOHN SMITH", ("ann", "nose", "SMITH")),
        ("王伟的照片, RENÉ's", ("王伟", "RENÉ")),
        (r"C:\Users\Bob\Faces of Eve\a b.png is gone", ("Bob", "Eve", "a b")),
        ("cannot write '/mnt/Eve Miller/my labels.csv'", ("Eve", "Miller", "my labels")),
        ("'unknown picture.heic' holds no image", ("unknown",)),
        ("~/secret/plan", ("secret",)),
        ("file:///srv/eve/x.tif: no such file", ("eve",)),
    ],
)
def test_names_and_paths_go(redactor, text, private):
    clean = redactor.text(text)
    assert not [name for name in private if name in clean], clean


@pytest.mark.parametrize(
    "text",
    [
        'File "<program>/engine/image.py", line 3, in open',
        "epoch 3/4: srcc 0.71, and/or 1.5e-3 of https://example.org/a",
        "manifest.csv and predictions.csv of the run; gracefully, an announcement",
    ],
)
def test_what_the_program_says_of_itself_stays(redactor, text):
    assert redactor.text(text.replace("<program>", "/opt/fiqa")) == text


def test_a_name_has_one_token_wherever_it_stands_and_another_under_another_key(redactor):
    record = {"files": ["face-01.jpg", {"face-01.jpg": 1}], "n": 3, "none": None}
    clean = redactor.value(record)
    token = clean["files"][0]
    assert clean == {"files": [token, {token: 1}], "n": 3, "none": None}
    assert Redactor("another key", **NAMES).text("face-01.jpg") != token


@example(stem="000İ", around="{}")  # two letters when small
@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    stem=st.text(st.characters(whitelist_categories=("L", "N")), min_size=4, max_size=12),
    around=st.sampled_from(["{}", "read {} twice", "({}),", "'{}'", '"{}": 1', "a={};", "{}."]),
)
def test_whatever_the_name(stem, around):
    assume(not any(stem in word for word in ("file", "folder", "name", "path", "words")))  # they stand in the tokens
    name = f"{stem} x.jpg"
    redactor = Redactor("k", files={name, f"/data/{name}"}, people={stem})
    for text in (name, f"/data/{name}", stem):
        assert stem not in redactor.text(around.format(text))
