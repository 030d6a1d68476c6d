"""`authorize`: may this viewer do this act about this person? Live rows each time, else refused.

Rights are never kept: not in a session, a slot or a page. Whoever asks twice reads the rows twice,
so that a cancelled form, a withdrawn consent or an 18th birthday counts at once (ASVS 8.3.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.clock import today
from bot.rights.matrix import ACTS, APPLICATION_ACTS, NEVER, load_matrix, widest
from bot.rights.relations import STRANGER, relations
from bot.rights.rows import Seats, seats_of

# Read when this is imported: a process with a matrix that does not fit does not start.
MATRIX = load_matrix()
REFUSED = frozenset({"no", NEVER})


@dataclass(frozen=True)
class Viewer:
    """Who looks: a person who has proved who they are, or an `agent` with the people in their
    queue, or neither."""

    person_id: int | None = None
    agent: str | None = None
    assigned: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if self.person_id is not None and self.agent is not None:
            raise ValueError("a viewer is a person or an agent, not both")


@dataclass(frozen=True)
class Right:
    """The answer; `form` is the cell: how it is allowed (see data/rights.yml), or no | never."""

    form: str

    @property
    def allowed(self) -> bool:
        return self.form not in REFUSED


class NotAllowed(Exception):
    """The viewer may not do this; `act` says what, nothing says whom about."""

    def __init__(self, act: str) -> None:
        super().__init__(act)
        self.act = act


def authorize(
    session: Any, viewer: Viewer, act: str, person_id: int, application_id: int | None = None
) -> Right:
    """Whether `viewer` may do `act` about `person_id` on the application.

    Without an application, acts about a person look at every application that both stand on.

    Raises:
        ValueError: there is no such act, or it needs an application.
    """
    _check(act, application_id)
    return Rights(session, viewer, application_id).of(act, person_id, application_id)


def require(
    session: Any, viewer: Viewer, act: str, person_id: int, application_id: int | None = None
) -> Right:
    """The same; raises NotAllowed when it is refused."""
    right = authorize(session, viewer, act, person_id, application_id)
    if not right.allowed:
        raise NotAllowed(act)
    return right


class Rights:
    """The rows are read once, then any number of cells decided; to be used at once, not kept."""

    def __init__(self, session: Any, viewer: Viewer, application_id: int | None = None) -> None:
        self._viewer = viewer
        self._day = today()
        known = viewer.person_id is not None or application_id is not None
        self.seats: Mapping[int, Seats] = (
            seats_of(session, viewer.person_id, application_id, self._day) if known else {}
        )

    def of(self, act: str, person_id: int, application_id: int | None) -> Right:
        _check(act, application_id)
        found = self._relations(act, person_id, application_id)
        return Right(widest([MATRIX[act][relation] for relation in found]))

    def _relations(self, act: str, person_id: int, application_id: int | None) -> frozenset[str]:
        viewer = self._viewer
        if viewer.agent is not None:
            return frozenset({self._of_agent(person_id, application_id)})
        if viewer.person_id is None:
            return frozenset({"anonymous"})
        if act not in APPLICATION_ACTS and viewer.person_id == person_id:
            # What concerns one's own person does not depend on one's role on an application.
            return frozenset({"self"})
        numbers = self.seats if application_id is None else [application_id]
        return self._on(numbers, viewer.person_id, person_id)

    def _on(self, numbers: Iterable[int], viewer_id: int, person_id: int) -> frozenset[str]:
        here = [self.seats[number] for number in numbers if number in self.seats]
        found = {r for seats in here for r in relations(seats, viewer_id, person_id, self._day)}
        return frozenset(found - {STRANGER}) or frozenset({STRANGER})

    def _of_agent(self, person_id: int, application_id: int | None) -> str:
        on_it = application_id is None or any(
            person_id in seats.roles for seats in self.seats.values()
        )
        assigned = on_it and person_id in self._viewer.assigned
        return "agent_assigned" if assigned else "agent_unassigned"


def _check(act: str, application_id: int | None) -> None:
    if act not in ACTS:
        raise ValueError(f"there is no act {act!r} in data/rights.yml")
    if act in APPLICATION_ACTS and application_id is None:
        raise ValueError(f"{act} is about an application")
