"""Several threads that do the same at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable


def at_once(act: Callable[[], object], threads: int = 4) -> list[Exception]:
    """Do `act` in several threads and wait for all; gives what they raised."""
    together, errors = threading.Barrier(threads), []

    def work() -> None:
        together.wait()
        try:
            act()
        except Exception as error:
            errors.append(error)

    started = [threading.Thread(target=work) for _ in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    return errors
