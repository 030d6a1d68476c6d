"""What each campaign relies on: with the guard it passes, with the guard taken out it must fail.

A campaign that does not fail without its guard would not see it broken, and proves nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache
from unittest import mock

from tests.bot.identity.fresh import fresh_sqlite
from tests.campaigns import in_process
from tests.campaigns.canaries import nothing_is_left_in_clear
from tests.campaigns.catalogue import empty_service
from tests.campaigns.delivery import no_host_is_seen
from tests.campaigns.enumeration import answers_tell_nothing
from tests.campaigns.enumeration_texts import STRANGER, texts_tell_nothing
from tests.campaigns.forged_texts import forged_texts
from tests.campaigns.guessing import codes_of_one_minute, identities_are_guessed
from tests.campaigns.handoffs import schedules
from tests.campaigns.hostile_files import hostile_files_do_no_harm
from tests.campaigns.hostile_texts import hostile_texts_stay_texts
from tests.campaigns.landing import representative_dialogues, representative_dialogues_by_engine
from tests.campaigns.opt_out import opting_out
from tests.campaigns.outcome import Outcome
from tests.campaigns.photo_checks import photos_are_judged
from tests.campaigns.races import codes_are_raced_for
from tests.campaigns.rights_cells import rights_by_service
from tests.campaigns.slashes import no_slash_gets_through, the_engine_obeys_none
from tests.campaigns.tampering import tampering
from tests.campaigns.texts_in import texts_are_brought_again, texts_are_recovered
from tests.campaigns.texts_out import senders_die, statuses_come_in_any_order
from tests.campaigns.timing import the_statements_are_the_same
from tests.campaigns.without import Out, identity, kept, pages, photos, seeing, texting, typed
from tests.support.processes import Service

Sample = Callable[[int], Outcome]


@dataclass(frozen=True)
class Guard:
    """What a campaign is tried without, in words and in deed, and its `sample(seed)`, a small part
    of it. `engine`: it needs the model. `apart`: the service has processes of its own, and the
    guard is taken out of them too. `slow`: not in `make test`."""

    campaign: str
    words: str
    out: Out
    sample: Sample
    engine: bool = False
    apart: bool = False
    slow: bool = False

    def run_without(self, seed: int) -> Outcome:
        """The sample as it comes out without the guard."""
        with ExitStack() as stack:
            if self.apart:
                where = f"{self.out.__module__.rpartition('.')[2]}.{self.out.__name__}"
                command = (sys.executable, "-m", "tests.campaigns.without", where)
                stack.enter_context(mock.patch.object(Service, "command", command))
            stack.enter_context(self.out())
            return self.sample(seed)


def rights_in_memory(seed: int) -> Outcome:
    with fresh_sqlite() as database:
        return rights_by_service(database, seed)


def _slashes(seed: int) -> Outcome:
    return no_slash_gets_through(100, seed)


def _slashes_engine(seed: int) -> Outcome:
    return in_process.with_engine(lambda engine, *_: the_engine_obeys_none(engine, 20, seed))


def _enumeration(seed: int) -> Outcome:
    return answers_tell_nothing(1, seed)


def _races(seed: int) -> Outcome:
    return codes_are_raced_for(1, seed)


def _canaries(seed: int) -> Outcome:
    with empty_service() as (service, logs):
        return nothing_is_left_in_clear(service, logs, seed, languages=("en",))


def _landing(seed: int) -> Outcome:
    return representative_dialogues(4, 15, seed)


def _landing_engine(seed: int) -> Outcome:
    return in_process.with_engine(
        lambda engine, worker, database: representative_dialogues_by_engine(
            engine, worker, database, 3, 15, seed
        )
    )


def _tampering(seed: int) -> Outcome:
    return tampering(60, seed)


GUARDS = (
    Guard("slashes", "the step that takes slashes off", typed.slashes_at_the_edge, _slashes),
    Guard("slashes-engine", "the shut door of Rasa", typed.slashes_in_the_engine, _slashes_engine,
          engine=True),
    Guard("enumeration", "the same words for everybody", identity.same_words, _enumeration),
    Guard("enumeration", "the code of nobody", identity.decoy, _enumeration, slow=True),
    Guard("enumeration", "the proof of whose a phone is", texting.proof_of_a_phone,
          lambda seed: in_process.with_engine(
              lambda _engine, worker, database: texts_tell_nothing(
                  worker, database, 1, seed, [(STRANGER, "en")]
              )
          ), engine=True),
    Guard("timing", "the work for nobody", identity.work_for_nobody, the_statements_are_the_same),
    Guard("races", "the one statement that counts and uses up", identity.one_statement, _races),
    Guard("races", "the end after five tries", identity.five_tries, _races, slow=True),
    Guard("guessing", "the budget of a person", identity.budget_of_a_person,
          lambda seed: identities_are_guessed(100, seed)),
    Guard("flooding", "the budget of a person", identity.budget_of_a_person,
          lambda seed: codes_of_one_minute(20, seed)),
    Guard("delivery", "the outbox", identity.outbox,
          lambda seed: no_host_is_seen(1, seed, ("good", "refuses for now", "dead"))),
    Guard("rights", "authorize", seeing.rights, rights_in_memory),
    Guard("landing", "the right to read a landing", seeing.rights_to_a_landing, _landing),
    Guard("landing-engine", "the right to read a landing", seeing.rights_to_a_landing,
          _landing_engine, engine=True),
    Guard("tampering", "the hashes of the rows", seeing.hashes, _tampering),
    Guard("tampering", "the anchor", seeing.anchor, _tampering),
    Guard("canaries", "the sealing of columns", kept.sealing, _canaries, engine=True, apart=True),
    Guard("canaries", "the hiding of what is typed", kept.hiding_details, _canaries, engine=True,
          apart=True, slow=True),
    Guard("canaries", "the list of what may be logged", kept.allowed_keys, _canaries, engine=True,
          apart=True, slow=True),
    Guard("hostile-files", "the bound on the size", photos.size_before_decoding,
          lambda seed: hostile_files_do_no_harm(seed, named="megapixels")),
    Guard("hostile-files", "the new picture of pixels only", photos.pixels_only,
          lambda seed: hostile_files_do_no_harm(seed, named="PNG with a script")),
    Guard("photos", "the rules", photos.rules_of_a_face,
          lambda seed: photos_are_judged(1, 4, seed)),
    Guard("forged-texts", "the signature", texting.signature, lambda seed: forged_texts(40, seed)),
    Guard("opt-out", "the sender's look at who has stopped", texting.stopped_phones,
          lambda seed: opting_out(6, seed)),
    Guard("hostile-texts", "the escaping of pages", pages.escaping,
          lambda seed: hostile_texts_stay_texts(60, seed), slow=True),
    Guard("handoffs", "the look at whose conversation it is", typed.whose_conversation_it_is,
          lambda seed: schedules(80, 0, seed), engine=True),
    Guard("texts-again", "the note that a text was taken", texting.same_text_once,
          lambda seed: texts_are_brought_again(60, seed)),
    Guard("texts-recovered", "the look at what was taken", texting.what_was_taken,
          lambda seed: texts_are_recovered(60, seed)),
    Guard("texts-crashes", "the question to the provider", texting.asking_the_provider,
          lambda seed: senders_die(20, seed)),
    Guard("texts-statuses", "the order of statuses", texting.order_of_statuses,
          lambda seed: statuses_come_in_any_order(40, seed)),
)  # fmt: skip


def guards_of(campaigns: list[str]) -> Iterator[Guard]:
    """Those of these campaigns; all of none.

    Raises:
        ValueError: a campaign that has none.
    """
    unknown = set(campaigns) - {guard.campaign for guard in GUARDS}
    if unknown:
        raise ValueError(f"no guard of {', '.join(sorted(unknown))} is known")
    return (guard for guard in GUARDS if not campaigns or guard.campaign in campaigns)


def with_it(guard: Guard, seed: int) -> Outcome:
    """The sample as it is; of several guards that share one it is run once."""
    return _whole(guard.sample, seed)


@lru_cache
def _whole(sample: Sample, seed: int) -> Outcome:
    return sample(seed)


def seen_without(outcome: Outcome) -> bool:
    """Whether it failed as it must: it went to its end, and found something."""
    return bool(outcome.figures and outcome.failures)
