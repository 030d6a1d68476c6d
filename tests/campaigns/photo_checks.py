"""Photos made of real faces: no acceptable one is refused, no violation is accepted."""

from __future__ import annotations

import time
from itertools import chain

import numpy as np

from bot.photos.checking import check_photo_now
from bot.photos.report import PhotoReport
from tests.campaigns.outcome import Outcome
from tests.campaigns.photo_variations import Variation, acceptable, violations


def photos_are_judged(good: int, bad: int, seed: int) -> Outcome:
    """Check `good` acceptable photos and `bad` violations.

    A violation must be refused for what is wrong with it. The time is that of the whole check,
    process and all, on whatever else the machine does; the child uses one core.
    """
    outcome = Outcome("photos of real faces", seed)
    refused = accepted = otherwise = 0
    seconds: list[float] = []
    for variation in chain(acceptable(good, seed), violations(bad, seed)):
        started = time.perf_counter()
        report = check_photo_now(variation.raw)
        seconds.append(time.perf_counter() - started)
        if _is_right(variation, report):
            continue
        refused += not variation.kind
        accepted += bool(variation.kind) and not report.problems
        otherwise += bool(variation.kind) and bool(report.problems)
        outcome.failures.append(f"{variation.name}: {sorted(report.kinds)}")
    outcome.figures = {
        "acceptable": good,
        "of them refused": refused,
        "violations": bad,
        "of them accepted": accepted,
        "refused for another reason": otherwise,
        "p95 in ms": round(float(np.percentile(seconds, 95)) * 1000),
    }
    return outcome


def _is_right(variation: Variation, report: PhotoReport) -> bool:
    if not variation.kind:
        return not report.problems
    # In what is blurred enough no face is found: that is said first, and is true as well.
    also = {"no_face"} if variation.kind == "blurred" else set()
    return bool(report.kinds & {variation.kind, *also})
