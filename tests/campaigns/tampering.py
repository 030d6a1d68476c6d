"""Random tampering with the audit trail: all of it is found, and at the place where it was done.

Each attempt is made in a savepoint of a prepared SQLite database, looked for, and rolled back.
"""

from __future__ import annotations

import hashlib
import hmac
import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import time_machine
from sqlalchemy import delete, insert, select, text, update

from bot.audit import record
from bot.audit.anchor import FILE, write_anchor
from bot.audit.chain import NEW_HEAD
from bot.audit.finding import Finding
from bot.audit.pruning import prune
from bot.audit.rekeying import rekey
from bot.audit.verify import verify
from bot.clock import now
from bot.store import AuditEntry, AuditHead, Base, Database, Keys
from tests.campaigns.outcome import Outcome

ENTRY, HEAD = AuditEntry.__table__, AuditHead.__table__
OLD_SECRET = "Hn5vT9xQe2LkWd7pSz4rYb1mUf8cJg3aXo6i"
SECRET = "Zw3vY8mKq1TfLr6pXn2cUe9hJd5sBa7gRt4o"
KEYS = Keys(SECRET, OLD_SECRET)
OLD_KEYS = Keys(OLD_SECRET)
ATTACKER = Keys("whatever somebody without the key may use")
ROWS = 24
ANCHOR_EVERY = 7
CONTROL_EVERY = 50
SET_BACK = {"anchor_beyond", "anchor_differs"}
Values = dict[str, Any]


@dataclass
class Trail:
    """A prepared trail: its rows, the head as it was after each position, and the session in which
    it is tampered with."""

    name: str
    database: Database
    anchor: Path
    session: Any = None
    rows: list[Values] = field(default_factory=list)
    heads: dict[int, Values] = field(default_factory=dict)

    @property
    def first(self) -> int:
        return int(self.rows[0]["position"])

    @property
    def last(self) -> int:
        return int(self.rows[-1]["position"])

    def row(self, position: int) -> Values:
        return self.rows[position - self.first]


@dataclass(frozen=True)
class Trace:
    """Something was done to the rows `first` to `last`: findings of these kinds (any, when none are
    given) must cover both ends and, unless the place is known by anchors only, all between."""

    first: int
    last: int
    kinds: frozenset[str] = frozenset()

    def is_located(self, found: list[Finding]) -> bool:
        fits = [f for f in found if not self.kinds or f.kind in self.kinds]
        places = {self.first, self.last}
        if not self.kinds & SET_BACK:
            places |= set(range(self.first, min(self.last, self.first + 2 * ROWS)))
        return all(any(f.first <= place <= f.last for f in fits) for place in places)

    def explains(self, finding: Finding) -> bool:
        """A row behind one that is gone or altered cannot be proved: one more is no false alarm."""
        return finding.first <= self.last + 1 and finding.last >= self.first


def tampering(count: int, seed: int) -> Outcome:
    """Tamper `count` times in ways and places chosen at random."""
    outcome = Outcome("tampering with the audit trail", seed)
    chosen = random.Random(seed)
    tried: dict[str, int] = {}
    controls = 0
    with tempfile.TemporaryDirectory() as folder, _trails(Path(folder)) as trails:
        for number in range(count):
            if number % CONTROL_EVERY == 0:
                controls += 1
                outcome.failures += _false_alarms(trails)
            trail, way = chosen.choice(trails), chosen.choice(WAYS)
            tried[way.__name__] = tried.get(way.__name__, 0) + 1
            outcome.failures += _attempt(trail, way, chosen)
        outcome.failures += _false_alarms(trails)
    outcome.figures = {
        "tamperings": count,
        "ways": len(tried),
        "not found or not located": len(outcome.failures),
        "controls without findings": (controls + 1) * len(trails),
    }
    return outcome


def _attempt(trail: Trail, way: Way, chosen: random.Random) -> list[str]:
    savepoint = trail.session.begin_nested()
    traces = way(trail, trail.session, chosen)
    found = list(verify(trail.session, trail.anchor))
    savepoint.rollback()
    lost = [trace for trace in traces if not trace.is_located(found)]
    known = traces + _without_proof(trail, traces)
    false = [f for f in found if not any(trace.explains(f) for trace in known)]
    if found and not lost and not false:
        return []
    return [f"{way.__name__} on {trail.name}: {traces} gave {found}"]


def _without_proof(trail: Trail, traces: list[Trace]) -> list[Trace]:
    """When the row that tells of pruning or of new hashes is touched, or the hash it follows on,
    nothing proves any more that what came before is rightly other than it was."""
    tell = [r["position"] for r in trail.rows if r["act"] in ("audit.pruned", "audit.rekeyed")]
    return [Trace(1, p) for p in tell if any(t.first <= p <= t.last + 1 for t in traces)]


def _false_alarms(trails: list[Trail]) -> list[str]:
    return [
        f"{trail.name}, untouched: {found}"
        for trail in trails
        for found in verify(trail.session, trail.anchor)
    ]


# The prepared trails.


@contextmanager
def _trails(folder: Path) -> Iterator[list[Trail]]:
    with ExitStack() as stack:
        trails = []
        for make in (_plain, _pruned, _rotating, _rotated):
            home = folder / make.__name__
            home.mkdir()
            trail = Trail(make.__name__, _empty(home), home / FILE)
            stack.callback(trail.database.close)
            make(trail)
            _keep(trail)
            trail.session = stack.enter_context(trail.database.write())
            trails.append(trail)
        yield trails


def _empty(home: Path) -> Database:
    database = Database(f"sqlite:///{home / 'trail.db'}", KEYS)
    Base.metadata.create_all(database.engine, tables=[ENTRY, HEAD])
    with database.write() as session:
        session.execute(insert(HEAD).values(id=1, **NEW_HEAD._asdict()))
    return database


def _plain(trail: Trail) -> None:
    _grow(trail, KEYS, ROWS)


def _pruned(trail: Trail) -> None:
    """Its first rows were old and are gone."""
    with time_machine.travel(now() - timedelta(days=800), tick=False):
        _grow(trail, KEYS, 5)
    _grow(trail, KEYS, 9)
    with trail.database.write() as session:
        prune(session, now() - timedelta(days=730))
    _grow(trail, KEYS, ROWS - 10)


def _rotating(trail: Trail) -> None:
    """Its first rows still carry the previous key."""
    _grow(trail, OLD_KEYS, ROWS // 2)
    _grow(trail, KEYS, ROWS // 2)


def _rotated(trail: Trail) -> None:
    """Its rows were made anew with the present key."""
    _grow(trail, OLD_KEYS, 6)
    with trail.database.write() as session:
        rekey(session, trail.anchor)
    trail.heads.clear()  # those of the old key are not what was
    _grow(trail, KEYS, ROWS - 7)


def _grow(trail: Trail, keys: Keys, count: int) -> None:
    """`count` more rows, each as different from the others as it may be, with anchors."""
    chosen = random.Random(count)
    database = Database(trail.database.url, keys)
    for number in range(count):
        with database.write() as session:
            record(
                session,
                chosen.choice(["case.disclosed", "identity.verified"]),
                person_id=chosen.randint(1, 10**6),
                application_id=chosen.choice([None, chosen.randint(1, 10**6)]),
                conversation_id=f"{chosen.getrandbits(128):032x}",
                question=chosen.choice(["check_status", "check_section"]),
            )
            head = _head(session)
        trail.heads[head["position"]] = head
        if number % ANCHOR_EVERY == 0 or number == count - 1:
            write_anchor(database, trail.anchor)
    database.close()


def _keep(trail: Trail) -> None:
    with trail.database.read() as session:
        query = select(ENTRY).order_by(ENTRY.c.position)
        trail.rows = [dict(row._mapping) for row in session.connection().execute(query)]
        trail.heads = {p: h for p, h in trail.heads.items() if p > trail.first}


def _head(session: Any) -> Values:
    return dict(session.connection().execute(select(HEAD)).one()._mapping)


# The ways to tamper. Each says where it did what.

Way = Callable[[Trail, Any, random.Random], list[Trace]]


def edited_rows(trail: Trail, session: Any, chosen: random.Random) -> list[Trace]:
    places = chosen.sample(range(trail.first, trail.last + 1), chosen.randint(1, 4))
    for place in places:
        column = chosen.choice([c.name for c in ENTRY.c if c.name != "position"])
        _change(session, place, {column: _other(trail.row(place)[column], column, chosen)})
    return [Trace(place, place) for place in places]


def edited_with_a_made_up_hash(trail: Trail, session: Any, chosen: random.Random) -> list[Trace]:
    place = chosen.randint(trail.first, trail.last)
    column = chosen.choice(["at", "act", "person_id", "detail"])
    other = _other(trail.row(place)[column], column, chosen)
    _change(session, place, {column: other, "hash": chosen.randbytes(32)})
    return [Trace(place, place)]


def moved_row(trail: Trail, session: Any, chosen: random.Random) -> list[Trace]:
    place = chosen.randint(trail.first, trail.last)
    to = chosen.choice([-chosen.randint(0, 9), trail.last + chosen.randint(1, 10**9)])
    _change(session, place, {"position": to})
    return [Trace(place, place), Trace(to, to)]


def deleted_rows(trail: Trail, session: Any, chosen: random.Random) -> list[Trace]:
    first = chosen.choice([trail.first, trail.last, chosen.randint(trail.first, trail.last)])
    last = min(trail.last, first + chosen.choice([0, 0, 1, 5, ROWS]))
    _delete(session, first, last)
    return [Trace(first, last)]


def inserted_rows(trail: Trail, session: Any, chosen: random.Random) -> list[Trace]:
    row = chosen.choice(trail.rows)
    before, after = trail.first - 1 - chosen.randint(0, 9), trail.last + chosen.randint(1, 9)
    place = chosen.choice([before, after])
    made_up = {"position": place, "act": chosen.choice([row["act"], "case.hidden"])}
    _insert(session, {**row, **made_up, "hash": _forged_hash(row, chosen)})
    return [Trace(place, place, frozenset({"inserted", "beyond"}))]


def doubled_row(trail: Trail, session: Any, chosen: random.Random) -> list[Trace]:
    """Whoever owns the database can take its keys off, too."""
    session.execute(text("CREATE TABLE loose AS SELECT * FROM audit_entry"))
    session.execute(text("DROP TABLE audit_entry"))
    session.execute(text("ALTER TABLE loose RENAME TO audit_entry"))
    row = chosen.choice(trail.rows)
    _insert(session, {**row, "person_id": 5, "hash": _forged_hash(row, chosen)})
    return [Trace(row["position"], row["position"])]


def replaced_row(trail: Trail, session: Any, chosen: random.Random) -> list[Trace]:
    place, other = chosen.sample(range(trail.first, trail.last + 1), 2)
    _change(session, place, {**trail.row(other), "position": place})
    return [Trace(place, place)]


def swapped_rows(trail: Trail, session: Any, chosen: random.Random) -> list[Trace]:
    one, other = chosen.sample(range(trail.first, trail.last + 1), 2)
    columns = [c.name for c in ENTRY.c if c.name != "position"]
    if chosen.random() < 0.5:
        columns.remove("hash")
    for place, source in ((one, trail.row(other)), (other, trail.row(one))):
        _change(session, place, {name: source[name] for name in columns})
    return [Trace(one, one), Trace(other, other)]


def cut_tail(trail: Trail, session: Any, chosen: random.Random) -> list[Trace]:
    kept = _some_end(trail, chosen)
    _delete(session, kept + 1, trail.last)
    return [Trace(kept + 1, trail.last, frozenset({"cut"}))]


def cut_tail_with_a_forged_head(trail: Trail, session: Any, chosen: random.Random) -> list[Trace]:
    kept = _some_end(trail, chosen)
    _delete(session, kept + 1, trail.last)
    head = {"position": kept, "hash": trail.row(kept)["hash"]}
    if chosen.random() < 0.5:
        head["seal"] = _forged_hash(trail.row(kept), chosen)
    _change_head(session, head)
    return [Trace(kept, kept, frozenset({"head_altered"})), _set_back(kept, trail)]


def cut_tail_with_a_genuine_head(trail: Trail, session: Any, chosen: random.Random) -> list[Trace]:
    kept = _some_end(trail, chosen)
    _delete(session, kept + 1, trail.last)
    _change_head(session, trail.heads[kept])
    return [_set_back(kept, trail)]


def older_head_alone(trail: Trail, session: Any, chosen: random.Random) -> list[Trace]:
    kept = _some_end(trail, chosen)
    _change_head(session, trail.heads[kept])
    return [Trace(kept + 1, trail.last, frozenset({"beyond"}))]


def restored_and_grown_again(trail: Trail, session: Any, chosen: random.Random) -> list[Trace]:
    kept = _some_end(trail, chosen)
    _delete(session, kept + 1, trail.last)
    _change_head(session, trail.heads[kept])
    for _ in range(chosen.randint(1, 2 * ROWS)):
        record(session, "case.disclosed", person_id=5)
    return [_set_back(kept, trail)]


def rewritten_chain(trail: Trail, session: Any, chosen: random.Random) -> list[Trace]:
    """From some position on, with a key of the attacker's, under its own id or the true one."""
    start = chosen.choice([trail.first, chosen.randint(trail.first, trail.last)])
    kept = trail.heads.get(start - 1) or NEW_HEAD._asdict()
    _delete(session, start, trail.last)
    session.info["keys"] = ATTACKER
    _change_head(session, {**kept, "position": start - 1, **_sealed_by_attacker(start - 1, kept)})
    for _ in range(trail.last - start + 1):
        record(session, "case.disclosed", person_id=5)
    session.info["keys"] = KEYS
    if chosen.random() < 0.5:
        session.execute(update(ENTRY).where(ENTRY.c.position >= start).values(key=KEYS.id))
        _change_head(session, {"key": KEYS.id})
    head = frozenset({"head_altered", "head_key"})
    return [Trace(start, trail.last), Trace(trail.last, trail.last, head)]


def emptied_rows(trail: Trail, session: Any, chosen: random.Random) -> list[Trace]:
    session.execute(delete(ENTRY))
    return [Trace(trail.first, trail.last, frozenset({"emptied"}))]


def emptied_tables(trail: Trail, session: Any, chosen: random.Random) -> list[Trace]:
    session.execute(delete(ENTRY))
    session.execute(delete(HEAD))
    return [Trace(0, 0, frozenset({"head_missing"})), Trace(1, trail.last, frozenset(SET_BACK))]


def set_back_to_the_first_day(trail: Trail, session: Any, chosen: random.Random) -> list[Trace]:
    session.execute(delete(ENTRY))
    _change_head(session, NEW_HEAD._asdict())
    return [_set_back(0, trail)]


def edited_head(trail: Trail, session: Any, chosen: random.Random) -> list[Trace]:
    column = chosen.choice(["position", "hash", "key", "seal"])
    value = _other(_head(session)[column], column, chosen)
    _change_head(session, {column: value})
    at = value if column == "position" else trail.last
    return [Trace(at, at, frozenset({"head_altered", "head_key"}))]


def deleted_head(trail: Trail, session: Any, chosen: random.Random) -> list[Trace]:
    session.execute(delete(HEAD) if chosen.random() < 0.5 else update(HEAD).values(id=2))
    return [Trace(trail.last, trail.last, frozenset({"head_missing"}))]


def forged_pruning(trail: Trail, session: Any, chosen: random.Random) -> list[Trace]:
    """The first rows go, and some row is made to say that this is right."""
    gone = chosen.randint(trail.first, trail.last - 2)
    place = chosen.randint(gone + 1, trail.last)
    detail = {"first": gone + 1, "before": trail.row(gone)["hash"].hex()}
    _delete(session, trail.first, gone)
    _change(session, place, {"act": "audit.pruned", "detail": detail})
    return [Trace(trail.first, gone), Trace(place, place)]


WAYS: list[Way] = [
    edited_rows, edited_rows, edited_rows, edited_with_a_made_up_hash, moved_row, deleted_rows,
    deleted_rows, inserted_rows, doubled_row, replaced_row, swapped_rows, cut_tail,
    cut_tail_with_a_forged_head, cut_tail_with_a_genuine_head, older_head_alone,
    restored_and_grown_again, rewritten_chain, emptied_rows, emptied_tables,
    set_back_to_the_first_day, edited_head, deleted_head, forged_pruning,
]  # fmt: skip


# What they share.


def _some_end(trail: Trail, chosen: random.Random) -> int:
    """A position at which the trail once ended."""
    return chosen.choice([position for position in trail.heads if position < trail.last])


def _set_back(kept: int, trail: Trail) -> Trace:
    return Trace(kept + 1, trail.last, frozenset(SET_BACK))


def _change(session: Any, place: int, values: Values) -> None:
    session.execute(update(ENTRY).where(ENTRY.c.position == place).values(**values))


def _change_head(session: Any, values: Values) -> None:
    session.execute(update(HEAD).values(**values))


def _insert(session: Any, values: Values) -> None:
    session.execute(insert(ENTRY).values(**values))


def _delete(session: Any, first: int, last: int) -> None:
    session.execute(delete(ENTRY).where(ENTRY.c.position.between(first, last)))


def _other(value: Any, column: str, chosen: random.Random) -> Any:
    """Another value for `column`, often one that differs very little."""
    if column == "at":
        return value + timedelta(microseconds=chosen.choice([-1, 1, 10**6, -(10**12)]))
    if column == "detail":
        return {**value, chosen.choice(["question", "more"]): chosen.choice([None, 1, "other"])}
    if isinstance(value, bytes):
        flipped = bytearray(value)
        flipped[chosen.randrange(len(value))] ^= 1 << chosen.randrange(8)
        return bytes(flipped)
    if isinstance(value, str):
        return chosen.choice([value + " ", value[:-1], value.swapcase(), "x"])
    if isinstance(value, int):
        return value + chosen.choice([-1, 1, 1000])
    return 5 if column.endswith("_id") and column != "conversation_id" else "somebody"


def _forged_hash(row: Values, chosen: random.Random) -> bytes:
    made_up = hmac.digest(ATTACKER.of("audit"), repr(row).encode(), hashlib.sha256)
    return chosen.choice([made_up, row["hash"], bytes(32), chosen.randbytes(32)])


def _sealed_by_attacker(position: int, kept: Values) -> Values:
    message = b"head" + position.to_bytes(8, "big") + kept["hash"]
    seal = hmac.digest(ATTACKER.of("audit"), message, hashlib.sha256)
    return {"key": ATTACKER.id, "seal": seal}
