"""`fiqa doctor`: the installation."""

from __future__ import annotations

from engine import doctor, exit_status
from engine.cli._app import app


@app.command("doctor")
def doctor_command() -> int:
    """What is installed, what is wrong, how to mend it."""
    wrong = 0
    signs = {"ok": "ok   ", "note": "note ", "wrong": "WRONG"}
    for finding in doctor.examine():
        wrong += finding.verdict == "wrong"
        print(f"{signs[finding.verdict]} {finding.subject}: {finding.detail}")
        if finding.remedy:
            print(f"      -> {finding.remedy}")
    return exit_status.SOME_FAILED if wrong else exit_status.DONE
