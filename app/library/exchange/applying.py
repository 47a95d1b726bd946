"""Writes a plan as one act, which one undo takes back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from sqlalchemy.orm import Session

from app.library import events, outcome
from app.library.changes import Changes
from app.library.errors import LibraryError
from app.library.events import ASSIGNMENT, CORRECTION, IMPORTED, RATING, Fact, Setting
from app.library.exchange import brought
from app.library.exchange.label_sets import find_or_add_set
from app.library.exchange.plan import ImportPlan, Match, OnConflict
from app.library.exchange.records import SetInfo
from app.library.library import Library
from app.library.people import find_or_add
from engine.run import now

_ANSWERS: Final = ("mine", "theirs", "rater")
Settings = dict[Fact, list[Setting]]


def apply_import(
    library: Library,
    plan: ImportPlan,
    *,
    on_conflict: OnConflict = "mine",
    as_rater: str = "",
    rater_id: int,
    session_id: int | None,
    initiator: object | None = None,
) -> Changes:
    """Write a plan.

    Where an image has another label: `mine` leaves it out, `theirs` lets the file's value go before it, and `rater`
    takes every line of the file as the opinion of one more rater, `as_rater` or else named after the label set. A file
    with raters of its own adds those. A split of the file is taken where the image has none, or with `theirs`.

    Raises:
        LibraryError: there is no such answer, or pseudo-labels are to become somebody's opinion.
    """
    if on_conflict not in _ANSWERS:
        raise LibraryError(f"There is no answer '{on_conflict}' to a conflict.", "Use mine, theirs or rater.")
    used = _used(plan, on_conflict)
    if not used:
        return Changes(0, "import", text=f"nothing to import from {plan.file.name}", initiator=initiator)
    count = len({m.image_id for m in used})
    text = f"imported {_labels(count)} from {plan.file.name}"
    with library.write() as session:
        used = brought.place(session, used)
        ids = sorted({m.image_id for m in used})
        seen = events.seen(session, ids)
        past = brought.begin_past(session, used)
        seq = events.begin_act(session, "import", text, rater_id=rater_id, session_id=session_id)
        brought.tie(session, past, seq)
        facts = set()
        for act, settings in sorted(_settings(session, plan, used, on_conflict, as_rater, past, seq).items()):
            for fact, wanted in settings.items():
                events.append(session, act, fact, wanted, seen)
                facts |= {fact} if wanted else set()
        outcome.refresh(session, facts, ids)
    new = any(m.image_id < 0 for m in plan.matched)
    if new:  # a library that had no image at all
        return Changes(seq, "import", labels=True, images=True, everything=True, text=text, initiator=initiator)
    return Changes(seq, "import", tuple(ids), labels=True, text=text, initiator=initiator)


def _used(plan: ImportPlan, on_conflict: OnConflict) -> list[Match]:
    if on_conflict == "rater" and any(m.kind != "mos" for m in plan.matched):
        raise LibraryError(
            f"{plan.file.name} holds labels that never become a MOS; they are nobody's opinion.",
            "Import them without 'add as rater'.",
        )
    differing = {(m.image_id, m.label_set) for m in plan.conflicts} if on_conflict == "mine" else set()
    return [m for m in plan.matched if (m.image_id, m.label_set) not in differing]


def _settings(
    session: Session,
    plan: ImportPlan,
    used: Sequence[Match],
    on_conflict: OnConflict,
    as_rater: str,
    past: Mapping[int, int],
    seq: int,
) -> dict[int, Settings]:
    """Act -> what its events set. What other people did elsewhere hangs on acts of its own in `past`."""
    out: dict[int, Settings] = defaultdict(lambda: defaultdict(list))
    own = [m for m in used if m.record is None]
    sets = {name: _label_set(session, plan, name, own) for name in dict.fromkeys(m.label_set for m in own)}
    for fact, settings in _of_lines(session, own, on_conflict, as_rater, sets).items():
        out[seq][fact] += settings
    brought.add_statements(session, [m for m in used if m.record], on_conflict, past, seq, out)
    if on_conflict == "theirs":
        why = f"taken from {plan.file.name}"
        taken = [m for m in plan.conflicts if m.record is None or not brought.corrects(m.record)]
        out[seq][CORRECTION] += [
            Setting(m.image_id, None, m.mos, {"why": why, "label_set_id": sets.get(m.label_set)}) for m in taken
        ]
    return out


def _of_lines(
    session: Session, used: Sequence[Match], on_conflict: OnConflict, as_rater: str, sets: Mapping[str, int]
) -> Settings:
    out: Settings = defaultdict(list)
    raters: dict[str, int] = {}

    def rater(name: str) -> int:
        if name not in raters:
            raters[name] = find_or_add(session, name).id
        return raters[name]

    for m in used:
        if m.ratings:
            out[RATING] += [Setting(m.image_id, rater(name), v, {"mode": "open"}) for name, v in m.ratings.items()]
        elif on_conflict == "rater":
            out[RATING].append(Setting(m.image_id, rater(as_rater or m.label_set), m.mos, {"mode": "open"}))
        else:
            more = {"sd": m.sd, "n": m.n, "extra": {"raw": m.raw, "line": m.line, **m.extra}}
            out[IMPORTED].append(Setting(m.image_id, sets[m.label_set], m.mos, more))
    split = {m.image_id: m.split for m in used if m.split and _takes_split(m, on_conflict)}
    out[ASSIGNMENT] += [Setting(i, "split", value, {}) for i, value in split.items()]
    return out


def _takes_split(m: Match, on_conflict: OnConflict) -> bool:
    return m.split != m.present_split and (not m.present_split or on_conflict == "theirs")


def _label_set(session: Session, plan: ImportPlan, name: str, used: Iterable[Match]) -> int:
    kind = next(m.kind for m in used if m.label_set == name)
    scale = plan.scale
    return find_or_add_set(session, SetInfo(name, kind, scale.low, scale.high, scale.mapping, plan.file.name, now()))


def _labels(count: int) -> str:
    return f"{count:,} label{'' if count == 1 else 's'}"
