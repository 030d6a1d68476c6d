"""Not understood, taken the wrong way, said again in simpler words: nothing is guessed."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.answers.help import help_answer
from bot.store import Database, Misheard
from bot.texts import say
from tests.support.acting import ActionTalk

UNSURE = "nlu_fallback"
MEANINGS = ("ask_travel", "ask_pr_card", "ask_ecopr", "ask_contact")
PERSON = say("en", "handoff.button.person")


@pytest.fixture
def talk(database: Database) -> ActionTalk:
    return ActionTalk(database, "en")


def labels(lines: list[dict[str, Any]]) -> list[str]:
    return [choice["label"] for choice in lines[-1]["choices"]]


async def test_below_certainty_the_three_likeliest_meanings_are_offered(talk: ActionTalk) -> None:
    lines = await talk.mean(UNSURE, text="the thing", ranking=MEANINGS)
    assert lines[0]["text"] == say("en", "talk.clarify")
    wanted = [say("en", f"intents.{name}") for name in MEANINGS[:3]]
    assert labels(lines) == [*wanted, say("en", "talk.none_of_these")]


async def test_a_meaning_takes_along_the_section_that_was_named(talk: ActionTalk) -> None:
    await talk.mean(UNSURE, {"section": "biometrics"}, "bio", ("check_section", "check_history"))
    # Without a question before, a bare section is no answer to one.
    assert talk.offered[0]["entities"] == {"section": "biometrics"}


async def test_what_was_not_understood_is_kept(database: Database, talk: ActionTalk) -> None:
    await talk.mean(UNSURE, text="the thing", ranking=MEANINGS)
    with database.read() as session:
        (row,) = session.scalars(select(Misheard)).all()
        assert (row.conversation_id, row.text) == (talk.id, "the thing")
        assert [entry["name"] for entry in row.ranking] == [UNSURE, *MEANINGS]


async def test_after_two_misses_in_a_row_a_person_is_offered(talk: ActionTalk) -> None:
    assert PERSON not in labels(await talk.mean(UNSURE, text="a", ranking=MEANINGS))
    lines = await talk.mean(UNSURE, text="b", ranking=MEANINGS)
    assert lines[0]["text"] == say("en", "talk.clarify_again")
    assert labels(lines)[-1] == PERSON
    assert len(labels(lines)) == 3


async def test_an_answer_between_two_misses_begins_the_count_anew(talk: ActionTalk) -> None:
    await talk.mean(UNSURE, text="a", ranking=MEANINGS)
    await talk.mean("ask_travel")
    lines = await talk.mean(UNSURE, text="b", ranking=MEANINGS)
    assert lines[0]["text"] == say("en", "talk.clarify")


async def test_none_of_these_offers_other_topics_and_a_person(talk: ActionTalk) -> None:
    await talk.mean(UNSURE, text="a", ranking=MEANINGS)
    lines = await talk.mean("ask_help", {"wish": "none"})
    assert lines[0]["text"] == say("en", "talk.rephrase")
    assert labels(lines)[-1] == PERSON
    again = await talk.mean(UNSURE, text="b", ranking=MEANINGS)
    assert again[0]["text"] == say("en", "talk.clarify_again")


async def test_a_correction_offers_what_else_it_may_have_meant(talk: ActionTalk) -> None:
    await talk.mean("ask_travel", text="the card trip", ranking=("ask_pr_card", "ask_ecopr"))
    lines = await talk.mean("deny", {"wish": "other_one"}, "no, not that")
    assert lines[0]["text"] == say("en", "talk.meant_what")
    wanted = [say("en", f"intents.{name}") for name in ("ask_pr_card", "ask_ecopr")]
    assert labels(lines) == [*wanted, PERSON]


async def test_what_was_taken_the_wrong_way_is_kept_as_well(
    database: Database, talk: ActionTalk
) -> None:
    await talk.mean("ask_travel", text="the card trip", ranking=MEANINGS)
    await talk.mean("deny", {"wish": "other_one"}, "no, not that")
    with database.read() as session:
        assert session.scalars(select(Misheard)).one().text == "the card trip"


async def test_a_plain_no_changes_nothing(talk: ActionTalk) -> None:
    assert (await talk.mean("deny"))[0]["text"] == "utter_deny"


async def test_simpler_gives_the_short_form_of_a_general_answer(talk: ActionTalk) -> None:
    await talk.mean("ask_travel")
    lines = await talk.mean("repeat", text="simpler please")
    assert help_answer("ask_travel", "en").short in lines[0]["text"]
    assert lines[0]["text"].startswith("In short: ")
    assert labels(lines) == [PERSON]


async def test_repeat_says_the_whole_answer_again(talk: ActionTalk) -> None:
    first = await talk.mean("ask_travel")
    again = await talk.mean("repeat", text="again please")
    assert again[0]["text"] == first[0]["text"]


async def test_before_any_answer_there_is_nothing_to_say_more_simply(talk: ActionTalk) -> None:
    lines = await talk.mean("repeat", text="simpler please")
    assert lines[0]["text"] == say("en", "talk.nothing_to_repeat")


async def test_another_language_is_answered_in_both(talk: ActionTalk) -> None:
    lines = await talk.mean("switch_language", {"language": "other"})
    assert "I speak English and French only" in lines[0]["text"]
    assert "Je parle seulement français et anglais" in lines[0]["text"]
    assert labels(lines) == ["English", "Français"]
