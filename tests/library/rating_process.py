"""A process that labels for ever and tells its parent of each act once it is durable. To be killed at any moment."""

from __future__ import annotations

import random
from multiprocessing.connection import Connection
from pathlib import Path

from app.library import edits, people
from app.library.library import Library


def label_until_killed(directory: str, seed: int, told: Connection) -> None:
    """Send (act's seq, kind, image ids, value) after each act."""
    choose = random.Random(seed)
    library = Library.open(Path(directory))
    rater = people.ensure_rater(library, f"rater {seed % 3}")
    who = {"rater_id": rater.id, "session_id": people.start_session(library, rater.id)}
    while True:
        images = choose.sample(range(1, 41), choose.choice((1, 1, 1, 10, 40)))
        value = round(choose.random(), 4)
        kind = choose.choice(("correct", "correct", "rate", "undo"))
        if kind == "undo":
            changes = edits.undo(library, **who)
        else:
            changes = (edits.correct if kind == "correct" else edits.rate)(library, images, value, **who)
        told.send((changes.seq, changes.kind, changes.image_ids, value))
