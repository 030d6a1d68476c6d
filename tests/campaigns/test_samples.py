"""A small sample of each campaign, through the campaigns' own code."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.running import fresh_service
from bot.store import Database
from tests.campaigns.address_kills import addresses_are_confirmed_once
from tests.campaigns.canaries import nothing_is_left_in_clear
from tests.campaigns.catalogue import empty_service
from tests.campaigns.delivery import the_mail_host_changes_nothing
from tests.campaigns.enumeration import answers_tell_nothing
from tests.campaigns.enumeration_texts import LINKED, STRANGER, texts_tell_nothing
from tests.campaigns.forged_texts import forged_texts
from tests.campaigns.guessing import a_mailbox_is_flooded, identities_are_guessed
from tests.campaigns.handoffs import schedules
from tests.campaigns.hostile_files import hostile_files_do_no_harm
from tests.campaigns.in_process import with_engine
from tests.campaigns.kills import kill_while_writing
from tests.campaigns.landing import representative_dialogues
from tests.campaigns.notice_kills import everybody_is_told_once
from tests.campaigns.opt_out import opting_out
from tests.campaigns.outcome import Outcome
from tests.campaigns.photo_checks import photos_are_judged
from tests.campaigns.races import codes_are_raced_for
from tests.campaigns.rights_cells import rights_by_service
from tests.campaigns.slashes import no_slash_gets_through
from tests.campaigns.tampering import tampering
from tests.campaigns.texts_in import texts_are_brought_again, texts_are_recovered
from tests.campaigns.texts_out import senders_die, statuses_come_in_any_order
from tests.campaigns.timing import the_control_is_seen, the_statements_are_the_same
from tests.support.processes import Service


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with fresh_service() as running:
        running.start("front", "engine", "sender")
        running.wait_ready()
        yield running


def passes(outcome: Outcome) -> None:
    assert outcome.passed, outcome.row()


def test_an_outcome_without_figures_has_not_passed() -> None:
    assert not Outcome("nothing was done", 1).passed


def test_typed_instructions() -> None:
    passes(no_slash_gets_through(500, seed=1))


def test_answers_to_the_form_tell_nothing() -> None:
    passes(answers_tell_nothing(1, seed=1))


def test_the_form_asks_the_database_the_same_whatever_the_details() -> None:
    """The full campaign measures times; a sample of them would need looser bounds."""
    passes(the_statements_are_the_same(seed=1))


def test_times_without_the_work_for_nobody_are_told_apart() -> None:
    passes(the_control_is_seen(60, seed=1))


def test_forged_text_messages() -> None:
    passes(forged_texts(40, seed=1))


def test_words_that_stop_text_messages() -> None:
    passes(opting_out(6, seed=1))


def test_one_code_tried_at_once() -> None:
    passes(codes_are_raced_for(2, seed=1))


def test_guesses_at_identities() -> None:
    passes(identities_are_guessed(500, seed=1))


def test_codes_to_one_mailbox() -> None:
    passes(a_mailbox_is_flooded(20, seed=1))


def test_the_mail_host_changes_nothing() -> None:
    passes(the_mail_host_changes_nothing(1, seed=1))


def test_texts_that_are_brought_again_have_one_turn() -> None:
    passes(texts_are_brought_again(60, seed=1))


def test_texts_that_came_while_we_were_away_are_recovered_once() -> None:
    passes(texts_are_recovered(60, seed=1))


def test_a_sender_that_dies_with_a_message_neither_loses_nor_doubles_it() -> None:
    passes(senders_die(20, seed=1))


def test_statuses_in_any_order_have_one_end() -> None:
    passes(statuses_come_in_any_order(40, seed=1))


def test_every_cell_of_the_rights(database: Database) -> None:
    passes(rights_by_service(database, seed=1))


def test_representatives_hear_nothing_of_landing() -> None:
    passes(representative_dialogues(8, 20, seed=1))


def test_tampering_with_the_audit_trail() -> None:
    passes(tampering(60, seed=1))


def test_everybody_who_subscribed_is_told_once_under_kills() -> None:
    passes(everybody_is_told_once(cases=60, texted=4, kills=3, seed=1))


@pytest.mark.xdist_group("photos")
def test_photos_are_judged_by_the_published_rules() -> None:
    passes(photos_are_judged(6, 14, seed=1))


@pytest.mark.xdist_group("photos")
def test_hostile_files_do_no_harm() -> None:
    passes(hostile_files_do_no_harm(1, every=6))


@pytest.mark.engine
@pytest.mark.xdist_group("engine")
def test_the_bot_is_silent_while_an_agent_has_the_conversation() -> None:
    passes(schedules(80, 20, seed=1))


@pytest.mark.engine
@pytest.mark.xdist_group("engine")
def test_answers_to_text_messages_tell_nothing() -> None:
    places = [(STRANGER, "en"), (LINKED, "fr")]
    passes(
        with_engine(
            lambda _engine, worker, database: texts_tell_nothing(worker, database, 1, 1, places)
        )
    )


@pytest.mark.engine
@pytest.mark.xdist_group("engine")
def test_nothing_personal_is_left_in_clear() -> None:
    with empty_service() as (service, logs):
        passes(nothing_is_left_in_clear(service, logs, seed=1))


@pytest.mark.engine
@pytest.mark.xdist_group("engine")
@pytest.mark.parametrize(("part", "kills"), [("engine", 1), ("front", 3)])
def test_killed_while_people_write(service: Service, part: str, kills: int) -> None:
    passes(kill_while_writing(service, part, kills, seed=1, writers=2, messages=6))


@pytest.mark.engine
@pytest.mark.xdist_group("engine")
def test_addresses_are_confirmed_once_under_kills() -> None:
    passes(addresses_are_confirmed_once(kills=2, people=6, seed=1))
