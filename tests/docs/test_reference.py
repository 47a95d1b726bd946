"""What the guide says of commands, keys, filters and messages is what the code says."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from urllib.parse import unquote

from scripts import check_docs, messages, reference
from scripts.message_page import Advice, all_messages

IMAGES = check_docs.ROOT / "docs" / "images"


def test_the_made_pages_are_up_to_date():
    assert not reference.outdated(), "run: python scripts/reference.py"


def test_every_message_says_what_to_do():
    """A new message needs a remedy of its own, or an entry in scripts/messages.toml."""
    advice = Advice()
    assert [f"{m.module}: {m.text}" for m in advice.without(all_messages())] == []
    assert advice.unused(all_messages()) == []


def test_the_walk_reads_every_way_of_saying(tmp_path):
    (tmp_path / "app").mkdir()
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "errors.py").write_text("class UserError(Exception): ...\n")
    (tmp_path / "app" / "a.py").write_text(
        textwrap.dedent(
            """
            class OwnError(UserError): ...
            BUSY = ("It is busy.", "Wait.")
            KINDS = {"full": ("It is full.", "Empty it."), "busy": BUSY}
            def plain(name, count):
                raise OwnError(f"{name} has {count} legs.", "Count again.")
            def by_name(why):
                text = "Two" if why else "Three"
                raise UserError(text, remedy="Choose.")
            def tuples(kind):
                if kind: raise OwnError(*BUSY)
                raise OwnError(KINDS[kind][0], KINDS[kind][1])
            def advice(word):
                return f"Ask {word}."
            def asks():
                raise OwnError("It asks.", advice("Ann"))
            def helper(text):
                return OwnError(text)
            def uses():
                raise helper("By a helper.")
            """
        )
    )
    found = {m.text: m.remedy for m in messages.collect(tmp_path)}
    assert found == {
        "… has … legs.": "Count again.",
        "Two": "Choose.",
        "Three": "Choose.",
        "It is busy.": "Wait.",
        "It is full.": "Empty it.",
        "It asks.": "Ask ….",
        "By a helper.": "",
    }


def _links(page: Path) -> list[str]:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return [unquote(link) for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]


def _leads(page: Path, link: str) -> bool:
    target, _, part = link.partition("#")
    file = (page.parent / target) if target else page
    if not file.exists() or not part:
        return file.exists()
    heads = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return part in {re.sub(r"[^\w\- ]", "", head.casefold()).replace(" ", "-") for head in heads}


def test_links_lead_somewhere():
    broken = [f"{page.name}: {link}" for page in check_docs.pages() for link in _links(page) if not _leads(page, link)]
    assert broken == []


def test_every_page_is_reached_from_the_index():
    start = check_docs.ROOT / "docs" / "index.md"
    seen, waiting = set(), [start]
    while waiting:
        page = waiting.pop()
        seen.add(page)
        found = [(page.parent / link.partition("#")[0]).resolve() for link in _links(page)]
        waiting += [file for file in found if file.suffix == ".md" and file not in seen and file.exists()]
    assert [page.name for page in check_docs.pages() if page not in seen and page.name != "README.md"] == []


def test_pictures_are_used_and_small():
    used = {(page.parent / link).resolve() for page in check_docs.pages() for link in _links(page)}
    for picture in IMAGES.iterdir():
        assert picture.stat().st_size < 400_000, f"{picture.name} is large: make it by scripts/screenshots.py"
        assert picture in used, f"no page shows {picture.name}"
