"""Threads that write wait in the order in which they came, and never for ever."""

from __future__ import annotations

import threading

from bot.store.turns import Turns

PATIENCE_SECONDS = 30


def test_who_comes_first_goes_first() -> None:
    turns, order = Turns(PATIENCE_SECONDS), []

    def take(number: int) -> None:
        with turns.taken():
            order.append(number)

    threads = [threading.Thread(target=take, args=(number,)) for number in range(20)]
    with turns.taken():
        for waiting, thread in enumerate(threads, 1):
            thread.start()
            while len(turns._waiting) < waiting:
                pass
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert order == list(range(20))


def test_one_at_a_time() -> None:
    turns, inside, most = Turns(PATIENCE_SECONDS), [0], []

    def take() -> None:
        for _ in range(200):
            with turns.taken():
                inside[0] += 1
                most.append(inside[0])
                inside[0] -= 1

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert len(most) == 1_600 and set(most) == {1}


def test_whoever_waited_long_enough_goes_on_without_a_turn() -> None:
    """A write within a write fails by SQLite's own time-out, and does not hang."""
    turns = Turns(0.01)
    with turns.taken():
        with turns.taken():
            pass
        assert not turns._is_free, "the outer one still has it"
    assert turns._is_free and not turns._waiting
