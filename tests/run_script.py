"""A job that keeps the contract of a run directory and learns nothing: for tests of the process around it."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

from app.services.training import jobs
from app.services.training.retraining import RetrainingService
from engine.run import RunDirectory, write_json

JOB = textwrap.dedent(
    """
    import json, sys, time
    from pathlib import Path
    from engine.errors import Cancelled
    from engine.run import RunDirectory
    from tests import bundles

    switch, run = sys.argv[1], RunDirectory.open(Path(sys.argv[2]))
    plan = json.loads((run.path / "plan.json").read_text())
    if switch == "--measure-run":
        if plan.get("measure") == "hang":
            (run.path / "pid").write_text(str(__import__("os").getpid()))
            time.sleep(600)
        if plan.get("measure") == "fail":
            sys.exit("There is no memory for it.")
        (run.path / "estimate.json").write_text(json.dumps({"seconds_total": 0.5}))
        sys.exit(0)
    print("the log begins")
    while plan.get("wait") and not (run.path / "go").exists():
        time.sleep(0.01)
    if plan.get("refuse"):
        raise RuntimeError("broken before it began")
    run.claim()
    try:
        for step in range(plan["steps"]):
            run.checkpoint()
            run.emit("step", stage="student", step=step, loss=1.0 / (step + 1))
            if step == plan.get("crash_at"):
                raise RuntimeError("out of luck")
            time.sleep(0.02)
    except Cancelled:
        run.set_status("cancelled")
        sys.exit(130)
    bundles.write(run.model_file, size=32, gain=3.0, name="retrained")
    run.emit("done")
    run.set_status("done")
    """
)
"""`plan.json` of the run says what it does: steps, crash_at, refuse, measure, wait (for a file `go`)."""
_ROOT = Path(__file__).resolve().parents[1]


def command(folder: Path) -> jobs.Command:
    """The command of a `RetrainingService` whose jobs are this one; `folder` takes the script."""
    script = folder / "job.py"
    script.write_text(JOB)
    start = f"import sys, runpy; sys.path.insert(0, {str(_ROOT)!r}); del sys.argv[0]; runpy.run_path(sys.argv[0])"
    return lambda switch, directory: [sys.executable, "-c", start, str(script), switch, str(directory)]


def prepared(service: RetrainingService, **plan: object) -> RunDirectory:
    """A run of this job."""
    run = service.prepare("quick")
    write_json(run.path / "plan.json", {"steps": 5, **plan})
    return run
