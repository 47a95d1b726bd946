"""What an edit returns, and how a second window learns of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.library.schema import Act

if TYPE_CHECKING:
    from app.library.library import Library


@dataclass(frozen=True)
class Changes:
    """What has changed in a library, for views to decide whether to refresh.

    `seq` is the act's number (0: the machine did it). `everything` means that all must be read again; `image_ids`
    is then empty, or names what is gone. `skipped` counts images that an undo left alone because
    somebody had changed them since.
    """

    seq: int
    kind: str
    image_ids: tuple[int, ...] = ()
    labels: bool = False
    scores: bool = False
    images: bool = False
    models: bool = False
    everything: bool = False
    text: str = ""
    skipped: int = 0
    initiator: object | None = None

    def __bool__(self) -> bool:
        """Whether anything changed at all."""
        return bool(self.image_ids or self.models or self.everything)


def counted(images: int) -> str:
    """'1 image', '1,022 images': for the words of an act."""
    return "1 image" if images == 1 else f"{images:,} images"


def last_seq(library: Library) -> int:
    """The number of the latest act, 0 in a new library; cheap enough to poll."""
    with library.read() as session:
        return session.scalar(select(Act.seq).order_by(Act.seq.desc()).limit(1)) or 0


def since(library: Library, seq: int) -> Changes | None:
    """The acts after `seq` as one `Changes` (whoever did them, this window included); None where there are none.

    A library whose acts lie before `seq` was restored from a backup: then everything is to be read again.
    """
    from app.library.events import FACTS  # events imports the tables that this module announces

    with library.read() as session:
        acts = session.execute(select(Act.seq, Act.kind, Act.text).where(Act.seq > seq).order_by(Act.seq)).all()
        if not acts:
            latest = session.scalar(select(Act.seq).order_by(Act.seq.desc()).limit(1)) or 0
            return Changes(latest, "restore", models=True, everything=True, text="restored") if latest < seq else None
        ids: set[int] = set()
        for fact in FACTS:
            ids.update(session.scalars(select(fact.table.c.image_id).where(fact.table.c.act_seq > seq)))
        forgot = any(act.kind == "forget" for act in acts)
    return Changes(
        acts[-1].seq,
        acts[-1].kind,
        tuple(sorted(ids)),
        labels=True,
        images=forgot,
        everything=forgot,
        text=acts[-1].text,
    )
