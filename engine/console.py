"""How the terminal commands talk: progress bars on a terminal, plain lines when piped, one clear line per error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from engine.errors import Cancelled, UserError
from engine.exit_status import DONE, INTERRUPTED, WRONG_USE

_PLAIN_EVERY_S: Final = 5.0

T = TypeVar("T")
err = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """One line for people, on the error stream so that results on the output stream stay clean."""
    err.print(text, markup=False)


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """Gives `update(done, total)`; a bar on a terminal, a line every few seconds elsewhere."""
    if err.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, TimeRemainingColumn(), console=err) as bars:
            task = bars.add_task(title, total=None)
            yield lambda done, total: bars.update(task, completed=done, total=total)
        return
    spoken = time.monotonic()

    def update(done: int, total: int) -> None:
        nonlocal spoken
        if done == total or time.monotonic() - spoken >= _PLAIN_EVERY_S:
            spoken = time.monotonic()
            say(f"{title}: {done}/{total}")

    yield update


def counted(items: Iterable[T], total: int, title: str) -> Iterator[T]:
    """Pass items through and show how many have passed."""
    with progress(title) as update:
        for done, item in enumerate(items, start=1):
            yield item
            update(done, total)


def finish(status: int | None, **_options: object) -> None:
    """Result callback of the command groups: what a command returns is its exit status."""
    raise typer.Exit(status or DONE)


def guard(program: Callable[[], object]) -> int:
    """Run a Typer program and turn its outcome into the exit status of the design (0, 1, 2, 130)."""
    try:
        program()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else DONE
    except UserError as error:
        say(f"Error: {error}")
        return WRONG_USE
    except (KeyboardInterrupt, Cancelled):
        say(
            "Interrupted. 'fiqa resume' goes on with a run; a table (--out) goes on when started again in the same way."
        )
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
    except OSError as error:
        say(f"Error: {error.strerror or error}: {error.filename or ''}".rstrip(": "))
        return WRONG_USE
    return DONE
