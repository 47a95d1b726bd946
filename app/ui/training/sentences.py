"""How a training and its result are told: stages, states, origins of labels, the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication

from app.ui import words
from app.ui.training.history import History
from app.ui.training.judgement import FEW, Estimate, Judgement


def tr(text: str) -> str:
    """Translate in the context of this module."""
    return QCoreApplication.translate("training", text)


def stage_name(stage: str) -> str:
    """A stage of the pipeline, for people."""
    names = {
        "student": tr("student"),
        "teacher": tr("teacher"),
        "teacher+": tr("teacher, second round"),
        "pseudo1": tr("first pseudo-labels"),
        "pseudo2": tr("second pseudo-labels"),
        "export": tr("writing the model file"),
        "evaluate": tr("judging on held-out images"),
        "features": tr("looking at the images"),
        "fit": tr("fitting"),
    }
    return names.get(stage, stage)


def stage_mark(stage: str) -> str:
    """A stage in a word, for its mark in the curves."""
    if stage.startswith("pseudo"):
        return tr("pseudo-labels {0}").format(stage.removeprefix("pseudo"))
    return {"teacher": tr("teacher"), "student": tr("student"), "export": tr("export"), "evaluate": tr("gate")}.get(
        stage, stage
    )


def status_name(status: str) -> str:
    """The status of a run, for people."""
    names = {
        "created": tr("not started"),
        "running": tr("running"),
        "paused": tr("paused"),
        "cancelled": tr("cancelled"),
        "failed": tr("failed"),
        "done": tr("done"),
        "interrupted": tr("interrupted"),
        "gone": tr("folder is gone"),
        "queued": tr("waits for its turn"),
        "handed over": tr("on another machine"),
    }
    return names.get(status, status)


def recipe_name(recipe: str) -> str:
    """A recipe, for people."""
    names = {
        "calibrate": tr("Calibrate"),
        "personalise": tr("Personalise"),
        "finetune": tr("Fine-tune the active model"),
        "quick": tr("Quick, from scratch"),
        "tiny": tr("Tiny, a trial run"),
        "paper": tr("The paper, in full"),
    }
    return names.get(recipe, recipe)


def run_title(recipe: str, name: str) -> str:
    """What a run is called: the name it was given, else its recipe in a word."""
    short = {"finetune": tr("Fine-tune"), "quick": tr("Quick"), "tiny": tr("Trial run"), "paper": tr("The paper")}
    return name or short.get(recipe, recipe_name(recipe))


def provenance(counts: Mapping[str, int]) -> str:
    """'human: 180, imported from gfiqa: 232', the most frequent first."""
    ranked = sorted(counts.items(), key=lambda item: -item[1])
    return ", ".join(f"{_origin(name)}: {words.thousands(n)}" for name, n in ranked) or tr("none")


def _origin(name: str) -> str:
    kind, _, detail = name.partition(":")
    names = {
        "human": tr("human"),
        "imported": tr("imported from {0}"),
        "pseudo": tr("pseudo-labels of {0}"),
        "weak": tr("weak labels by {0}"),
    }
    return names[kind].format(detail) if kind in names else tr("of unknown origin")


def progress(history: History) -> str:
    """'student, epoch 3/10, 41 img/s, about 2 min 05 s left'."""
    if not history.stage:
        return tr("preparing the images")
    parts = [stage_name(history.stage)]
    if history.epochs:
        parts.append(tr("epoch {0}/{1}").format(min(max(1, history.epoch), history.epochs), history.epochs))
    if np.isfinite(history.images_per_s):
        parts.append(tr("{0} img/s").format(f"{history.images_per_s:.0f}"))
    if np.isfinite(history.eta_s):
        parts.append(tr("about {0} left").format(words.duration(history.eta_s)))
    return ", ".join(parts)


def value(found: Estimate | None, *, signed: bool = False) -> str:
    """'0.912'; a dash where there is no number."""
    return "–" if found is None or not np.isfinite(found.value) else _three(found.value, signed)


def interval(found: Estimate | None, *, signed: bool = False) -> str:
    """'0.883 to 0.941'; empty where there is none."""
    if found is None or not (np.isfinite(found.low) and np.isfinite(found.high)):
        return ""
    return tr("{0} to {1}").format(_three(found.low, signed), _three(found.high, signed))


def _three(value: float, signed: bool) -> str:
    return f"{value:+.3f}".replace("-", "−") if signed else f"{value:.3f}".replace("-", "−")


def verdict(found: Judgement) -> str:
    """The verdict in one sentence."""
    if found.baseline is None:
        return tr("There was no active model to compare with.")
    gap = found.row("srcc").difference
    change = _three(gap.value, True) if gap else "–"
    texts = {
        "better": tr("The new model is better: SRCC {0} on {1}, more than chance explains."),
        "no real difference": tr("No real difference: SRCC {0} on {1}, which chance may explain."),
        "worse": tr("The new model is worse: SRCC {0} on {1}, more than chance explains."),
    }
    unknown = tr("Too few to tell which model is better: {1}.")
    return texts.get(found.verdict or "", unknown).format(change, _images(found))


def calibration(found: Mapping[str, Any]) -> str:
    """What a calibrator has gained, in one sentence."""
    text = tr("Calibrated scores are {0} from the labels of held-out images (RMSE), raw ones {1}.")
    return text.format(_three(float(found["rmse"]), False), _three(float(found["rmse_raw"]), False))


def coverage(found: Mapping[str, Any]) -> str:
    """What its interval holds."""
    text = tr("{0} % of {1} held-out labels lie in their {2} % interval, which is {3} wide on average.")
    return text.format(
        round(100 * float(found["coverage"])),
        words.thousands(int(found["n"])),
        round(100 * float(found["level"])),
        words.number(float(found["width"])),
    )


def held_out(found: Judgement) -> str:
    """What the numbers were taken on."""
    text = tr("Judged on {0}. Labels: {1}. Below each number: its 95 % interval.")
    text = text.format(_images(found), provenance(found.provenance))
    if found.left_out:
        text += " " + tr("{0} could not be scored.").format(words.thousands(found.left_out))
    return text


def _images(found: Judgement) -> str:
    known = tr("{0} held-out images of {1} people")
    unknown = tr("{0} held-out images in {1} groups (people unknown)")
    text = known if found.people_known else unknown
    return text.format(words.thousands(found.images), words.thousands(found.groups))


def caution(found: Judgement) -> str:
    """Why the numbers deserve less trust than they seem to; empty: no reason."""
    parts = []
    if found.split != "test":
        parts.append(tr("There is no test split: these images helped to choose the epoch, so the numbers flatter."))
    if found.images < FEW:
        parts.append(tr("Only {0} images: with others the numbers could be quite different.").format(found.images))
    return " ".join(parts)
