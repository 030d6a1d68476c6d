"""From a typed message to what is answered: Rasa's understanding, and the manners around it.

A correction goes back to what was offered; of several requests the second becomes a button; the
language follows the person; what would disclose or change something is asked back when unsure.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.chat.following import FOLLOWS, OTHER, to_follow
from bot.chat.others import others_offered
from bot.chat.phrases import asks, corrects, is_status, slang_in
from bot.chat.several import requests_in
from bot.identity.knowing import known_person
from bot.store import Database
from bot.texts import has_text

Parsed = dict[str, Any]
Parse = Callable[[str], Awaitable[Parsed]]
UNSURE, OUTSIDE = "nlu_fallback", "out_of_scope"
# A part of a message counts as a request of its own from here on.
CLEAR = 0.9
# Said beside a request, not instead of one.
TALK = {
    "greet", "goodbye", "thank", "affirm", "deny", "cancel", "restart", "ask_help", "ask_if_bot",
    "switch_language", "repeat", "inform", "out_of_scope", "log_out", UNSURE,
}  # fmt: skip
# Said around a request, which is then answered instead.
AROUND = {"greet", "goodbye", "thank", "affirm", "deny", UNSURE}
# One answer serves both.
SAME_ANSWER = (
    {"check_status", "check_section", "ask_no_movement", "check_history", "ask_ghost_update"},
    {"ask_no_movement", "report_overdue", "ask_processing_time"},
    {"start_landing", "ask_landing_process", "ask_invitation"},
    {"submit_photo", "ask_photo_rules", "photo_rejected"},
    {"ask_ecopr", "ecopr_error"},
    {"report_outside_canada", "ask_travel"},
    {"no_aor", "confirm_submission"},
    {"ask_contact", "request_agent", "complain"},
    {"get_account_code", "code_not_received", "details_not_matching", "email_not_on_file"},
)
# Below this it is asked back: of 36 such lines of the development set 14 were right, and nearly
# all had the right meaning among the three likeliest.
SURE_ENOUGH = 0.5
# Tells of a case or changes something for a person whom we know: there it takes more.
CAREFUL = {
    "check_status", "check_section", "check_next_steps", "check_history", "ask_ecopr",
    "start_landing", "log_out", "unsubscribe_updates",
}  # fmt: skip
SURE_TO_ACT = 0.65
# Twice in a row nothing of ours: so sure, or it is asked back.
CERTAIN = 0.9
# What a button of a second request may take along.
TAKEN_ALONG = ("section", "status_term", "product", "wish")
OTHER_PRODUCT = {
    "permanent_residence": "citizenship",
    "citizenship": "permanent_residence",
}
OF_A_CASE = {
    "check_status", "check_section", "check_next_steps", "check_history", "ask_ghost_update",
    "ask_no_movement", "ask_processing_time", "report_overdue",
}  # fmt: skip


@dataclass(frozen=True)
class Heard:
    """What is answered, in which language, and what is said beside it: whether the language was
    followed, a second request as (intent, entities), slang as (code, word, official term)."""

    parsed: Parsed
    language: str
    followed: bool = False
    also: tuple[str, dict[str, str]] | None = None
    slang: tuple[str, str, str] | None = None


@dataclass(frozen=True)
class Before:
    """What came before in the conversation: earlier messages as they were understood, oldest
    first, and the product that was meant."""

    database: Database
    conversation_id: str
    language: str
    messages: Sequence[Parsed]
    product: str | None = None


async def hear(parse: Parse, text: str, before: Before) -> Heard:
    """What a typed message means here."""
    parsed = await parse(text)
    if is_status(text):
        return Heard(_meaning(parsed, "check_status", {}), before.language)
    corrected = _corrected(parsed, text, before)
    if corrected is not None:
        return Heard(corrected, before.language)
    language = to_follow(parsed, text, before.language, before.messages)
    if language == OTHER:
        return Heard(_speaks_another(parsed), before.language)
    parsed, also = await _several(parse, text, parsed)
    parsed = _careful(_lost(parsed, before), before)
    heard = Heard(parsed, before.language, also=also)
    if language is not None:
        parsed[FOLLOWS] = language
        heard = replace(heard, language=language, followed=True)
    return replace(heard, slang=_slang(heard, text, before))


def _corrected(parsed: Parsed, text: str, before: Before) -> Parsed | None:
    """ "No, the other one": what is left of what was offered, or the other product. Where that is
    not clear the action for a no asks what was meant."""
    if not before.messages or not corrects(text):
        return None
    with before.database.read() as session:
        others = [
            (choice.intent, dict(choice.entities))
            for choice in others_offered(session, before.conversation_id)
        ]
    last = before.messages[-1]["intent"]["name"]
    if len(others) == 1:
        return _meaning(parsed, *others[0])
    if not others and before.product in OTHER_PRODUCT and last in OF_A_CASE:
        product = OTHER_PRODUCT[before.product]
        return _meaning(parsed, "check_status", {"product": product, "keep": "question"})
    return _meaning(parsed, "deny", {"wish": "other_one"})


def _speaks_another(parsed: Parsed) -> Parsed:
    meant = _meaning(parsed, "switch_language", {"language": OTHER})
    return {**meant, FOLLOWS: OTHER}


def _meaning(parsed: Parsed, intent: str, entities: dict[str, str]) -> Parsed:
    """As if a button with this meaning had been pressed."""
    sure = {"name": intent, "confidence": 1.0}
    found = [{"entity": n, "value": v, "start": 0, "end": 0} for n, v in entities.items()]
    return {**parsed, "intent": sure, "intent_ranking": [sure], "entities": found}


async def _several(
    parse: Parse, text: str, parsed: Parsed
) -> tuple[Parsed, tuple[str, dict[str, str]] | None]:
    """The request to answer and a second, clear and different one."""
    parts = requests_in(text)
    if len(parts) < 2:
        return parsed, None
    heard = [await parse(part) for part in parts if asks(part)]
    clear = [part for part in heard if _is_clear(part)]
    main = parsed
    if clear and _name(parsed) in AROUND:
        main = {**clear[0], "text": parsed["text"], "language": parsed.get("language")}
    urgent = next((part for part in clear if _name(part) == "urgent_need"), None)
    if urgent is not None and _name(main) != "urgent_need":
        return {**urgent, "text": parsed["text"]}, _as_choice(main)
    second = next((part for part in clear if _differs(part, main)), None)
    return main, _as_choice(second)


def _is_clear(parsed: Parsed) -> bool:
    return _name(parsed) not in TALK and parsed["intent"]["confidence"] >= CLEAR


def _differs(one: Parsed, other: Parsed) -> bool:
    names = {_name(one), _name(other)}
    if _name(other) in TALK or any(names <= same for same in SAME_ANSWER):
        return False
    return len(names) == 2


def _as_choice(parsed: Parsed | None) -> tuple[str, dict[str, str]] | None:
    if parsed is None or not has_text(f"intents.{_name(parsed)}"):
        return None
    found = {e["entity"]: e["value"] for e in parsed["entities"] if e["entity"] in TAKEN_ALONG}
    return _name(parsed), found


def _careful(parsed: Parsed, before: Before) -> Parsed:
    """No guesses; least of all where something of a case would be told or changed."""
    name, sure = _name(parsed), parsed["intent"]["confidence"]
    if name in (UNSURE, OUTSIDE) or sure >= SURE_TO_ACT:
        return parsed
    if sure >= SURE_ENOUGH and not (name in CAREFUL and _is_known(before)):
        return parsed
    return _unsure(parsed)


def _lost(parsed: Parsed, before: Before) -> Parsed:
    """Twice in a row nothing that the service is for: if that is not certain, rather ask."""
    again = bool(before.messages) and _name(before.messages[-1]) in (OUTSIDE, UNSURE)
    certain = parsed["intent"]["confidence"] >= CERTAIN
    return parsed if certain or not again or _name(parsed) != OUTSIDE else _unsure(parsed)


def _unsure(parsed: Parsed) -> Parsed:
    unsure = {"name": UNSURE, "confidence": 1.0 - parsed["intent"]["confidence"]}
    return {**parsed, "intent": unsure, "intent_ranking": [unsure, *parsed["intent_ranking"]]}


def _is_known(before: Before) -> bool:
    with before.database.read() as session:
        return known_person(session, before.conversation_id) is not None


def _slang(heard: Heard, text: str, before: Before) -> tuple[str, str, str] | None:
    """Slang whose official term was not named in this conversation yet. The answer to what a word
    means names it anyway."""
    found = slang_in(text, heard.language)
    if found is None or _name(heard.parsed) in TALK | {"explain_status_term"}:
        return None
    if any(parsed.get("named") == found[0] for parsed in before.messages):
        return None
    heard.parsed["named"] = found[0]
    return found


def _name(parsed: Parsed) -> str:
    return str(parsed["intent"]["name"])
