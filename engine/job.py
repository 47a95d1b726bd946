"""The frame of every job in a run folder: claim it, keep a log, and say how it ended."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from engine.errors import Cancelled, UserError
from engine.run import RunDirectory

Say = Callable[[str], None]


@contextmanager
def working(run: RunDirectory, tell: Say | None = None) -> Iterator[Say]:
    """Do the work of a run inside this block; gives `say`, which writes lines for people to log.txt and `tell`.

    The state is `running` inside; afterwards it is what the block set, or `cancelled` or `failed` as it ended.

    Raises:
        RunError: another process works on it.
        Cancelled: somebody asked to stop.
        UserError: what the block raised, or what its MemoryError or OSError amounts to.
    """
    try:
        run.claim()
        with _log(run, tell) as say:
            try:
                yield say
            except (Cancelled, KeyboardInterrupt):
                say("Cancelled; the run can be resumed.")
                with suppress(OSError):  # a full disk must not hide why it ended
                    run.set_status("cancelled")
                raise
            except Exception as error:
                known = explained(error)
                _fail(run, known, error)
                raise known or error from error
    except OSError as error:  # the folder or its log cannot be written; within the block this is a UserError already
        known = explained(error)
        _fail(run, known, error)
        raise known or error from error


def explained(error: Exception) -> UserError | None:
    """The UserError that an exception amounts to, None for a bug."""
    if isinstance(error, UserError):
        return error
    if isinstance(error, MemoryError) or "out of memory" in str(error).lower() or "allocate memory" in str(error):
        return UserError(
            "There is not enough memory for this.",
            "Close other programs and resume the run, or train with a smaller batch, micro-batch or size.",
        )
    if isinstance(error, OSError):
        return UserError(f"A file cannot be read or written: {error}.", "Check the disk, then resume the run.")
    return None


def _fail(run: RunDirectory, known: UserError | None, error: Exception) -> None:
    message = known.message if known else f"{type(error).__name__}: {error}"
    remedy = known.remedy if known else "This is a fault of the program; log.txt has the details."
    logging.getLogger(__name__).error("%s %s", message, remedy, exc_info=None if known else error)
    with suppress(OSError):  # a full disk must not hide why it failed
        run.emit("error", message=message, remedy=remedy)
    with suppress(OSError):
        run.set_status("failed", f"{message} {remedy}".rstrip())


@contextmanager
def _log(run: RunDirectory, tell: Say | None) -> Iterator[Say]:
    """log.txt for this run; `tell` is left out where the error stream already is that file (a detached child)."""
    logger = logging.getLogger(__name__)
    handler = logging.FileHandler(run.log_file, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        same = os.path.samestat(os.fstat(sys.stderr.fileno()), os.stat(run.log_file))
    except (OSError, ValueError, AttributeError):  # no error stream, or one that is no file
        same = False

    def say(message: str) -> None:
        logger.info(message)
        if tell and not same:
            tell(message)

    try:
        yield say
    finally:
        logger.removeHandler(handler)
        handler.close()
