"""How long a message waits after it was not taken."""

from __future__ import annotations

import random
from datetime import timedelta

# About four hours in all.
MAX_TRIES = 24
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=15)
# A provider that has just taken a message may not show it at once: GC Notify stores it after it
# has answered. It is not asked before this is over.
BEFORE_ASKING = timedelta(seconds=15)
JITTER = 0.1


def pause_after(tries: int, wait: float | None = None) -> timedelta:
    """The pause after `tries` tries: twice as long each time, a tenth more or less, so that those
    who were refused together do not come back together. `wait`, in seconds, is what the provider
    asked for, and the least."""
    pause = min(FIRST_PAUSE * 2**tries, LONGEST_PAUSE) * random.uniform(1 - JITTER, 1 + JITTER)
    return max(pause, timedelta(seconds=wait or 0))
