"""The manners around Rasa's understanding, with an understanding of our own."""

from __future__ import annotations

from typing import Any

import pytest

from bot.engine.hearing import Before, hear
from bot.identity.sessions import verify_session
from bot.store import Database
from tests.bot.chat.test_others import offer, press
from tests.support.files import add_person


def parsed(intent: str, sure: float = 0.99, **entities: str) -> dict[str, Any]:
    best = {"name": intent, "confidence": sure}
    found = [{"entity": name, "value": value} for name, value in entities.items()]
    ranking = [best, {"name": "ask_travel", "confidence": 0.01}]
    return {"intent": best, "intent_ranking": ranking, "entities": found, "text": "whole",
            "language": {"name": "en", "confidence": 1.0}}  # fmt: skip


@pytest.fixture
def before(database: Database, conversation: str) -> Before:
    return Before(database, conversation, "en", [])


async def heard(before: Before, text: str, meanings: dict[str, dict[str, Any]]) -> Any:
    async def parse(part: str) -> dict[str, Any]:
        return dict(meanings.get(part, meanings["*"]))

    return await hear(parse, text, before)


def name(found: Any) -> str:
    return str(found.parsed["intent"]["name"])


async def test_a_second_clear_request_is_kept_for_a_button(before: Before) -> None:
    meanings = {"*": parsed("update_address"), "when does my card come": parsed("ask_pr_card")}
    found = await heard(before, "how to change it? when does my card come", meanings)
    assert name(found) == "update_address"
    assert found.also == ("ask_pr_card", {})


async def test_a_second_request_takes_along_what_it_is_about(before: Before) -> None:
    section = parsed("check_section", section="biometrics")
    meanings = {"*": parsed("update_address"), "where are my fingerprints?": section}
    found = await heard(before, "how to change it? where are my fingerprints?", meanings)
    assert found.also == ("check_section", {"section": "biometrics"})


async def test_an_unsure_second_request_is_no_button(before: Before) -> None:
    meanings = {"*": parsed("update_address"), "what about it?": parsed("ask_pr_card", 0.7)}
    assert (await heard(before, "how to change it? what about it?", meanings)).also is None


async def test_what_the_same_answer_serves_is_no_second_request(before: Before) -> None:
    meanings = {"*": parsed("submit_photo"), "what are the rules?": parsed("ask_photo_rules")}
    assert (await heard(before, "I want to send it. what are the rules?", meanings)).also is None


async def test_thanks_with_a_request_are_answered_by_the_request(before: Before) -> None:
    meanings = {"*": parsed("thank"), "what is my address?": parsed("update_address")}
    assert name(await heard(before, "thanks a lot! what is my address?", meanings)) == (
        "update_address"
    )


async def test_an_urgent_need_comes_before_everything_else(before: Before) -> None:
    meanings = {"*": parsed("ask_travel"), "please help, my mother died": parsed("urgent_need")}
    found = await heard(before, "may I leave? please help, my mother died", meanings)
    assert name(found) == "urgent_need"
    assert found.also == ("ask_travel", {})


async def test_the_other_one_is_what_is_left_of_what_was_offered(
    database: Database, conversation: str, before: Before
) -> None:
    first, _ = offer(database, conversation, ("A", "ask_travel"), ("B", "ask_pr_card"))
    press(database, conversation, first)
    later = Before(database, conversation, "en", [parsed("ask_travel")])
    assert name(await heard(later, "no, the other one", {"*": parsed("deny")})) == "ask_pr_card"


async def test_the_other_one_of_two_products_needs_no_button(
    database: Database, conversation: str
) -> None:
    later = Before(database, conversation, "en", [parsed("check_status")], "citizenship")
    found = await heard(later, "no, the other one", {"*": parsed("deny")})
    assert name(found) == "check_status"
    assert {e["entity"]: e["value"] for e in found.parsed["entities"]} == {
        "product": "permanent_residence",
        "keep": "question",
    }


async def test_where_the_other_one_is_not_clear_the_action_asks(
    database: Database, conversation: str
) -> None:
    later = Before(database, conversation, "en", [parsed("ask_travel")])
    found = await heard(later, "that's not what I asked", {"*": parsed("complain")})
    assert (name(found), found.parsed["entities"][0]["value"]) == ("deny", "other_one")


async def test_a_first_message_corrects_nothing(before: Before) -> None:
    assert name(await heard(before, "not that one", {"*": parsed("complain")})) == "complain"


async def test_nothing_of_a_case_is_told_on_a_guess(
    database: Database, conversation: str, before: Before
) -> None:
    guess = {"*": parsed("check_status", 0.6)}
    assert name(await heard(before, "my thing", guess)) == "check_status", "a stranger learns none"
    with database.write() as session:
        verify_session(session, conversation, add_person(session).id)
    found = await heard(before, "my thing", guess)
    assert name(found) == "nlu_fallback"
    assert [e["name"] for e in found.parsed["intent_ranking"]][:2] == [
        "nlu_fallback",
        "check_status",
    ]


@pytest.mark.parametrize("text", ["STATUT", "Status please"])
async def test_the_word_that_we_name_for_it_always_asks_for_the_status(
    before: Before, text: str
) -> None:
    assert name(await heard(before, text, {"*": parsed("nlu_fallback", 0.4)})) == "check_status"


async def test_what_is_less_likely_than_not_is_asked_back(before: Before) -> None:
    assert name(await heard(before, "hm", {"*": parsed("ask_travel", 0.45)})) == "nlu_fallback"
    assert name(await heard(before, "hm", {"*": parsed("ask_travel", 0.55)})) == "ask_travel"
    assert name(await heard(before, "hm", {"*": parsed("out_of_scope", 0.3)})) == "out_of_scope"


async def test_twice_none_of_our_business_is_asked_back_unless_it_is_certain(
    database: Database, conversation: str
) -> None:
    lost = Before(database, conversation, "en", [parsed("out_of_scope")])
    assert name(await heard(lost, "the thing", {"*": parsed("out_of_scope", 0.6)})) == (
        "nlu_fallback"
    )
    assert name(await heard(lost, "a cat", {"*": parsed("out_of_scope", 0.95)})) == "out_of_scope"


async def test_the_official_term_is_named_once_a_conversation(
    database: Database, conversation: str, before: Before
) -> None:
    stuck = {"*": parsed("ask_no_movement")}
    first = await heard(before, "my bgc is stuck", stuck)
    assert first.slang == ("bgc", "bgc", "background verification")
    later = Before(database, conversation, "en", [first.parsed])
    assert (await heard(later, "bgc still stuck", stuck)).slang is None


async def test_what_a_word_means_is_said_by_the_answer_itself(before: Before) -> None:
    found = await heard(before, "what is bgc", {"*": parsed("explain_status_term")})
    assert found.slang is None


async def test_the_language_is_followed_and_marked_for_later(before: Before) -> None:
    french = {**parsed("check_status"), "language": {"name": "fr", "confidence": 0.99}}
    found = await heard(before, "où en est ma demande maintenant", {"*": french})
    assert (found.language, found.followed, found.parsed["follows"]) == ("fr", True, "fr")


async def test_another_language_is_asked_which_of_the_two(before: Before) -> None:
    other = {**parsed("out_of_scope"), "language": {"name": "other", "confidence": 1.0}}
    found = await heard(before, "где мое заявление", {"*": other})
    assert (name(found), found.parsed["entities"][0]["value"]) == ("switch_language", "other")
