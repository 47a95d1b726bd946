"""`fiqa-desktop`: the window, or (re-entered by itself) a training job.

The job switches are looked at before Qt is imported, so that a training process never loads it.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import sys
from pathlib import Path

RUN_JOB = "--run-job"
MEASURE_RUN = "--measure-run"
ENGINE = "--engine"


def _job(switch: str, directory: Path) -> int:
    from engine import console, light_run
    from engine.run import RunDirectory

    def work() -> None:
        run = RunDirectory.open(directory)
        light = light_run.is_light(run)
        if switch == MEASURE_RUN:
            if light:
                print(json.dumps(light_run.measure(run)))
            else:
                from engine.train.measure import measure

                print(json.dumps(measure(run)))
        elif light:
            light_run.execute(run, tell=console.say)
        else:
            from engine.train.pipeline import execute

            execute(run, tell=console.say)

    return console.guard(work)


def main() -> int:
    """Returns the exit status."""
    multiprocessing.freeze_support()
    if len(sys.argv) == 3 and sys.argv[1] in (RUN_JOB, MEASURE_RUN):
        return _job(sys.argv[1], Path(sys.argv[2]))
    if len(sys.argv) > 2 and sys.argv[1] == ENGINE:
        from engine.cli import main as terminal

        return terminal(sys.argv[2:])
    # Imports make hardly any rubbish, but looking for it costs a sixth of them; then `CalmCollector` takes over.
    gc.disable()
    # ONNX Runtime before Qt: on Windows its libraries fail to load the other way round (onnxruntime#16116). And after
    # `engine`, which forbids it to report usage.
    import engine.scoring  # noqa: F401
    from app.ui.application import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
