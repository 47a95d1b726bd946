"""What the table and the page both say: columns, cells, and sentences about what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any, Final

from engine.benchmark.numbers import RISING

DASH: Final = "—"
RANDOM: Final = "random"
_AT_RANDOM: Final = "random weights"
_TRAINED: Final = "weights of other tasks (their own or their teachers')"
_TAUGHT: Final = "weights that had learned quality before (their own or their teachers')"
TITLES: Final = {
    1: "Table 1: all systems",
    2: "Table 2: what pseudo-labels add",
    3: "Table 3: the student at two resolutions",
}
COLUMNS: Final = (
    *("System", "SRCC", "PLCC", "Para. (M)", "GFLOPs ¹"),
    *("KRCC", "PLCC cal ²", "RMSE cal ²", "PLCC fit ³", "RMSE fit ³"),
    *("SRCC − student ⁴", "ms file ⁵", "ms network ⁵", "n", "Sees", "First weights"),
)
NAMES: Final = (
    *("title", "srcc", "plcc", "params", "gmacs"),
    *("krcc", "plcc_cal", "rmse_cal", "plcc_fit", "rmse_fit"),
    *("difference", "file_ms", "network_ms", "n", "size", "init"),
)
"""Under which key of a row, or of its numbers, each of `COLUMNS` is found."""
FOOTNOTES: Final = (
    "¹ As in the paper: multiply-accumulates (GMACs) as fvcore counts them, for one image; twice as many operations.",
    "² After the 4-parameter logistic fitted on split {calibrated_on}, on which nothing else is reported.",
    "³ Fitted on the test images themselves, as the literature does: flattering, for comparison with papers only.",
    "⁴ Paired group bootstrap on the images that both scored; p adjusted by Holm for all comparisons of the table.",
    "⁵ One image, one thread, median of up to 20 calls after warm-up: from file to score with decoding as the system "
    "really runs, and the network alone on ONNX Runtime where it runs there.",
)


def number(value: float | None, digits: int = 4, sign: str = "") -> str:
    """A number, a dash where there is none."""
    return DASH if value is None or not isfinite(value) else f"{value:{sign}.{digits}f}"


def with_interval(cell: Mapping[str, float] | None, sign: str = "") -> str:
    """A value with its 95 % interval."""
    if cell is None or not isfinite(cell["value"]):
        return DASH
    value, low, high = (number(cell[name], sign=sign) for name in ("value", "low", "high"))
    return f"{value} [{low}, {high}]" if isfinite(cell["low"]) else value


def cells(entry: Mapping[str, Any]) -> list[str]:
    """One row of the table, in the order of `COLUMNS`."""
    found = entry["numbers"]
    if found is None:
        return [entry["title"], *[DASH] * (len(COLUMNS) - 1)]
    mark = "" if found["converged"] else " ✗"
    params = entry["params"]
    return [
        entry["title"] + mark,
        *(with_interval(found[name]) for name in ("srcc", "plcc")),
        number(None if params is None else params / 1e6, 3),
        number(entry["gmacs"]),
        *(number(found[name]["value"]) for name in ("krcc", "plcc_cal", "rmse_cal", "plcc_fit", "rmse_fit")),
        _difference(found["difference"]),
        number(entry["file_ms"], 1),
        number(entry["network_ms"], 1),
        str(found["n"]),
        entry["size"] or DASH,
        entry["init"] or DASH,
    ]


def why_dash(entry: Mapping[str, Any], name: str) -> str:
    """Why a row has a dash under `name` (one of `NAMES`); empty where it has none."""
    found = entry["numbers"]
    if found is None:
        return "" if name == "title" else str(entry["reason"])
    value = found[name] if name in found else entry.get(name)
    value = value["value"] if isinstance(value, Mapping) else value
    if value if isinstance(value, str) else value is not None and isfinite(value):
        return ""
    if name not in _WHY and not found["n"]:
        return "It gave no test image a score."
    return _WHY.get(name, "It gives every image the same number, so there is no order.")


_WHY: Final = {
    "params": "It has no parameters that were trained as a network's are.",
    "gmacs": "It is no network: multiply-accumulates are not its measure.",
    "file_ms": "It was not timed: there was no test image with a score.",
    "network_ms": "It does not run on ONNX Runtime.",
    "difference": "There is nothing to compare: it is the student, or one of the two has no order or no numbers.",
    "init": "It does not begin with first weights.",
}


def _difference(gap: Mapping[str, Any] | None) -> str:
    return DASH if gap is None else f"{with_interval(gap, '+')}, p {number(gap['p_holm'], 3)}"


def ran(results: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The systems that have numbers."""
    return [entry for entry in results["systems"] if entry["numbers"]]


def footnotes(results: Mapping[str, Any]) -> list[str]:
    """Below the table."""
    used = sorted({e["numbers"]["calibrated_on"] for e in ran(results)} - {""}) or ["(none)"]
    lines = [note.format(calibrated_on=" or ".join(used)) for note in FOOTNOTES]
    if any(not e["numbers"]["converged"] for e in ran(results)):
        lines.append(
            "✗ Not converged: on split val it is no better than the best sanity floor, or its SRCC there still rose by "
            f"more than {RISING} in the last fifth of its steps (the row's remark says which); it is kept out of every "
            "statement about order."
        )
    return lines


def why_unconverged(numbers: Mapping[str, Any]) -> str:
    """Why a row has a cross; empty where it has none."""
    if numbers["converged"]:
        return ""
    if not numbers.get("above_floor", False):
        return "not converged: on split val it is no better than the best sanity floor"
    rise = numbers.get("late_rise")
    if rise is None or not isfinite(rise):
        return "not converged, as far as can be told: too few validations to see whether it still rises"
    return f"not converged: its SRCC on split val still rose by {number(rise, 3)} in the last fifth of its steps"


def began(results: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    """What a row, or the teachers that it learned from, had for first weights; empty where it has none."""
    init = entry["init"]
    if entry["part"] == "student":
        teacher = ((results["recipe"].get("teacher") or {}).get("network") or {}).get("init", RANDOM)
        init = init if teacher == RANDOM else teacher
    if init in ("", RANDOM):
        return _AT_RANDOM if init else ""
    return _TRAINED if init.lower().startswith(("imagenet", "clip")) else _TAUGHT


def _ranked(results: Mapping[str, Any], entry: Mapping[str, Any], kind: str) -> bool:
    """Whether a row may be ranked with networks that began like `kind`.

    Weights that learned quality before know more labels than those here: they are ranked among themselves alone.
    """
    own = began(results, entry)
    return own == kind or (own == "" and kind != _TAUGHT)


def order(results: Mapping[str, Any]) -> list[str]:
    """Sentences about who is better, of systems that converged, and of networks that began alike."""
    fair = [e for e in ran(results) if e["numbers"]["converged"] and isfinite(e["numbers"]["srcc"]["value"])]
    if not fair:
        return ["No system has a correlation to speak of."]
    fair.sort(key=lambda e: -e["numbers"]["srcc"]["value"])
    lines = []
    kinds = sorted({began(results, e) for e in fair} - {""}) or [""]
    for kind in kinds:
        some = [e for e in fair if _ranked(results, e, kind)]
        others = "" if kind == _TAUGHT else " and what has no first weights"
        which = f", of networks from {kind}{others}" if len(kinds) > 1 or kind == _TAUGHT else ""
        ranked = ", ".join(f"{e['title']} {number(e['numbers']['srcc']['value'])}" for e in some)
        lines.append(f"By SRCC{which}: {ranked}.")
    student = next((e for e in fair if e["key"] == "student"), None)
    if student is None:
        known = any(e["key"] == "student" for e in ran(results))
        why = "has not converged" if known else "has no numbers of its own here"
        return [*lines, f"The student {why}, so nothing is said against it."]
    fair = [e for e in fair if _ranked(results, e, began(results, student))]
    for verdict, words in (
        ("better", "Above the student"),
        ("no real difference", "Not told apart from the student by these images"),
        ("worse", "Below the student"),
    ):
        names = [e["title"] for e in fair if (e["numbers"]["difference"] or {}).get("verdict") == verdict]
        if names:
            lines.append(f"{words} (Holm-adjusted, 5 %): {', '.join(names)}.")
    return lines


def labels(results: Mapping[str, Any]) -> list[str]:
    """What the labels are worth, and how many there are."""
    counts, people = results["counts"], results["people"]
    origins = ", ".join(f"{name} ({count:,})" for name, count in results["provenance"].items())
    lines = [
        f"Labels of split test: {origins}.",
        "Labelled images: " + ", ".join(f"{name} {counts.get(name, 0):,}" for name in ("train", "val", "cal", "test")),
        f"People or near-duplicate groups in test: {people:,}; intervals resample them."
        if people
        else "People unknown: each image counts as a group of its own, so the intervals may be too narrow.",
    ]
    if all(name.split(":")[0] in ("weak", "pseudo") for name in results["provenance"]):
        lines.insert(1, "They are computed, not opinions of people: the numbers say how well systems copy them.")
    return lines


def remarks(results: Mapping[str, Any]) -> list[str]:
    """What must be said of single rows."""
    lines = []
    for entry in results["systems"]:
        said = [entry["reason"]] if entry["reason"] else list(entry["notes"])
        if entry.get("budget"):
            said.insert(0, f"learned in {entry['budget']} images")
        if entry["numbers"] and (why := why_unconverged(entry["numbers"])):
            said.insert(0, why)
        if entry["left_out"]:
            path, why = entry["left_out"][0]
            said.append(
                f"{len(entry['left_out'])} held-out images without a score, such as {path.split('/')[-1]}: {why}"
            )
        if said:
            lines.append(f"{entry['title']}: {'; '.join(said)}")
    return lines


def origin(results: Mapping[str, Any]) -> list[str]:
    """Hashes, versions, machine."""
    versions = ", ".join(f"{name} {found}" for name, found in results["versions"].items())
    models = ", ".join(f"{e['key']} {e['model'][:24]}" for e in ran(results) if e["model"])
    return [
        f"Manifest {results['manifest_hash'][:16]}, split test {results['test_hash'][:16]}, "
        f"recipe {results['recipe']['name']}, seed {results['seed']}.",
        f"FIQA Desktop {results['engine']}, Python {results['python']}, {versions}.",
        f"{results['machine']}; {results['created']}.",
        f"Models: {models}.",
    ]
